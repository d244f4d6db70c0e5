"""What is on its way in cXML: orders, lines, lots, serial numbers, packages, carriers."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from adapters.bad_document import BadDocumentError
from adapters.documents.conventions import Conventions
from adapters.documents.placing import place
from adapters.documents.reading import DocumentKind
from domain.delivery import ShipNotice
from tests.adapters.cxml.documents import message, read_one, ship_notice
from tests.builders import an_order, an_order_line

CONVENTIONS = Conventions(supplier="MEDL")
CONTROL = """<ShipControl><CarrierIdentifier domain="SCAC">UPSN</CarrierIdentifier>
  <CarrierIdentifier domain="companyName">United Parcel Service</CarrierIdentifier>
  <ShipmentIdentifier domain="trackingNumber">1Z999</ShipmentIdentifier>
  <ShipmentIdentifier domain="billOfLading">BOL-7</ShipmentIdentifier></ShipControl>"""


def portion(items: str, *, order: str = "PO-000001") -> str:
    reference = f'<OrderReference orderID="{order}"><DocumentReference payloadID="a@b"/></OrderReference>'
    return f"<ShipNoticePortion>{reference}{items}</ShipNoticePortion>"


def item(inside: str = "", *, quantity: str = "20", number: str = "1", more: str = "") -> str:
    return f"""<ShipNoticeItem quantity="{quantity}" lineNumber="{number}" {more}>
      <ItemID><SupplierPartID>M-GLV-M</SupplierPartID><BuyerPartID>GLV-M</BuyerPartID></ItemID>
      <UnitOfMeasure>BX</UnitOfMeasure>{inside}</ShipNoticeItem>"""


def test_a_ship_notice_says_what_is_on_its_way_and_with_whom() -> None:
    reading = read_one(ship_notice(portion(item(more='shipNoticeLineNumber="10"')), control=CONTROL))
    assert (reading.kind, reading.number, reading.po_number) == (DocumentKind.SHIP_NOTICE, "SH-1", "PO-000001")
    assert (reading.carrier, reading.tracking) == ("United Parcel Service", ("1Z999", "BOL-7"))
    assert ("bill of lading", "BOL-7") in {(one.meaning, one.value) for one in reading.references}
    assert {one.meaning: one.at for one in reading.dates} == {
        "shipped": datetime(2026, 11, 21, 12, tzinfo=UTC),
        "expected": datetime(2026, 11, 24, 15, tzinfo=UTC),
    }
    (line,) = reading.lines
    assert (line.number, line.order_line, line.po_number) == ("10", "1", "PO-000001")
    assert line.quantity is not None
    assert (line.quantity.value, line.quantity.unit) == (Decimal(20), "BX")
    assert {(one.qualifier, one.value) for one in line.identifiers} == {
        ("SupplierPartID", "M-GLV-M"),
        ("BuyerPartID", "GLV-M"),
    }
    assert not reading.findings


def test_lots_with_quantities_and_expiry_are_read() -> None:
    batches = """<Batch expirationDate="2028-05-31" productionDate="2026-05-01" batchQuantity="12">
        <SupplierBatchID>LOT-A</SupplierBatchID></Batch>
      <Batch expirationDate="2028-06-30T00:00:00Z" batchQuantity="8"><BuyerBatchID>LOT-B</BuyerBatchID></Batch>"""
    reading = read_one(ship_notice(portion(item(batches))))
    first, second = reading.lines[0].lots
    assert (first.lot, first.expires_on, first.made_on) == ("LOT-A", date(2028, 5, 31), date(2026, 5, 1))
    assert first.quantity is not None
    assert (first.quantity.value, first.quantity.unit) == (Decimal(12), "BX")
    assert (second.lot, second.expires_on) == ("LOT-B", date(2028, 6, 30))
    notice = place(reading, an_order(an_order_line()), CONVENTIONS)
    assert isinstance(notice, ShipNotice)
    assert [(lot.lot, lot.quantity.value) for lot in notice.lines[0].lots] == [
        ("LOT-A", Decimal(12)),
        ("LOT-B", Decimal(8)),
    ]


@pytest.mark.parametrize(
    "batch",
    [
        "<SupplierBatchID>LOT-A</SupplierBatchID>",
        "<Batch><SupplierBatchID>LOT-A</SupplierBatchID></Batch>",
        "<Batch><BatchID>LOT-A</BatchID></Batch>",
    ],
)
def test_the_only_lot_of_a_line_is_all_of_it(batch: str) -> None:
    expiry = """<ShipNoticeItemIndustry><ShipNoticeItemRetail><ExpiryDate date="2028-05-31"/></ShipNoticeItemRetail>
      </ShipNoticeItemIndustry>"""
    (lot,) = read_one(ship_notice(portion(item(batch + expiry)))).lines[0].lots
    assert (lot.lot, lot.expires_on) == ("LOT-A", date(2028, 5, 31))
    assert lot.quantity is not None
    assert lot.quantity.value == Decimal(20)


def test_two_lots_without_quantities_are_not_divided_by_guess() -> None:
    batches = "<SupplierBatchID>LOT-A</SupplierBatchID><SupplierBatchID>LOT-B</SupplierBatchID>"
    lots = read_one(ship_notice(portion(item(batches)))).lines[0].lots
    assert [(lot.lot, lot.quantity) for lot in lots] == [("LOT-A", None), ("LOT-B", None)]


def test_serial_numbers_stand_for_one_piece_each() -> None:
    inside = """<SupplierBatchID>LOT-A</SupplierBatchID><AssetInfo serialNumber="S-1" tagNumber="T-1"/>
      <AssetInfo serialNumber="S-2"/>"""
    (line,) = read_one(ship_notice(portion(item(inside, quantity="2")))).lines
    assert [(lot.lot, lot.serial, lot.quantity and lot.quantity.value) for lot in line.lots] == [
        ("LOT-A", "S-1", Decimal(1)),
        ("LOT-A", "S-2", Decimal(1)),
    ]
    assert ("asset tag", "T-1") in {(one.meaning, one.value) for one in line.references}


def test_fewer_serial_numbers_than_pieces_name_no_quantity() -> None:
    (line,) = read_one(ship_notice(portion(item('<AssetInfo serialNumber="S-1"/>', quantity="2")))).lines
    assert [(lot.serial, lot.quantity) for lot in line.lots] == [("S-1", None)]


def test_packages_are_known_by_their_sscc_with_or_without_its_identifier() -> None:
    packaging = """<Packaging><PackagingCode xml:lang="en">carton</PackagingCode>
      <ShippingContainerSerialCode>00106141412345678908</ShippingContainerSerialCode></Packaging>
      <Packaging><ShippingContainerSerialCode>106141412345678915</ShippingContainerSerialCode>
      <PackageID><PackageTrackingID>PKG-2</PackageTrackingID></PackageID></Packaging>"""
    reading = read_one(ship_notice(portion(item(packaging))))
    assert reading.lines[0].packages == ("106141412345678908", "106141412345678915", "PKG-2")
    assert reading.packages == reading.lines[0].packages


def test_what_the_item_is_comes_from_its_detail() -> None:
    inside = """<ShipNoticeItemDetail><UnitPrice><Money currency="USD">1.10</Money></UnitPrice>
      <Description xml:lang="de">Handschuhe</Description><Description xml:lang="en">Gloves</Description>
      <ManufacturerPartID>MFR-9</ManufacturerPartID>
      <ItemDetailIndustry><ItemDetailRetail><EANID>4006381333931</EANID></ItemDetailRetail></ItemDetailIndustry>
      </ShipNoticeItemDetail><OrderedQuantity quantity="30"><UnitOfMeasure>BX</UnitOfMeasure></OrderedQuantity>"""
    (line,) = read_one(ship_notice(portion(item(inside)))).lines
    assert (line.description, line.unit_price) == ("Gloves", Decimal("1.10"))
    assert {(one.kind.value, one.normalised) for one in line.identifiers} >= {
        ("manufacturer item", "MFR-9"),
        ("gtin", "04006381333931"),
    }
    assert line.ordered is not None
    assert line.ordered.value == Decimal(30)


def test_one_notice_for_several_orders_keeps_each_line_with_its_order() -> None:
    reading = read_one(ship_notice(portion(item()) + portion(item(number="2"), order="PO-000002")))
    assert reading.po_number is None
    assert [line.po_number for line in reading.lines] == ["PO-000001", "PO-000002"]
    notice = place(reading, an_order(an_order_line()), CONVENTIONS)
    assert isinstance(notice, ShipNotice)
    assert [line.number for line in notice.lines] == [1]


def test_an_order_named_without_items_is_shipped_whole() -> None:
    reading = read_one(ship_notice(portion("")))
    assert (reading.lines, reading.whole_orders) == ((), ("PO-000001",))
    order = an_order(an_order_line(), an_order_line(number=2, item="MSK", supplier_item="M-MSK", ordered="0"))
    notice = place(reading, order, CONVENTIONS)
    assert isinstance(notice, ShipNotice)
    assert [(line.number, line.quantity) for line in notice.lines] == [(1, order.lines[0].quantity)]


@pytest.mark.parametrize("operation", ["update", "delete"])
def test_a_notice_that_undoes_an_earlier_one_is_put_to_a_person(operation: str) -> None:
    reading = read_one(ship_notice(portion(item()), header=f'operation="{operation}"'))
    with pytest.raises(BadDocumentError, match="never applied by itself"):
        place(reading, an_order(an_order_line()), CONVENTIONS)


def test_a_planned_shipment_has_not_left_yet() -> None:
    reading = read_one(ship_notice(portion(item()), header='shipmentType="planned"'))
    assert [one.meaning for one in reading.dates] == ["scheduled ship", "expected"]


def test_an_item_without_a_quantity_is_an_error_at_its_place() -> None:
    reading = read_one(ship_notice(portion(item() + item(quantity="", number="2"))))
    assert [finding.position for finding in reading.findings] == [
        "/cXML/Request/ShipNoticeRequest/ShipNoticePortion/ShipNoticeItem[2]/@quantity"
    ]
    assert not reading.is_usable


def test_senders_that_put_things_elsewhere_are_understood() -> None:
    body = message(
        f"""<ShipNoticeRequest><ShipNoticeHeader ShipmentID="SH-9" noticeDate="2026-11-21">{CONTROL}</ShipNoticeHeader>
      <ShipNoticePortion><OrderReference orderID="PO-000001"/>
      <ShipNoticeItem quantity="1" lineNumber="1"/></ShipNoticePortion></ShipNoticeRequest>""",
        doctype="",
    )
    reading = read_one(body)
    assert (reading.number, reading.carrier, reading.tracking[0]) == ("SH-9", "United Parcel Service", "1Z999")
    notice = place(reading, an_order(an_order_line()), CONVENTIONS)
    assert isinstance(notice, ShipNotice)
    assert notice.lines[0].quantity.unit == "BX"


def test_a_nameless_batch_beside_the_lot_says_when_it_expires() -> None:
    inside = '<Batch expirationDate="2028-05-31"/><SupplierBatchID>LOT-A</SupplierBatchID>'
    (lot,) = read_one(ship_notice(portion(item(inside)))).lines[0].lots
    assert (lot.lot, lot.expires_on) == ("LOT-A", date(2028, 5, 31))
    assert lot.quantity is not None
    assert lot.quantity.value == Decimal(20)


def test_an_order_another_notice_is_about_is_not_shipped_by_it() -> None:
    reading = read_one(ship_notice(portion("", order="PO-000002")))
    with pytest.raises(BadDocumentError):
        place(reading, an_order(an_order_line()), CONVENTIONS)

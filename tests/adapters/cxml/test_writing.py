"""What we write in cXML: in the order the standard wants, the same bytes for the same message, read back as it was."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from pydantic import SecretStr

from adapters.documents.correspondents import Correspondent, Correspondents
from adapters.documents.outbox import CannotBeWrittenError
from adapters.documents.reading import DocumentKind, Reading
from adapters.supplier.cxml.credentials import check_sender
from adapters.supplier.cxml.options import Credentials, CxmlOptions
from adapters.supplier.cxml.responding import respond
from adapters.supplier.cxml.shopping import CartLine, Shopping, write_punch_out_setup
from adapters.supplier.cxml.writing import (
    write_invoice_rejection,
    write_order,
    write_order_cancellation,
    write_order_change,
)
from domain.ports import OrderMessage
from tests.adapters.cxml.documents import OPTIONS, read_one
from tests.builders import an_order, an_order_line

AT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
KEY = SecretStr("s3cret & <more>")
WHO = Correspondents(
    us=Correspondent(name="North Hospital", street="1 Main St", city="Elgin", region="IL", contact="Ann Lee"),
    them=Correspondent(name="Medl"),
    places={"NORTH": Correspondent(name="North Dock", ids={"gln": "0614141000005"})},
)
ORDER = an_order(
    an_order_line().model_copy(update={"description": "Gloves <nitrile> & more", "gtin": "04006381333931"}),
    an_order_line(number=2, item="MSK", supplier_item=None, ordered="3", unit="EA", price="0.123456"),
).model_copy(update={"needed_by": date(2026, 11, 30)})
MESSAGE = OrderMessage(key="RQ-1-MEDL/placed", order=ORDER)
CHANGE = OrderMessage(key="RQ-1-MEDL/changed/1", order=ORDER, reason="We need less")

CONTENT = {
    "cXML": "Header? (Request|Message|Response)",
    "Header": "From To Sender",
    "Sender": "Credential+ UserAgent",
    "Credential": "Identity SharedSecret?",
    "OrderRequest": "OrderRequestHeader ItemOut+",
    "OrderRequestHeader": "Total ShipTo? BillTo Contact* Comments* DocumentReference?",
    "Address": "Name PostalAddress? Email?",
    "PostalAddress": "DeliverTo* Street+ City State? PostalCode? Country",
    "ItemOut": "ItemID ItemDetail?",
    "ItemID": "SupplierPartID SupplierPartAuxiliaryID? BuyerPartID? IdReference*",
    "ItemDetail": "UnitPrice Description+ UnitOfMeasure Classification+",
    "PunchOutSetupRequest": "BuyerCookie BrowserFormPost? SupplierSetup? ShipTo? SelectedItem? ItemOut*",
    "Response": "Status",
    "StatusUpdateRequest": "DocumentReference? Status InvoiceStatus?",
    "InvoiceStatus": "InvoiceIDInfo? Comments*",
}
"""What follows what, as far as we write it."""
Write = Callable[..., bytes]


def written(write: Write, message: OrderMessage = MESSAGE, options: CxmlOptions = OPTIONS) -> bytes:
    return write(message, WHO, options, KEY, AT)


def mirrored(body: bytes) -> Reading:
    """Read a document of ours as our partner would."""
    return read_one(body, OPTIONS.model_copy(update={"ours": OPTIONS.theirs, "theirs": OPTIONS.ours}))


def misplaced(body: bytes) -> list[str]:
    """Return the elements whose children are not those the standard wants, in its order."""
    found = []
    for element in etree.fromstring(body).iter():
        model = CONTENT.get(str(element.tag))
        pattern = "".join(re.sub(r"(\w+)", r"(?:\1 )", part) for part in (model or "").split())
        if model is not None and not re.fullmatch(pattern, "".join(f"{child.tag} " for child in element)):
            found.append(str(element.tag))
    return found


@pytest.mark.parametrize(
    ("write", "message", "kind", "purpose"),
    [
        (write_order, MESSAGE, DocumentKind.PURCHASE_ORDER, "original"),
        (write_order_change, CHANGE, DocumentKind.PURCHASE_ORDER_CHANGE, "change"),
        (write_order_cancellation, CHANGE, DocumentKind.PURCHASE_ORDER_CANCELLATION, "cancellation"),
    ],
)
def test_what_we_write_reads_back_as_what_it_was(
    write: Write, message: OrderMessage, kind: DocumentKind, purpose: str
) -> None:
    body = written(write, message)
    assert body == written(write, message)
    assert misplaced(body) == []
    reading = mirrored(body)
    assert not reading.findings
    assert (reading.kind, reading.purpose, reading.po_number) == (kind, purpose, "PO-000001")
    assert (reading.issued_at, reading.currency, reading.totals.gross) == (AT, "USD", ORDER.total.amount)
    assert reading.notes == ((message.reason,) if message.reason else ())
    assert {(one.role, one.name, one.id) for one in reading.parties} >= {
        ("ship to", "North Dock", "NORTH"),
        ("bill to", "North Hospital", ""),
    }
    assert reading.details["deliver to"] == "NORTH"
    assert reading.details["deployment mode"] == "production"
    for line, ours in zip(reading.lines, ORDER.lines, strict=True):
        assert line.order_line == str(ours.number)
        assert line.quantity is not None
        assert (line.quantity.value, line.quantity.unit) == (ours.quantity.value, ours.quantity.unit)
        assert (line.unit_price, line.description) == (ours.unit_price, ours.description or ours.item)
        numbers = {one.kind.value: one.normalised for one in line.identifiers}
        assert numbers.get("supplier item") == ours.supplier_item
        assert numbers["buyer item"] == ours.item
        assert numbers.get("gtin") == ours.gtin
        assert {one.meaning: one.on for one in line.dates} == {"requested delivery": ORDER.needed_by}


def test_units_go_out_in_recommendation_20_or_as_the_partner_wants_them() -> None:
    assert [line.quantity and line.quantity.raw_unit for line in mirrored(written(write_order)).lines] == ["XBX", "EA"]
    options = OPTIONS.model_copy(update={"units": {"BX": "BX"}})
    reading = mirrored(written(write_order, options=options))
    assert [line.quantity and line.quantity.raw_unit for line in reading.lines] == ["BX", "EA"]


def test_a_unit_no_code_says_is_refused_before_it_is_sent() -> None:
    packs = {"SP": Decimal(1)}
    message = OrderMessage(key="K/placed", order=an_order(an_order_line(unit="SP", packs=packs)))
    with pytest.raises(CannotBeWrittenError, match="line 1: no code of Recommendation 20"):
        written(write_order, message)


def test_a_change_and_a_cancellation_refer_to_the_message_that_placed_the_order() -> None:
    placed = mirrored(written(write_order)).message_id
    assert placed.startswith("PO-000001.")
    for write in (write_order_change, write_order_cancellation):
        reading = mirrored(written(write, CHANGE))
        assert ("earlier message", placed) in {(one.meaning, one.value) for one in reading.references}
        assert reading.message_id != placed
    later = write_order_cancellation(MESSAGE, WHO, OPTIONS, KEY, AT, previous=CHANGE.key)
    changed = mirrored(written(write_order_change, CHANGE)).message_id
    assert ("earlier message", changed) in {(one.meaning, one.value) for one in mirrored(later).references}


def test_a_line_given_up_stays_in_the_change_with_quantity_zero() -> None:
    gone = an_order(an_order_line(ordered="0"), an_order_line(number=2))
    reading = mirrored(written(write_order_change, OrderMessage(key="RQ-1-MEDL/changed/2", order=gone)))
    assert [line.change for line in reading.lines] == ["delete", None]


def test_the_receiver_can_check_that_we_sent_it() -> None:
    theirs = OPTIONS.model_copy(update={"theirs": OPTIONS.ours})
    check_sender(written(write_order), theirs, [KEY])


def test_the_place_of_delivery_is_named_by_the_number_the_partner_knows() -> None:
    reading = mirrored(written(write_order, options=OPTIONS.model_copy(update={"address_scheme": "gln"})))
    assert ("ship to", "0614141000005") in {(one.role, one.id) for one in reading.parties}


def test_items_are_classified_as_the_profile_says() -> None:
    options = OPTIONS.model_copy(update={"classifications": {"GLV-M": "42132203"}, "unclassified": "42000000"})
    reading = mirrored(written(write_order, options=options))
    codes = [[one.value for one in line.references if one.meaning == "classification"] for line in reading.lines]
    assert codes == [["42132203"], ["42000000"]]


@given(st.text(max_size=60), st.text(max_size=40))
def test_no_text_of_ours_can_break_or_extend_the_document(description: str, reason: str) -> None:
    line = an_order_line().model_copy(update={"description": description})
    body = written(write_order_change, OrderMessage(key="K/changed", order=an_order(line), reason=reason))
    assert misplaced(body) == []
    reading = mirrored(body)
    assert len(reading.lines) == 1
    assert reading.lines[0].unit_price == Decimal("1.10")


def test_a_punch_out_setup_carries_the_cookie_the_way_back_and_the_cart() -> None:
    shopping = Shopping(
        cookie="c-123",
        return_url="https://hospital.example/carts?x=1&y=2",
        shop_url="https://medl.example/shop",
        operation="edit",
        ship_to="NORTH",
        selected_item="M-GLV-M",
        selected_auxiliary="<a/>",
        lines=(
            CartLine(
                number=1, supplier_item="M-1", auxiliary="x", our_item="GLV-M", quantity={"value": "2", "unit": "BX"}
            ),
        ),
    )
    body = write_punch_out_setup(shopping, WHO, OPTIONS, KEY, AT)
    assert body == write_punch_out_setup(shopping, WHO, OPTIONS, KEY, AT)
    assert misplaced(body) == []
    reading = mirrored(body)
    assert (reading.kind, reading.raw_type) == (DocumentKind.PUNCH_OUT_SETUP, "edit")
    wanted = {
        "buyer cookie": "c-123",
        "browser form post": "https://hospital.example/carts?x=1&y=2",
        "supplier setup": "https://medl.example/shop",
        "selected item": "M-GLV-M",
        "selected item auxiliary": "<a/>",
    }
    assert wanted.items() <= reading.details.items()
    assert {one.value for one in reading.lines[0].identifiers} == {"M-1", "x", "GLV-M"}


@pytest.mark.parametrize(("code", "text", "verdict"), [(200, "OK", "accepted"), (406, "Not Acceptable", "rejected")])
def test_a_response_says_whether_the_document_was_taken(code: int, text: str, verdict: str) -> None:
    body = respond("1764.17@medl.example", AT, code, options=OPTIONS, detail="Line 3 has no quantity")
    assert body == respond("1764.17@medl.example", AT, code, options=OPTIONS, detail="Line 3 has no quantity")
    assert misplaced(body) == []
    reading = read_one(body)
    assert (reading.kind, reading.raw_type) == (DocumentKind.FUNCTIONAL_ACKNOWLEDGEMENT, str(code))
    assert (reading.details["status text"], reading.details["verdict"]) == (text, verdict)
    assert reading.notes == ("Line 3 has no quantity",)


def test_a_moment_without_an_offset_is_never_written() -> None:
    with pytest.raises(CannotBeWrittenError, match="offset"):
        respond("x", datetime(2026, 11, 20, 8), 200, options=OPTIONS)  # noqa: DTZ001 - that is the point


def test_the_one_who_connects_may_be_another_than_the_one_who_orders() -> None:
    ours = Credentials(party=OPTIONS.ours.party, sender=OPTIONS.ours.party.model_copy(update={"identity": "AN-HUB"}))
    reading = mirrored(written(write_order, options=OPTIONS.model_copy(update={"ours": ours})))
    assert reading.details["connecting"] == "NetworkId AN-HUB"
    assert reading.sender is not None
    assert reading.sender.id == "AN-HOSPITAL"


def test_a_rejected_invoice_is_told_with_its_number_and_the_reason() -> None:
    message = OrderMessage(key="RQ-1-MEDL/invoice-rejected/INV-1", order=ORDER, reason="Not ordered")
    body = write_invoice_rejection(message, "INV-1", OPTIONS, KEY, AT)
    assert body == write_invoice_rejection(message, "INV-1", OPTIONS, KEY, AT)
    assert misplaced(body) == []
    details = mirrored(body).details
    assert (details["document status"], details["invoice"]) == ("rejected", "INV-1")
    assert details["document status comments"] == "Not ordered"

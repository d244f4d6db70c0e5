"""Carts that come back from a supplier's shop, as lines of a requisition; and the other small documents."""

import base64
from decimal import Decimal
from urllib.parse import urlencode

import pytest

from adapters.bad_document import BadDocumentError
from adapters.documents.reading import DocumentKind
from adapters.supplier.cxml.shopping import cart_of, posted_document, requisition_lines_of
from tests.adapters.cxml.documents import OPTIONS, confirmation, message, read_one


def item_in(part: str = "M-GLV-M", *, quantity: str = "2", unit: str = "BX") -> str:
    return f"""<ItemIn quantity="{quantity}"><ItemID><SupplierPartID>{part}</SupplierPartID>
      <SupplierPartAuxiliaryID>cfg=1</SupplierPartAuxiliaryID><BuyerPartID>WRONG</BuyerPartID></ItemID><ItemDetail>
      <UnitPrice><Money currency="USD">110</Money></UnitPrice>
      <Description xml:lang="en"><ShortName>Gloves</ShortName> nitrile</Description>
      <UnitOfMeasure>{unit}</UnitOfMeasure><PriceBasisQuantity quantity="100" conversionFactor="1">
      <UnitOfMeasure>BX</UnitOfMeasure></PriceBasisQuantity>
      <Classification domain="UNSPSC">42132203</Classification></ItemDetail></ItemIn>"""


def cart(items: str) -> bytes:
    return message(
        f"""<PunchOutOrderMessage><BuyerCookie>c-123</BuyerCookie>
      <PunchOutOrderMessageHeader operationAllowed="edit"><Total><Money currency="USD">2.20</Money></Total>
      <SupplierOrderInfo orderID="SO-1"/></PunchOutOrderMessageHeader>{items}</PunchOutOrderMessage>""",
        carrier="Message",
        attributes="",
    )


def test_a_cart_is_kept_with_everything_needed_to_order_or_open_it_again() -> None:
    reading = read_one(cart(item_in()))
    assert (reading.kind, reading.details["buyer cookie"]) == (DocumentKind.PUNCH_OUT_ORDER, "c-123")
    assert [(one.meaning, one.value) for one in reading.references] == [("supplier order", "SO-1")]
    read = cart_of(reading)
    assert (read.cookie, read.currency, read.total, read.may_be_edited) == ("c-123", "USD", Decimal("2.20"), True)
    (line,) = read.lines
    assert (line.supplier_item, line.auxiliary, line.description) == ("M-GLV-M", "cfg=1", "Gloves nitrile")
    assert (line.unit_price, line.classification) == (Decimal("1.10"), "42132203")


def test_a_cart_becomes_lines_of_a_requisition_by_our_own_catalogue() -> None:
    lines = requisition_lines_of(cart_of(read_one(cart(item_in()))), {"M-GLV-M": "GLV-M"}, "MEDL")
    assert [(line.number, line.item, str(line.quantity), line.supplier) for line in lines] == [
        (1, "GLV-M", "2 BX", "MEDL")
    ]


@pytest.mark.parametrize(
    ("item", "rule"),
    [
        (item_in("M-OTHER"), "an item we do not have"),
        (item_in(unit="CASE"), "a unit we do not know"),
        (item_in(quantity="0"), "above zero"),
        (item_in(quantity="1.5"), "whole numbers"),
    ],
)
def test_what_we_cannot_order_is_refused_by_line(item: str, rule: str) -> None:
    read = cart_of(read_one(cart(item_in() + item)))
    with pytest.raises(BadDocumentError, match=f"line 2: .*{rule}"):
        requisition_lines_of(read, {"M-GLV-M": "GLV-M"}, "MEDL")


def test_an_empty_cart_has_no_lines() -> None:
    assert cart_of(read_one(cart(""))).lines == ()


def test_only_a_cart_is_a_cart() -> None:
    with pytest.raises(BadDocumentError, match="PunchOutOrderMessage"):
        cart_of(read_one(confirmation("", kind="accept")))
    with pytest.raises(BadDocumentError, match="how many"):
        cart_of(read_one(cart(item_in(quantity=""))))


@pytest.mark.parametrize("encoded", [True, False])
def test_the_document_a_browser_posts_is_unwrapped(encoded: bool) -> None:
    body = cart(item_in().replace("Gloves", "Hüllen €"))
    field = {"cXML-base64": base64.b64encode(body)} if encoded else {"cxml-urlencoded": body}
    assert posted_document(urlencode(field).encode()) == body


@pytest.mark.parametrize("form", [b"", b"\xff", b"other=1", b"cxml-base64=%21%21", b"&".join([b"a=1"] * 30)])
def test_a_form_without_a_document_is_refused(form: bytes) -> None:
    with pytest.raises(BadDocumentError):
        posted_document(form)


def test_the_answer_of_a_shop_says_where_it_begins() -> None:
    content = """<Status code="200" text="OK"/><PunchOutSetupResponse><StartPage>
      <URL>https://medl.example/session?id=1&amp;x=2</URL></StartPage></PunchOutSetupResponse>"""
    reading = read_one(message(content, carrier="Response", attributes=""))
    assert (reading.kind, reading.raw_type) == (DocumentKind.PUNCH_OUT_SETUP, "200")
    assert reading.details["start page"] == "https://medl.example/session?id=1&x=2"
    assert reading.is_usable


def test_a_shop_that_is_closed_has_no_start_page() -> None:
    content = '<Status code="500" text="Closed"/><PunchOutSetupResponse/>'
    assert not read_one(message(content, carrier="Response", attributes="")).is_usable


def test_a_response_without_a_code_is_an_error() -> None:
    assert not read_one(message("<Status/>", carrier="Response", attributes="")).is_usable


def test_a_status_update_is_kept_with_what_it_is_about() -> None:
    content = """<StatusUpdateRequest><DocumentReference payloadID="a@b"/><Status code="423" text="Error">No such item
      </Status><DocumentStatus type="rejected"><Comments>Call us</Comments></DocumentStatus></StatusUpdateRequest>"""
    reading = read_one(message(content))
    assert (reading.kind, reading.raw_type) == (DocumentKind.UNKNOWN, "423")
    assert reading.details["document status"] == "rejected"
    assert reading.details["document status comments"] == "Call us"
    assert [(one.meaning, one.value) for one in reading.references] == [("earlier message", "a@b")]
    assert reading.notes == ("No such item",)


def test_extrinsics_are_kept_only_where_the_profile_asks_for_them() -> None:
    extrinsics = '<Extrinsic name="route">7</Extrinsic><Extrinsic name="patient">somebody</Extrinsic>'
    body = confirmation("", kind="accept", more=extrinsics)
    wanted = read_one(body, OPTIONS.model_copy(update={"extrinsics": ("route",)}))
    assert ("extrinsic", "route", "7") in {(one.meaning, one.raw, one.value) for one in wanted.references}
    assert "somebody" not in wanted.model_dump_json()
    assert "extrinsic" not in {one.meaning for one in read_one(body).references}

"""What partners' events say, read strictly; what is wrong is named and never repeated."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.bad_document import BadDocumentError
from adapters.inbound import NotYoursError, read_document
from adapters.partners import PartnerProfile
from domain.acknowledgement import OrderAcknowledgement
from domain.delivery import GoodsReceipt, ShipNotice
from domain.invoice import CreditNote, SupplierInvoice
from domain.par_breach import ParBreach
from tests.adapters import events

MEDL = PartnerProfile.model_validate(
    {"code": "medl", "kind": "supplier", "supplier": "MEDL", "transport": events.WEBHOOKS}
)
STOCKROOM = PartnerProfile.model_validate(
    {
        "code": "stockroom",
        "kind": "inventory",
        "facilities": ["NORTH"],
        "transport": events.WEBHOOKS,
    }
)

Event = dict[str, Any]


def read(event: Event, partner: PartnerProfile = MEDL) -> Any:
    return read_document(partner, json.dumps(event).encode()).document


def test_an_acknowledgement_is_read_line_by_line() -> None:
    document = read(events.acknowledged())
    assert isinstance(document, OrderAcknowledgement)
    assert (document.supplier, document.po_number) == ("MEDL", "PO-000001")
    parts = [(part.kind.value, str(part.quantity), part.raw_codes) for part in document.lines[0].parts]
    assert parts == [("accepted", "12 BX", ("accepted",)), ("backordered", "8 BX", ("backordered",))]


def test_the_other_supplier_documents_are_read() -> None:
    assert isinstance(read(events.shipped()), ShipNotice)
    invoice = read(events.invoiced())
    assert isinstance(invoice, SupplierInvoice)
    assert str(invoice.payable) == "USD 22.00"
    assert isinstance(read(events.credited()), CreditNote)


def test_the_stockrooms_documents_are_read() -> None:
    breach, receipt = read(events.breached(), STOCKROOM), read(events.received(), STOCKROOM)
    assert isinstance(breach, ParBreach)
    assert [str(line.to_order) for line in breach.lines] == ["220 EA"]
    assert isinstance(receipt, GoodsReceipt)
    assert receipt.lines[0].lots[0].lot == "L1"


def test_decimals_are_exactly_what_was_written() -> None:
    text = json.dumps(events.invoiced()).replace('"1.10"', "1.1000000001")
    with pytest.raises(BadDocumentError, match="6 after the decimal point"):
        read_document(MEDL, text.encode())
    text = json.dumps(events.invoiced()).replace('"1.10"', "1.10")
    document = read_document(MEDL, text.encode()).document
    assert isinstance(document, SupplierInvoice)
    assert str(document.lines[0].unit_price) == "1.10"


def innermost(event: Event, path: str) -> tuple[Any, str]:
    *places, last = path.split("/")
    inner: Any = event
    for place in places:
        inner = inner[int(place) if place.isdigit() else place]
    return inner, last


def without(path: str) -> Callable[[Event], None]:
    def change(event: Event) -> None:
        inner, last = innermost(event, path)
        del inner[last]

    return change


def having(path: str, value: object) -> Callable[[Event], None]:
    def change(event: Event) -> None:
        inner, last = innermost(event, path)
        inner[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (without("type"), "/type"),
        (having("type", "order.eaten"), "/type"),
        (having("timestamp", "2026-11-20T08:00:00"), "time zone"),
        (without("data/po_number"), "/po_number"),
        (having("data/total", "NaN"), "/total"),
        (having("data/currency", "dollars"), "/currency"),
        (having("data/lines", []), "/lines"),
        (having("data/lines/0/unit", "box"), "/unit"),
        (having("data/lines/0/quantity", "\u0661"), "quantity"),
        (having("data/lines/0/gtin", "123"), "gtin"),
    ],
)
def test_a_wrong_field_is_named_and_its_value_is_not_repeated(change: Callable[[Event], None], named: str) -> None:
    event = events.invoiced()
    change(event)
    with pytest.raises(BadDocumentError) as refused:
        read(event)
    assert named in str(refused.value)
    assert not refused.value.is_syntax
    for secret in ("eaten", "dollars", "\u0661"):
        assert secret not in str(refused.value)


def test_an_unknown_answer_is_never_guessed() -> None:
    event = events.acknowledged()
    event["data"]["lines"][0]["parts"][0]["answer"] = "perhaps"
    with pytest.raises(BadDocumentError, match="line 1"):
        read(event)


def test_a_platform_speaks_only_for_its_own_facilities() -> None:
    event = events.received()
    event["data"]["facility"] = "SOUTH"
    with pytest.raises(NotYoursError):
        read(event, STOCKROOM)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"a":1,"a":2}',
        b'{"a":NaN}',
        b'{"a":"\\u0000"}',
        b'{"\\ud800":1}',
        b'{"a":[{"b":"x\\udfffy"}]}',
        b'{"a":1e999999}',
        b'{"a":1e-999999}',
        b'{"a":22E2292222222222222222222222}',
        b'{"a":' + b"9" * 31 + b"}",
        b"[" * 100_000,
        b'{"a":' * 40 + b"1" + b"}" * 40,
        b'{"a":"\x00"}',
    ],
)
def test_what_is_not_json_is_refused(body: bytes) -> None:
    with pytest.raises(BadDocumentError):
        read_document(MEDL, body)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
KEYS = ["type", "timestamp", "data", "lines", "parts", "quantity", "unit", "line", "po_number", "invoice", "total"]


@given(st.binary(max_size=200) | json_values.map(lambda value: json.dumps(value).encode()))
def test_no_bytes_raise_anything_else(body: bytes) -> None:
    for partner in (MEDL, STOCKROOM):
        with pytest.raises((BadDocumentError, NotYoursError)):
            read_document(partner, body)


@given(
    st.dictionaries(st.sampled_from(KEYS), json_values, max_size=6),
    st.sampled_from(["order.acknowledged", "invoice.issued"]),
)
def test_no_data_raises_anything_else(data: dict[str, object], kind: str) -> None:
    event = {"type": kind, "timestamp": "2026-11-20T08:00:00Z", "data": data}
    with pytest.raises((BadDocumentError, NotYoursError)):
        read_document(MEDL, json.dumps(event).encode())

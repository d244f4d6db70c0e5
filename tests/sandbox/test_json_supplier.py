"""The supplier of signed events: what it says read by our reader, what we say read by its own."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from adapters.supplier.webhook.mapping import document_of, purchase_order_of
from domain.acknowledgement import AnswerKind, OrderAcknowledgement
from domain.delivery import ShipNotice
from domain.invoice import SupplierInvoice
from domain.order_state import PartnerDocument
from sandbox.partners.supplier import Webhooks, hear, order_of
from sandbox.partners.trading import Behaviour, Trade, answer_of, bill_of, shipments_of
from sandbox.partners.webhooks import Nothing, Outbox
from tests.sandbox.trades import NOW, TODAY, NoDock, a_message, what_was_ordered


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path / "outbox.json", "http://us.example", Nothing(), "application/json")


def said(tmp_path: Path) -> list[dict[str, Any]]:
    """Return the events that lie in the outbox."""
    return [json.loads(text) for text in json.loads((tmp_path / "outbox.json").read_text())["waiting"].values()]


def read(event: dict[str, Any]) -> PartnerDocument:
    return document_of(event["type"], event["data"], "MEDL", NOW)


def test_our_order_is_understood() -> None:
    assert order_of(purchase_order_of(a_message())) == what_was_ordered()


def test_its_events_say_what_it_does(tmp_path: Path, outbox: Outbox) -> None:
    voice, order = Webhooks(outbox), what_was_ordered()
    behaviour = Behaviour(backorder_item="DRP-S", substitute_item="WND-10", over_price_item="DRP-S")
    voice.acknowledge(answer_of(order, behaviour, TODAY))
    voice.announce(shipments_of(order, behaviour, TODAY)[0])
    voice.bill(bill_of(order, behaviour, "MEDL"))
    answer, notice, invoice = (read(event) for event in said(tmp_path))
    assert isinstance(answer, OrderAcknowledgement)
    assert [
        (line.number, part.kind, str(part.quantity), part.item) for line in answer.lines for part in line.parts
    ] == [
        (1, AnswerKind.ACCEPTED, "3 BX", None),
        (1, AnswerKind.BACKORDERED, "4 BX", None),
        (2, AnswerKind.SUBSTITUTED, "4 BX", "S-WND-ALT"),
    ]
    assert isinstance(notice, ShipNotice)
    assert [(line.number, str(line.quantity)) for line in notice.lines] == [(1, "3 BX")]
    assert isinstance(invoice, SupplierInvoice)
    assert (invoice.number, str(invoice.total), len(invoice.lines)) == ("INV-MEDL-000001", "255.50", 1)


def test_its_blunder_is_refused(tmp_path: Path, outbox: Outbox) -> None:
    Webhooks(outbox).blunder(answer_of(what_was_ordered(), Behaviour(), TODAY))
    (event,) = said(tmp_path)
    with pytest.raises(ValidationError):
        read(event)


async def test_it_takes_orders_changes_reminders_and_cancellations_once_each(tmp_path: Path, outbox: Outbox) -> None:
    trade = Trade("MEDL", tmp_path, Webhooks(outbox), NoDock(), Behaviour(silent=True))
    data = purchase_order_of(a_message())
    first_line_alone = {**data, "lines": data["lines"][:1]}
    for kind, content in (
        ("order.placed", data),
        ("order.changed", first_line_alone),
        ("order.reminder", data),
        ("order.reminder", data),
        ("order.cancelled", data),
        ("invoice.rejected", data),
    ):
        hear(trade, f"message {kind}", {"type": kind, "data": content})
    order = trade.orders["PO-000001"]
    assert [line["item"] for line in order["order"]["lines"]] == ["DRP-S"]
    assert (order["reminders"], order["cancelled"]) == (1, True)

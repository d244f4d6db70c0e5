"""What an order's lifecycle would do with a document, by the domain's own rules, in words."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from domain.acknowledgement import AnswerPart, OrderAcknowledgement
from domain.answers import agreed_order, answer_discrepancies
from domain.delivery import GoodsReceipt, LotQuantity, ReceivedLine, ShipNotice, ShippedLine
from domain.exception_case import Discrepancy
from domain.invoice import SupplierInvoice
from domain.match import MatchRequest, MatchResult, Verdict
from domain.matching import three_way_match
from domain.order_state import OrderEvent, OrderState, PartnerDocument
from domain.policy import CaseKind, Policy
from domain.purchase_order import OrderLine, PurchaseOrder
from domain.quantities import plain
from domain.receiving import receipt_discrepancies
from starter.onboarding.checked import Outcome


@dataclass(frozen=True)
class Consequence:
    """What one document brings about."""

    outcome: Outcome
    summary: str
    says: tuple[str, ...] = ()
    case: CaseKind | None = None
    discrepancies: tuple[Discrepancy, ...] = ()


def consequence_of(
    key: str, document: PartnerDocument, order: PurchaseOrder, policy: Policy, at: datetime
) -> Consequence:
    """Return what happens when an order that has heard nothing yet hears this document."""
    state = OrderState(order=order).after(OrderEvent(key=key, received_at=at, document=document))
    makers: dict[str, Callable[[OrderState, Policy], Consequence]] = {
        "order acknowledgement": _acknowledged,
        "ship notice": _announced,
        "goods receipt": _received,
        "supplier invoice": _billed,
        "credit note": _credited,
    }
    return makers[document.kind](state, policy)


def _acknowledged(state: OrderState, policy: Policy) -> Consequence:
    [acknowledgement], order = state.acknowledgements, state.order
    found = answer_discrepancies(order, state.answers)
    says = [*_answers(acknowledgement), *_unanswered(state), *_agreement(state, found, policy)]
    summary = f"applied as order acknowledgement {acknowledgement.number}"
    if found:
        lines = ", ".join(dict.fromkeys(f"line {one.line} ({one.kind})" for one in found))
        summary += f"; {policy.owner_of(CaseKind.ACKNOWLEDGEMENT)} decides {lines}"
    elif all(line.number in state.answers for line in order.lines):
        summary += "; the order counts as acknowledged"
    else:
        summary += "; the order goes on waiting for the other lines"
    return Consequence(
        Outcome.APPLIED, summary, tuple(says), CaseKind.ACKNOWLEDGEMENT if found else None, discrepancies=found
    )


def _answers(acknowledgement: OrderAcknowledgement) -> Iterator[str]:
    if acknowledgement.whole_order is not None:
        yield f"every line it does not list is {acknowledgement.whole_order}"
    for answer in acknowledgement.lines:
        yield f"line {answer.number}: {'; '.join(map(_part, answer.parts))}"


def _part(part: AnswerPart) -> str:
    price = f" at {plain(part.unit_price)}" if part.unit_price is not None else ""
    promised = f", promised for {part.promised_on}" if part.promised_on else ""
    item = f", as item {part.item}" if part.item else ""
    return f"{part.quantity} {part.kind}{price}{promised}{item}"


def _unanswered(state: OrderState) -> Iterator[str]:
    missing = [str(line.number) for line in state.order.lines if line.number not in state.answers]
    if missing:
        yield f"not answered yet: line {', '.join(missing)}"


def _agreement(state: OrderState, found: tuple[Discrepancy, ...], policy: Policy) -> Iterator[str]:
    """Say what a person is asked, and what the order becomes."""
    agreed = agreed_order(state.order, state.answers)
    if found:
        owner = policy.owner_of(CaseKind.ACKNOWLEDGEMENT)
        yield f"a case is opened for {owner}, who may accept it, keep waiting or cancel the order:"
        yield from (f"- {one.explanation}" for one in found)
    if agreed == state.order:
        return
    when = "accepted, the order becomes" if found else "nobody is asked, and the order becomes"
    changed = [line for line in agreed.lines if line != state.order.line(line.number)]
    yield f"{when} {'; '.join(map(_ordered, changed))}"
    if all(line.quantity.value == 0 for line in agreed.lines):
        yield "no line is left, so the order is withdrawn"


def _ordered(line: OrderLine) -> str:
    return f"line {line.number}: {line.quantity} at {plain(line.unit_price)}"


def _announced(state: OrderState, _: Policy) -> Consequence:
    [notice] = state.ship_notices
    expected = f", expected on {notice.expected_on}" if notice.expected_on else ""
    count = "1 line" if len(notice.lines) == 1 else f"{len(notice.lines)} lines"
    return Consequence(
        Outcome.APPLIED,
        f"applied as ship notice {notice.number} of {count}{expected}; the stockroom is told",
        (
            *(_shipped(line, state.order) for line in notice.lines),
            *_carriage(notice),
            "an order that was not acknowledged before counts as acknowledged",
        ),
    )


def _shipped(line: ShippedLine, order: PurchaseOrder) -> str:
    ordered = order.line(line.number)
    of = f" of {ordered.quantity} ordered" if ordered else ""
    return f"line {line.number}: {line.quantity}{of} on its way{_lots(line.lots)}"


def _lots(lots: tuple[LotQuantity, ...]) -> str:
    named = ", ".join(
        f"{lot.quantity} of lot {lot.lot}{f' until {lot.expires_on}' if lot.expires_on else ''}" for lot in lots
    )
    return f": {named}" if named else ""


def _carriage(notice: ShipNotice) -> Iterator[str]:
    if notice.packages:
        yield f"{len(notice.packages)} logistic units with an SSCC"
    if notice.carrier or notice.tracking:
        yield f"carried by {notice.carrier or 'a carrier it does not name'}, tracking {notice.tracking or 'not named'}"


def _received(state: OrderState, policy: Policy) -> Consequence:
    [receipt] = state.goods_receipts
    found = receipt_discrepancies(state.order, (), receipt, policy.tolerance)
    says = (*(f"line {line.number}: {line.accepted} accepted{_lots(line.lots)}" for line in receipt.lines),)
    summary = f"applied as goods receipt {receipt.number}"
    if not found:
        return Consequence(Outcome.APPLIED, f"{summary}; booked in the ERP", says)
    summary += f"; {policy.owner_of(CaseKind.OVER_RECEIPT)} decides before it is booked"
    more = (f"- {one.explanation}" for one in found)
    return Consequence(Outcome.APPLIED, summary, (*says, *more), CaseKind.OVER_RECEIPT, found)


def _billed(state: OrderState, policy: Policy) -> Consequence:
    [invoice], order = state.invoices, state.order
    now = _match(invoice, order, (), policy)
    later = _match(invoice, order, (_everything(order),), policy)
    summary = f"applied as supplier invoice {invoice.number} over {invoice.payable}; {_STANDING[now.verdict]}"
    says = (
        "matched against the order and nothing received yet:",
        *_findings(now),
        "matched once everything ordered has arrived: " + later.verdict,
        *_findings(later),
    )
    if now.verdict is Verdict.WAITING:
        return Consequence(Outcome.WAITS, summary, says, discrepancies=now.discrepancies)
    case = CaseKind.INVOICE_MATCH if now.verdict is Verdict.HELD else None
    return Consequence(Outcome.APPLIED, summary, says, case, now.discrepancies)


_STANDING = {
    Verdict.MATCHED: "it matches and is posted",
    Verdict.WAITING: "it waits for its goods",
    Verdict.HELD: "it is held, and a person decides",
    Verdict.REJECTED: "it is sent back",
}


def _match(
    invoice: SupplierInvoice, order: PurchaseOrder, receipts: tuple[GoodsReceipt, ...], policy: Policy
) -> MatchResult:
    return three_way_match(
        MatchRequest(
            order=order,
            goods_receipts=receipts,
            invoice=invoice,
            tolerance=policy.tolerance,
            policy_version=policy.version,
        )
    )


def _everything(order: PurchaseOrder) -> GoodsReceipt:
    """Return the goods receipt that brings all that was ordered."""
    return GoodsReceipt(
        number="EVERYTHING",
        po_number=order.name,
        facility=order.facility,
        location=order.deliver_to,
        received_at=datetime.fromtimestamp(0, UTC),
        receiver="nobody",
        lines=tuple(ReceivedLine(number=line.number, item=line.item, accepted=line.quantity) for line in order.lines),
    )


def _findings(result: MatchResult) -> Iterator[str]:
    yield from (f"- {one.explanation}" for one in result.discrepancies)


def _credited(state: OrderState, policy: Policy) -> Consequence:
    [note] = state.credit_notes
    owner = policy.owner_of(CaseKind.CREDIT_NOTE)
    about = f" of invoice {note.invoice_number}" if note.invoice_number else ""
    return Consequence(
        Outcome.TO_A_PERSON,
        f"applied as credit note {note.number} over {note.payable}{about}; {owner} books it",
        ("what it takes back counts in every later match of the order",),
        CaseKind.CREDIT_NOTE,
    )

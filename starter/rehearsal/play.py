"""One scenario being played: what the partner means to say, what everybody expects, and what was found."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from domain.acknowledgement import AnswerKind, AnswerPart, LineAnswer, OrderAcknowledgement
from domain.delivery import ShipNotice, ShippedLine
from domain.exception_case import Resolution
from domain.invoice import InvoiceLine, SupplierInvoice
from domain.policy import CaseKind
from domain.purchase_order import OrderLine
from domain.quantities import Quantity, plain, round_money
from domain.snapshot import OrderStatus
from starter.rehearsal.report import Check
from starter.rehearsal.stage import FUNCTIONAL, Arrival, Stage

NOT_PROVEN = "not proven"
"""The document does not carry the secret and the names its page expects: 401, and nothing is kept."""
TAKEN = frozenset({"A", "E"})
"""Verdicts of a functional acknowledgement that take a set in."""


class Play:
    """A stage, and the list of what was expected on it."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.checks: list[Check] = []

    def expects(self, what: str, expected: str, actual: str) -> None:
        """Write down an expectation and what was found."""
        self.checks.append(Check(what=what, expected=expected, actual=actual, passed=expected == actual))

    def expects_status(self, status: OrderStatus, when: str) -> None:
        """Expect the order to be somewhere."""
        self.expects(f"order status {when}", status, self.stage.shown.status)

    def expects_outcome(self, arrival: Arrival, *possible: str) -> None:
        """Expect what a document was, or how its events ended: any of the words given."""
        found = ", ".join(self.outcomes(arrival)) or "nothing"
        is_expected = set(self.outcomes(arrival)) <= set(possible) and bool(self.outcomes(arrival))
        self.expects(arrival.what, " or ".join(possible) if not is_expected else found, found)

    def expects_cases(self, *kinds: CaseKind) -> None:
        """Expect exactly these kinds of cases to have been opened, whatever their number and sequence."""
        found = sorted({case.kind.value for case in self.stage.all_cases()})
        self.expects("cases opened", _listed(sorted({kind.value for kind in kinds})), _listed(found))

    def expects_agreed(self, *quantities: Decimal) -> None:
        """Expect these quantities to be agreed at the prices ordered."""
        pairs = zip(self.lines, quantities, strict=True)
        expected = (f"{plain(value)} {line.quantity.unit} at {plain(line.unit_price)}" for line, value in pairs)
        agreed = (
            f"{plain(line.quantity.value)} {line.quantity.unit} at {plain(line.unit_price)}"
            for line in self.stage.order.lines
        )
        self.expects("quantities and prices agreed", _listed(expected), _listed(agreed))

    def expects_invoices(self, *verdicts: str) -> None:
        """Expect these verdicts, as `INV-1 matched`."""
        found = sorted(f"{one.number} {one.verdict}" for one in self.stage.shown.invoices)
        self.expects("invoices", _listed(sorted(verdicts)), _listed(found))

    def expects_posted(self, *numbers: str) -> None:
        """Expect exactly these invoices in the ERP, each once."""
        posted = sorted(invoice.supplier_number for invoice in self.stage.erp.invoices.values())
        self.expects("invoices in the ERP", _listed(sorted(numbers)), _listed(posted))

    def expects_acknowledged(self, refused: int = 0) -> None:
        """Expect one functional acknowledgement for everything that was new, where the partner gets any."""
        verdicts = self.stage.verdicts(FUNCTIONAL)
        answered = [arrival for arrival in self.stage.arrivals if arrival.kind != FUNCTIONAL]
        new = sum(taken.receipt == "new" for arrival in answered for taken in arrival.taken)
        expected = f"{new - refused} taken, {refused} refused" if self.stage.acknowledges else "none"
        taken = sum(verdict in TAKEN for verdict in verdicts)
        found = f"{taken} taken, {len(verdicts) - taken} refused" if verdicts else "none"
        self.expects("our functional acknowledgements", expected, found)

    def outcomes(self, arrival: Arrival) -> tuple[str, ...]:
        """Return how a document's events ended, or what the inbox said where there are none."""
        ends = (self.stage.inbox.end_of(key) for key in arrival.keys)
        found = tuple(end.outcome.value if end else "not settled" for end in ends)
        return found or tuple(dict.fromkeys(taken.receipt.value for taken in arrival.taken)) or (NOT_PROVEN,)

    @property
    def lines(self) -> tuple[OrderLine, ...]:
        """The order's lines as they were placed."""
        return self.stage.placed.lines

    @property
    def everything(self) -> tuple[Decimal, ...]:
        """Everything ordered, line by line."""
        return tuple(line.quantity.value for line in self.lines)

    def answered(self, *lines: Sequence[AnswerPart], number: str = "ACK-1") -> OrderAcknowledgement:
        """Return an answer of these parts, line by line."""
        return OrderAcknowledgement(
            number=number,
            po_number=self.stage.order.name,
            supplier=self.stage.order.supplier,
            issued_at=self.stage.now(),
            lines=tuple(
                LineAnswer(number=line.number, parts=tuple(parts))
                for line, parts in zip(self.lines, lines, strict=True)
            ),
        )

    def accepted(self) -> OrderAcknowledgement:
        """Return the answer that accepts everything."""
        return self.answered(*([part(line, AnswerKind.ACCEPTED)] for line in self.lines))

    def shipped(self, quantities: Sequence[Decimal], number: str) -> ShipNotice:
        """Return a notice that so many of each line are on their way."""
        pairs = zip(self.lines, quantities, strict=True)
        return ShipNotice(
            number=number,
            po_number=self.stage.order.name,
            supplier=self.stage.order.supplier,
            shipped_at=self.stage.now(),
            expected_on=self.stage.day(2).date(),
            lines=tuple(
                ShippedLine(number=line.number, quantity=_so_many(line, value), gtin=line.gtin)
                for line, value in pairs
                if value
            ),
        )

    def billed(
        self, quantities: Sequence[Decimal], number: str, *, rise: Decimal = Decimal(0), off_by: Decimal = Decimal(0)
    ) -> SupplierInvoice:
        """Return an invoice over so many of each line; the price of the first rises by a part, the total may be off."""
        pairs = [(line, value) for line, value in zip(self.lines, quantities, strict=True) if value]
        prices = [
            line.unit_price * (1 + rise) if place == 0 else line.unit_price for place, (line, _) in enumerate(pairs)
        ]
        lines = [
            InvoiceLine(
                number=place,
                order_line=line.number,
                supplier_item=line.supplier_item,
                quantity=_so_many(line, value),
                unit_price=price,
                amount=round_money(value * price, self.stage.order.currency),
            )
            for place, ((line, value), price) in enumerate(zip(pairs, prices, strict=True), start=1)
        ]
        return SupplierInvoice(
            number=number,
            po_number=self.stage.order.name,
            supplier=self.stage.order.supplier,
            issued_on=self.stage.now().date(),
            currency=self.stage.order.currency,
            lines=tuple(lines),
            total=sum((line.amount for line in lines), start=off_by),
        )

    async def rejects(self, invoice: str) -> None:
        """Have accounts payable reject an invoice that is held; what the language cannot say, a person tells."""
        await self.stage.decides(CaseKind.INVOICE_MATCH, Resolution.REJECT)
        if any(case.kind is CaseKind.PARTNER_REJECTION for case in self.stage.open_cases()):
            await self.stage.decides(CaseKind.PARTNER_REJECTION, Resolution.DISMISS)
        verdicts = {one.number: one.verdict for one in self.stage.shown.invoices}
        self.expects(f"invoice {invoice} after the decision", "rejected", verdicts.get(invoice, "not there"))


def part(
    line: OrderLine,
    kind: AnswerKind,
    quantity: Decimal | None = None,
    *,
    promised_on: date | None = None,
    item: str | None = None,
) -> AnswerPart:
    """Return what becomes of (a part of) a line."""
    value = line.quantity.value if quantity is None else quantity
    return AnswerPart(kind=kind, quantity=_so_many(line, value), promised_on=promised_on, item=item)


def _so_many(line: OrderLine, value: Decimal) -> Quantity:
    return Quantity(value=value, unit=line.quantity.unit)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words) or "none"

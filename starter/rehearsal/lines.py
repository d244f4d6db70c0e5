"""How a partner writes the lines of our order: under which numbers, in which sequence, by which names of the item."""

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from adapters.documents.reading import IdentifierKind
from adapters.partners import PartnerProfile
from domain.acknowledgement import LineAnswer
from domain.delivery import ShippedLine
from domain.invoice import InvoiceLine
from domain.purchase_order import OrderLine, PurchaseOrder
from starter.rehearsal.samples import Sample, numbers_its_own_lines

Numbered = TypeVar("Numbered", LineAnswer, ShippedLine, InvoiceLine)
_SHORTEST_GTIN = 12
_DIGITS = re.compile(r"[0-9]+")


class Lines:
    """A partner's numbering. One with numbers of its own has a sequence of its own as well."""

    def __init__(self, profile: PartnerProfile, samples: tuple[Sample, ...]) -> None:
        self._are_its_own = not profile.lines_echo_ours or bool(numbers_its_own_lines(samples))

    def number(self, sample: str, place: int, ours: OrderLine) -> str:
        """Return a line's number where the sample has one: ours or its own, in as many digits."""
        number = place + 1 if self._are_its_own else ours.number
        return _DIGITS.sub(lambda digits: str(number).zfill(len(digits.group())), sample, count=1)

    def beside(self, lines: Sequence[Numbered], order: PurchaseOrder) -> list[tuple[Numbered, OrderLine]]:
        """Return a document's lines with the order's, in the partner's sequence."""
        pairs = [(line, ours) for line in lines if (ours := order.line(_order_line(line))) is not None]
        return pairs[::-1] if self._are_its_own else pairs


def item_number(kind: IdentifierKind, ours: OrderLine, sample: str) -> str:
    """Return the number a line's item goes by, of the sample's kind; what we have none of stays the sample's."""
    ask = _NUMBERS.get(kind)
    return ask(ours, sample) if ask and sample else sample


def _order_line(line: LineAnswer | ShippedLine | InvoiceLine) -> int:
    return line.order_line or 0 if isinstance(line, InvoiceLine) else line.number


def _gtin(ours: OrderLine, sample: str) -> str:
    """Return the GTIN in as many digits as the sample's."""
    return (ours.gtin or sample)[-max(len(sample), _SHORTEST_GTIN) :]


_NUMBERS: dict[IdentifierKind, Callable[[OrderLine, str], str]] = {
    IdentifierKind.SUPPLIER_ITEM: lambda ours, sample: ours.supplier_item or sample,
    IdentifierKind.BUYER_ITEM: lambda ours, _: ours.item,
    IdentifierKind.GTIN: _gtin,
}

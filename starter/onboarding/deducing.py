"""What every drafter has in common: samples, what was deduced of them, and the questions every language has."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from adapters.documents.correspondents import Correspondent
from adapters.documents.reading import DocumentKind, Party, Reading, ReadLine, ReadQuantity
from starter.onboarding.page import Entry, Plain, valid

FROM_SUPPLIERS = frozenset(
    {
        DocumentKind.ORDER_ACKNOWLEDGEMENT,
        DocumentKind.SHIP_NOTICE,
        DocumentKind.SUPPLIER_INVOICE,
        DocumentKind.CREDIT_NOTE,
        DocumentKind.PRICE_CATALOGUE,
    }
)
FROM_US = frozenset(
    {
        DocumentKind.PURCHASE_ORDER,
        DocumentKind.PURCHASE_ORDER_CHANGE,
        DocumentKind.PURCHASE_ORDER_CANCELLATION,
        DocumentKind.REMITTANCE,
    }
)
MEANT = {
    "CASE": "CA", "CASES": "CA", "CS": "CA", "EACH": "EA", "BOX": "BX", "BOXES": "BX", "PACK": "PK", "PKG": "PK",
    "BAG": "BG", "ROLL": "RL", "CTN": "CT", "CARTON": "CT", "PAIR": "PR", "DOZEN": "DZ", "KIT": "KT", "VL": "VI",
    "VIAL": "VI", "BTL": "BO", "BOTTLE": "BO", "TRAY": "TY", "UNIT": "EA", "PCS": "PC", "PIECE": "PC",
}  # fmt: skip
"""What people mean by units that are none: only ever suggested."""
Counted = TypeVar("Counted")


@dataclass(frozen=True)
class Sample:
    """A document of the partner, or one of ours to it, as it came."""

    name: str
    body: bytes


@dataclass(frozen=True)
class Deduced:
    """What a language's samples say of its partner."""

    name: str
    entries: tuple[Entry, ...]
    kind: Literal["supplier", "inventory"] = "supplier"


def most_common(found: Iterable[Counted]) -> Counted | None:
    """Return what was seen most often, the first of equals."""
    return next((value for value, _ in Counter(found).most_common(1)), None)


def seen(found: Iterable[str]) -> str:
    """Say what was seen how often."""
    return ", ".join(f"{value} ({count})" for value, count in Counter(found).most_common(8))


def units_asked(readings: Sequence[Reading], known_as: str) -> tuple[Entry, ...]:
    """Ask what the units mean that are none of the standard's list."""
    unknown = Counter(
        quantity.raw_unit for quantity in _quantities(readings) if quantity.unit is None and quantity.raw_unit
    )
    if not unknown:
        return ()
    suggested: Plain = {unit: MEANT.get(unit.upper(), "??") for unit in unknown}
    decide = "what these mean in X12 element 355; until then a person is asked about every line with one"
    return (Entry("units", suggested, f"no units of {known_as}: {seen(unknown.elements())}", decide, is_question=True),)


def lines_echo_ours(readings: Sequence[Reading]) -> Entry:
    """Say whether the line numbers look like those of our orders, which count from 1 without gaps."""
    about = [reading for reading in readings if reading.kind in FROM_SUPPLIERS and reading.lines]
    ours = {reading.po_number: _numbers(reading) for reading in readings if reading.kind is DocumentKind.PURCHASE_ORDER}
    odd = next((why for reading in about if (why := _oddity(reading, ours.get(reading.po_number)))), "")
    if odd:
        return Entry(
            "lines_echo_ours", value=False, found=odd, check="true where it repeats the line numbers of our orders"
        )
    if not about:
        return Entry(
            "lines_echo_ours", value=True, check="false where it does not repeat the line numbers of our orders"
        )
    known = any(reading.po_number in ours for reading in about)
    how = "are those of our orders among the samples" if known else "look like ours: they count from 1"
    decide = "" if known else "send it an order with lines in an unusual sequence, and see"
    return Entry("lines_echo_ours", value=True, found=f"line numbers {how}", check=decide)


def production(readings: Sequence[Reading]) -> Entry:
    """A partner whose samples are tests is under test."""
    tests = sum(reading.details.get("usage") == "T" for reading in readings)
    if tests:
        found = f"{tests} of {len(readings)} documents are marked as tests"
        return Entry("in_production", value=False, found=found, check="true once it goes live: tests are refused then")
    return Entry("in_production", value=True, check="false while it is tested: ours are then marked as tests")


def time_zone() -> Entry:
    """No sample tells where its clock stands."""
    return Entry("time_zone", "UTC", check="the zone of the moments it writes, as America/Chicago")


def stock_entries() -> tuple[Entry, ...]:
    """Return what every point of use is asked, whatever its language."""
    return (
        Entry("case_key", "env:CASE_KEY", check="where the key is that turns case numbers into references"),
        Entry(
            "usage_orders_again", value=False, check="true where nobody counts the stock, and usage is to be ordered"
        ),
        time_zone(),
    )


def correspondents(readings: Sequence[Reading], schemes: dict[str, str]) -> tuple[Entry, ...]:
    """Return what the documents call us and them; `schemes` are the language's own, to ours."""
    asked = {"us": "buyer", "them": "supplier"}
    found = (_correspondent(name, role, readings, schemes) for name, role in asked.items())
    return tuple(entry for entry in found if entry is not None)


def _correspondent(name: str, role: str, readings: Sequence[Reading], schemes: dict[str, str]) -> Entry | None:
    parties = [party for reading in readings for party in reading.parties if party.role == role]
    called = most_common(party.name[:80] for party in parties if party.name)
    if called is None:
        return None
    ids: Plain = {ours: number for party in parties for ours, number in _id(party, schemes)}
    inside = [
        Entry("name", called, found=f"the {role} its documents name: {seen(party.name for party in parties)}"),
        Entry("ids", ids),
    ]
    checked = valid(Correspondent, *(entry for entry in inside if entry.value))
    return Entry(name, check="the address, where orders are to name it", inside=checked)


def _id(party: Party, schemes: dict[str, str]) -> Iterator[tuple[str, str]]:
    ours = schemes.get(party.scheme)
    if ours is not None and party.id:
        yield ours, party.id


def _quantities(readings: Sequence[Reading]) -> Iterator[ReadQuantity]:
    for line in (line for reading in readings for line in reading.lines):
        named = (line.quantity, line.ordered, line.remaining, *(said.quantity for said in line.dispositions))
        yield from (quantity for quantity in named if quantity is not None)


def _numbers(reading: Reading) -> set[str]:
    return {line.number.lstrip("0") for line in reading.lines if line.number}


def _oddity(reading: Reading, ours: set[str] | None) -> str:
    """Say why the line numbers cannot be those of our order, or nothing."""
    numbers = [line.order_line for line in reading.lines]
    name = f"{reading.kind} {reading.number or reading.po_number or ''}".rstrip()
    if not all(number and number.isascii() and number.isdigit() for number in numbers):
        return f"{name} has lines that name no line of an order by a number"
    plain = [(number or "").lstrip("0") for number in numbers]
    if ours is not None:
        return "" if set(plain) <= ours else f"{name} has other line numbers than the order among the samples"
    if _is_shared(reading.lines):
        return f"{name} has one line number for several items"
    if reading.kind is DocumentKind.ORDER_ACKNOWLEDGEMENT and set(plain) != {
        str(n + 1) for n in range(len(set(plain)))
    }:
        return f"{name} does not count its lines 1, 2, 3 as our orders do"
    return ""


def _is_shared(lines: Sequence[ReadLine]) -> bool:
    items: dict[str | None, set[tuple[str, ...]]] = {}
    for line in lines:
        items.setdefault(line.order_line, set()).add(tuple(one.normalised for one in line.identifiers[:1]))
    return any(len(of_number) > 1 for of_number in items.values())

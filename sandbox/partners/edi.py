"""A supplier's own X12 004010: writes 855, 856, 810 and 997, reads 850, 860 and 997."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sandbox.partners.trading import Answer, Bill, Goods, Line, Order, Promise, Shipment

Segment = list[str]

GROUPS = {"855": "PR", "856": "SH", "810": "IN", "997": "FA"}
STATUSES = {"accepted": "IA", "backordered": "IB", "substituted": "IS", "rejected": "IR"}
DELETED = "DI"
TAKEN_BACK = "01"


@dataclass(frozen=True)
class Names:
    """Whose interchanges they are: the supplier's id, and the buyer's."""

    ours: str
    theirs: str


@dataclass(frozen=True)
class Received:
    """One set of an interchange we were sent, with the numbers that name it."""

    code: str
    interchange: str
    functional_id: str
    group: str
    control: str
    segments: list[Segment]

    @property
    def name(self) -> str:
        """What a copy repeats."""
        return f"{self.interchange}-{self.group}-{self.control}"

    def first(self, name: str) -> Segment:
        """Return the first segment of a name, padded so that every element can be asked for."""
        found = next((segment for segment in self.segments if segment[0] == name), [name])
        return found + [""] * (20 - len(found))


def read(text: str) -> list[Received]:
    """Return the sets of one interchange."""
    separator, terminator = text[3], text[105]
    segments = [piece.strip().split(separator) for piece in text.split(terminator) if piece.strip()]
    interchange = segments[0][13]
    sets: list[Received] = []
    group: Segment = []
    for segment in segments:
        if segment[0] == "GS":
            group = segment
        elif segment[0] == "ST":
            sets.append(Received(segment[1], interchange, group[1], group[6], segment[2], []))
        elif segment[0] not in {"ISA", "SE", "GE", "IEA"}:
            sets[-1].segments.append(segment)
    return sets


def order_of(received: Received) -> Order:
    """Return the order an 850 places, or an 860 changes it to."""
    is_change = received.code == "860"
    heading, lines = received.first("BCH" if is_change else "BEG"), "POC" if is_change else "PO1"
    ship_to = next(segment for segment in received.segments if segment[:2] == ["N1", "ST"])
    return Order(
        po_number=heading[3],
        facility=ship_to[4],
        location=received.first("N2")[1] or ship_to[4],
        currency=received.first("CUR")[2] or "USD",
        lines=tuple(_line(segment) for segment in received.segments if segment[0] == lines and segment[2] != DELETED),
        reference=received.name,
    )


def _line(segment: Segment) -> Line:
    number, *rest = segment[1:]
    quantity, unit, price, _, *pairs = rest if segment[0] == "PO1" else [rest[1], *rest[3:]]
    numbers = dict(zip(pairs[::2], pairs[1::2], strict=True))
    return Line(int(number), numbers["BP"], numbers.get("VP", numbers["BP"]), Decimal(quantity), unit, Decimal(price))


def po_number_taken_back(received: Received) -> str | None:
    """Return the order an 860 takes back, or None where it changes one."""
    heading = received.first("BCH")
    return heading[3] if received.code == "860" and heading[1] == TAKEN_BACK else None


def verdict_of(received: Received) -> tuple[str, str]:
    """Return the group a 997 is about, and what it says of it."""
    return received.first("AK1")[2], received.first("AK9")[1]


def acknowledgement(answer: Answer, at: datetime) -> list[Segment]:
    """Return the body of an 855."""
    kind = "AD" if answer.is_plain else "AC"
    body = [["BAK", "00", kind, answer.order.po_number, _day(at), "", "", "", answer.number, _day(at)]]
    body.append(["REF", "VN", answer.number])
    for line, promises in answer.promises:
        body.append(
            ["PO1", str(line.number), _plain(line.quantity), line.unit, _plain(line.price), "", *_numbers(line)]
        )
        body += [_ack(line, promise) for promise in promises]
    return [*body, ["CTT", str(len(answer.promises))]]


def _ack(line: Line, promise: Promise) -> Segment:
    segment = ["ACK", STATUSES[promise.kind], _plain(promise.quantity), line.unit]
    if promise.kind != "rejected":
        segment += ["068", promise.on.strftime("%Y%m%d")]
    return [*segment, "", "VP", promise.item] if promise.item else segment


def ship_notice(shipment: Shipment, at: datetime) -> list[Segment]:
    """Return the body of an 856: shipment, order, one pallet, and an item level for every lot on it."""
    order = shipment.order
    body = [
        ["BSN", "00", shipment.number, _day(at), at.strftime("%H%M"), "0001"],
        ["HL", "1", "", "S", "1"],
        ["TD1", "PLT", "1"],
        ["TD5", "", "", "", "M", "Roadrunner"],
        ["REF", "BM", f"BOL{shipment.number[-8:]}"],
        ["DTM", "011", _day(at)],
        ["DTM", "017", shipment.expected_on.strftime("%Y%m%d")],
        ["N1", "ST", order.facility, "92", order.facility],
        ["HL", "2", "1", "O", "1"],
        ["PRF", order.po_number],
        ["HL", "3", "2", "P", "1"],
        ["MAN", "GM", f"00{shipment.sscc}"],
    ]
    for level, goods in enumerate(shipment.goods, start=4):
        body += _item(level, goods)
    return [*body, ["CTT", str(len(shipment.goods) + 3)]]


def _item(level: int, goods: Goods) -> list[Segment]:
    return [
        ["HL", str(level), "3", "I", "0"],
        ["LIN", str(goods.line.number), *_numbers(goods.line), "LT", goods.lot],
        ["SN1", str(goods.line.number), _plain(goods.quantity), goods.line.unit],
        ["DTM", "036", goods.expires_on.strftime("%Y%m%d")],
    ]


def invoice(bill: Bill, at: datetime) -> list[Segment]:
    """Return the body of an 810; TDS01 has two decimals and no point."""
    body = [["BIG", _day(at), bill.number, "", bill.order.po_number, "", "", "DI"], ["CUR", "SE", bill.order.currency]]
    for billed in bill.lines:
        line = billed.line
        quantity, price = _plain(line.quantity), _plain(billed.price)
        body.append(["IT1", str(line.number), quantity, line.unit, price, "", *_numbers(line)])
    return [*body, ["TDS", str(int(bill.total * 100))], ["CTT", str(len(bill.lines))]]


def functional(received: list[Received]) -> list[Segment]:
    """Return the body of a 997 that accepts a group."""
    sets = [[["AK2", one.code, one.control], ["AK5", "A"]] for one in received]
    count = str(len(received))
    opening = ["AK1", received[0].functional_id, received[0].group]
    return [opening, *(segment for pair in sets for segment in pair), ["AK9", "A", count, count, count]]


def interchange(code: str, body: list[Segment], names: Names, number: int, at: datetime) -> str:
    """Return an interchange with one group of one set, all three of the same number."""
    control = f"{number:04d}"
    segments = [
        ["ISA", "00", " " * 10, "00", " " * 10, "ZZ", f"{names.ours:<15}", "ZZ", f"{names.theirs:<15}",
         at.strftime("%y%m%d"), at.strftime("%H%M"), "U", "00401", f"{number:09d}", "0", "P", ":"],
        ["GS", GROUPS[code], names.ours, names.theirs, _day(at), at.strftime("%H%M"), str(number), "X", "004010"],
        ["ST", code, control], *body, ["SE", str(len(body) + 2), control],
        ["GE", "1", str(number)], ["IEA", "1", f"{number:09d}"],
    ]  # fmt: skip
    return "".join("|".join(segment) + "~\n" for segment in segments)


def broken(text: str) -> str:
    """Return an interchange whose SE does not repeat the number of its ST: its receiver must refuse the set."""
    before, separator, after = text.partition("~\nGE|")
    return f"{before}9{separator}{after}"


def _numbers(line: Line) -> Segment:
    return ["VP", line.supplier_item, "BP", line.item]


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _day(at: datetime) -> str:
    return at.strftime("%Y%m%d")

"""From a reading to the canonical document of one order: every line found on the order, nothing guessed.

A line is found by its number where the partner repeats ours, else by its item numbers, else by its place where it names
neither and the document has as many lines as the order. Where two ways disagree, or more than one line fits, a person
decides.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

from pydantic import TypeAdapter, ValidationError

from adapters.bad_document import BadDocumentError
from adapters.documents.billing import credit_note_of, invoice_of
from adapters.documents.conventions import Conventions
from adapters.documents.lines import LineNotFoundError, Placed
from adapters.documents.reading import Disposition, DocumentKind, Reading, ReadLine
from domain.acknowledgement import AnswerKind, AnswerPart, LineAnswer, OrderAcknowledgement
from domain.delivery import GoodsReceipt, LotQuantity, ReceivedLine, ShipNotice, ShippedLine
from domain.identifiers import Sscc
from domain.order_state import PartnerDocument
from domain.purchase_order import OrderLine, PurchaseOrder

ORDER_DOCUMENTS = frozenset(
    {
        DocumentKind.ORDER_ACKNOWLEDGEMENT,
        DocumentKind.SHIP_NOTICE,
        DocumentKind.GOODS_RECEIPT,
        DocumentKind.SUPPLIER_INVOICE,
        DocumentKind.CREDIT_NOTE,
    }
)
"""What an order's lifecycle is told of."""
EXPECTED = ("expected", "scheduled delivery", "estimated arrival", "promised delivery", "estimated delivery")
SHIPPED = ("shipped", "scheduled ship")
TAKEN_BACK = frozenset({"cancellation", "delete", "replacement"})
"""Purposes that undo an earlier document: never done by a machine."""
USAGE = {"x12": "ISA15", "cxml": "/cXML/Request/@deploymentMode"}
"""Where a language marks a document as a test."""
SENDING = frozenset({AnswerKind.ACCEPTED, AnswerKind.CHANGED, AnswerKind.SUBSTITUTED})
"""Kinds of answers that say what will be sent."""


_SSCC: TypeAdapter[str] = TypeAdapter(Sscc)


class NothingToTellError(Exception):
    """The document is read and kept, and says nothing an order has to know: which, in words."""


def place(reading: Reading, order: PurchaseOrder, conventions: Conventions) -> PartnerDocument:
    """Return the canonical document of a reading about this order.

    Raises BadDocumentError where a person must look, and NothingToTellError where there is nothing to tell.
    """
    refuse_unusable(reading, conventions)
    makers: dict[DocumentKind, Callable[[Placed], PartnerDocument]] = {
        DocumentKind.ORDER_ACKNOWLEDGEMENT: _acknowledgement,
        DocumentKind.SHIP_NOTICE: _ship_notice,
        DocumentKind.GOODS_RECEIPT: _goods_receipt,
        DocumentKind.SUPPLIER_INVOICE: invoice_of,
        DocumentKind.CREDIT_NOTE: credit_note_of,
    }
    placed = Placed(reading, order, conventions)
    try:
        return makers[reading.kind](placed)
    except LineNotFoundError as error:
        raise BadDocumentError(error.place, error.rule, error.remedy) from error
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in fault["loc"])
        raise BadDocumentError(where, fault["msg"].removeprefix("Value error, ")) from error


def refuse_unusable(reading: Reading, conventions: Conventions) -> None:
    """Raise NothingToTellError for what changes no order, and BadDocumentError for what must not be acted on."""
    if reading.kind not in ORDER_DOCUMENTS:
        raise NothingToTellError(f"a {reading.kind} is kept, and changes no order")
    if not reading.is_usable:
        worst = next(finding for finding in reading.findings if finding.severity == "error")
        raise BadDocumentError(worst.position, worst.message, worst.remedy)
    if reading.purpose in TAKEN_BACK:
        rule = f"is a {reading.purpose} of an earlier document, which is never applied by itself"
        raise BadDocumentError("purpose", rule, "settle it with the supplier")
    if conventions.is_production and reading.details.get("usage") == "T":
        where = USAGE.get(reading.language.partition(" ")[0], "the document")
        raise BadDocumentError(where, "is marked as a test, and this partner is in production")


def _acknowledgement(placed: Placed) -> OrderAcknowledgement:
    reading = placed.reading
    answers = [(_answered_line(placed, line), line) for line in reading.lines if line.dispositions]
    lines = [
        LineAnswer(number=number, parts=tuple(_parts(placed, number, [line for _, line in group])))
        for number, group in groupby(sorted(answers, key=itemgetter(0)), key=itemgetter(0))
    ]
    whole = reading.whole_answer
    if not lines and whole is None:
        raise NothingToTellError("the supplier says that it has the order, and answers nothing yet")
    if whole not in {None, AnswerKind.ACCEPTED, AnswerKind.REJECTED}:
        lines += _spread(placed, whole, {line.number for line in lines})
        whole = None
    return OrderAcknowledgement.model_validate(
        {
            "number": placed.number,
            "po_number": placed.order.name,
            "supplier": placed.order.supplier,
            "issued_at": placed.issued_at,
            "whole_order": whole,
            "lines": tuple(lines),
        }
    )


def _answered_line(placed: Placed, line: ReadLine) -> int:
    """Return the number of the order's line; a line the supplier added keeps its own, and is a discrepancy."""
    if line.change == "add":
        used = {ours.number for ours in placed.order.lines}
        own = int(line.number) if line.number and line.number.isascii() and line.number.isdigit() else 0
        return own if own and own not in used else max(used) + line.position
    return placed.line(line).number


def _parts(placed: Placed, number: int, lines: list[ReadLine]) -> Iterator[AnswerPart]:
    ours = placed.order.line(number)
    for line in lines:
        for said in line.dispositions:
            if said.kind is None:
                rule = "has a status that neither accepts nor refuses it"
                raise BadDocumentError(f"line {line.position}", rule, "ask the supplier what it means")
            yield _part(placed, said, line, ours)


def _part(placed: Placed, said: Disposition, line: ReadLine, ours: OrderLine | None) -> AnswerPart:
    quantity = said.quantity or line.quantity
    kind, item = _sent(said, ours)
    return AnswerPart(
        kind=kind,
        quantity=placed.quantity(quantity, line, ours),
        unit_price=said.unit_price,
        promised_on=said.promised_on,
        item=item,
        reason=_in_words(said.reason, placed.conventions)[:500],
        raw_codes=said.raw_codes,
    )


def _sent(said: Disposition, ours: OrderLine | None) -> tuple[AnswerKind, str | None]:
    """Return the kind of an answer and the item it will send: cXML names one even where it is the item ordered."""
    kind = said.kind or AnswerKind.ON_HOLD
    if kind not in SENDING or not said.item or ours is None or ours.supplier_item is None:
        return kind, said.item
    if said.item in {ours.supplier_item, ours.item, ours.gtin}:
        return (AnswerKind.CHANGED if kind is AnswerKind.SUBSTITUTED else kind), None
    return AnswerKind.SUBSTITUTED, said.item


def _in_words(reason: str, conventions: Conventions) -> str:
    """Return a reason with the partner's own codes explained, each kept behind its meaning."""
    parts = (part.strip() for part in reason.split(";"))
    known = conventions.reasons
    return "; ".join(f"{known[part]} ({part})" if part in known else part for part in parts)


def _spread(placed: Placed, kind: AnswerKind | None, answered: set[int]) -> Iterator[LineAnswer]:
    """Yield one answer for every line not answered by itself."""
    for line in placed.order.lines:
        if line.number not in answered and kind is not None:
            yield LineAnswer(number=line.number, parts=(AnswerPart(kind=kind, quantity=line.quantity),))


def _ship_notice(placed: Placed) -> ShipNotice:
    reading = placed.reading
    about = [line for line in reading.lines if line.po_number in {None, placed.order.name}]
    dates = {named.meaning: named for named in reversed(reading.dates)}
    expected = next((dates[meaning].on for meaning in EXPECTED if meaning in dates), None)
    shipped = next((dates[meaning] for meaning in SHIPPED if meaning in dates), None)
    return ShipNotice(
        number=placed.number,
        po_number=placed.order.name,
        supplier=placed.order.supplier,
        shipped_at=placed.moment(shipped.at, shipped.on) if shipped else placed.issued_at,
        expected_on=expected,
        carrier=reading.carrier,
        tracking=next(iter(reading.tracking), None),
        packages=tuple(mark for mark in reading.packages if _is_sscc(mark)),
        lines=tuple(_shipped(placed, about)) or tuple(_shipped_whole(placed)),
    )


def _shipped(placed: Placed, lines: list[ReadLine]) -> Iterator[ShippedLine]:
    """One line an order line: several item levels of one line, as one a lot, are added up."""
    found = sorted(((placed.line(line).number, line) for line in lines), key=itemgetter(0))
    for number, group in groupby(found, key=itemgetter(0)):
        parts = [line for _, line in group]
        ours = placed.order.line(number)
        quantities = [placed.quantity(line.quantity, line, ours) for line in parts]
        total = quantities[0]
        for quantity in quantities[1:]:
            total += quantity if quantity.unit == total.unit else placed.converted(quantity, total.unit, ours)
        yield ShippedLine(
            number=number,
            quantity=total,
            gtin=next((one.normalised for line in parts for one in line.identifiers if one.kind == "gtin"), None),
            lots=tuple(lot for line in parts for lot in _lots(placed, line, ours)),
        )


def _shipped_whole(placed: Placed) -> Iterator[ShippedLine]:
    """Yield the order's own lines, where the notice says that all of them are shipped and lists none."""
    if placed.order.name in placed.reading.whole_orders:
        for line in placed.order.lines:
            if line.quantity.value > 0:
                yield ShippedLine(number=line.number, quantity=line.quantity, gtin=line.gtin)


def _lots(placed: Placed, line: ReadLine, ours: OrderLine | None) -> Iterator[LotQuantity]:
    """Yield the lots whose quantity is said: their own, or the whole line's where there is only one."""
    for lot in line.lots:
        quantity = lot.quantity or (line.quantity if len(line.lots) == 1 else None)
        name = lot.lot or lot.serial
        if quantity is not None and name:
            yield LotQuantity(
                lot=name,
                quantity=placed.quantity(quantity, line, ours),
                expires_on=lot.expires_on,
                serial=lot.serial,
            )


def _goods_receipt(placed: Placed) -> GoodsReceipt:
    reading = placed.reading
    received = next((named for named in reading.dates if named.meaning in {"received", "delivered"}), None)
    return GoodsReceipt(
        number=placed.number,
        po_number=placed.order.name,
        facility=placed.order.facility,
        location=placed.order.deliver_to,
        received_at=placed.moment(received.at, received.on) if received else placed.issued_at,
        receiver=placed.conventions.supplier,
        lines=tuple(_received(placed, line) for line in reading.lines),
    )


def _received(placed: Placed, line: ReadLine) -> ReceivedLine:
    ours = placed.line(line)
    accepted = placed.quantity(line.quantity, line, ours)
    lots = tuple(_lots(placed, line, ours))
    adds_up = sum((lot.quantity.value for lot in lots), start=Decimal(0)) == accepted.value
    return ReceivedLine(
        number=ours.number,
        item=ours.item,
        accepted=accepted,
        rejected=None if line.rejected is None else placed.quantity(line.rejected, line, ours),
        lots=lots if adds_up else (),
    )


def _is_sscc(mark: str) -> bool:
    try:
        _SSCC.validate_python(mark)
    except ValidationError:
        return False
    return True

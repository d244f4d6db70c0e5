"""What would become of one document: placed as the dispatcher places it, and told in words."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from adapters.bad_document import BadDocumentError
from adapters.documents.channel import Part
from adapters.documents.placing import NothingToTellError
from adapters.documents.reading import DocumentKind, Reading, ReadLine
from adapters.documents.unplaced import UnplacedDocument
from adapters.partners import PartnerProfile
from domain.acknowledgement import AnswerKind
from domain.delivery import ShipNotice
from domain.order_state import PartnerDocument
from domain.par_breach import ParBreach
from domain.policy import CaseKind, Policy
from domain.purchase_order import PurchaseOrder
from domain.usage import ReplenishmentRequest, Usage
from starter.acknowledgements import ACCEPTED, verdict_of
from starter.dispatcher import BROKEN
from starter.onboarding.checked import Heard, Outcome, Verdict
from starter.onboarding.consequences import consequence_of
from starter.onboarding.implied_order import about, implied_order
from starter.onboarding.stock import reported


@dataclass(frozen=True)
class Judge:
    """Knows the partner, the orders its documents are compared with, and the hospital's rules."""

    profile: PartnerProfile
    orders: Mapping[str, PurchaseOrder]
    policy: Policy
    at: datetime

    def verdict(self, reading: Reading, part: Part) -> Verdict:
        """Return what would become of a document beside the order it names, or the one it implies."""
        if part.errors:
            return self._to_a_person(part, CaseKind.UNREADABLE_DOCUMENT, str(part.errors[0]), Outcome.REFUSED)
        try:
            return self._heard(reading, part)
        except NothingToTellError as nothing:
            return _verdict(part, Outcome.KEPT, f"kept: {nothing}", is_acted_on=True)
        except BadDocumentError as error:
            remedy = f"; {error.remedy}" if error.remedy else ""
            return self._to_a_person(part, CaseKind.UNCLEAR_DOCUMENT, f"{error}{remedy}")
        except BROKEN as error:
            rule = (
                f"cannot be handled ({type(error).__name__}), which is a defect of ours: report it with this document"
            )
            return self._to_a_person(part, CaseKind.POISON_EVENT, rule)

    def _heard(self, reading: Reading, part: Part) -> Verdict:
        document = UnplacedDocument(reading, self.profile.conventions, self.profile.point_of_use)
        if document.kind is DocumentKind.FUNCTIONAL_ACKNOWLEDGEMENT:
            return self._filed(reading, part)
        report = document.of_stock()
        if report is not None:
            return self._of_stock(report, part)
        if part.po_number is None:
            return self._unnamed(document, part)
        return self._placed(document, part, part.po_number)

    def unreadable(self, part: Part, error: BadDocumentError) -> Verdict:
        """Return what becomes of a part that cannot be read again by itself."""
        return self._to_a_person(part, CaseKind.POISON_EVENT, str(error))

    def event(self, document: Heard, event_id: str) -> Verdict:
        """Return what one of our own JSON events would bring about."""
        if isinstance(document, ParBreach | Usage | ReplenishmentRequest):
            return self._replenished(document, Part(event_id, b"", DocumentKind.UNKNOWN, None, None))
        part = Part(event_id, b"", DocumentKind.UNKNOWN, document.number, document.po_number)
        order = self.orders.get(document.po_number)
        if order is None:
            summary = (
                f"read as {document.kind} {document.number}; what it brings about shows beside the order (--against)"
            )
            return _verdict(part, Outcome.APPLIED, summary, is_acted_on=True)
        return self._consequence(document, part, order, "given")

    def _of_stock(self, report: Usage | ReplenishmentRequest, part: Part) -> Verdict:
        """What a point of use reports is about stock, and its facility one the partner may speak for."""
        kept = self.profile.facilities
        if report.facility != (part.facility if part.facility in kept else next(iter(kept), None)):
            raise BadDocumentError("the facility", "must be one whose stock this partner keeps", "correct its page")
        return self._replenished(report, part)

    def _replenished(self, report: ParBreach | Usage | ReplenishmentRequest, part: Part) -> Verdict:
        summary, says = reported(report, orders_again=self.profile.usage_orders_again)
        found = _verdict(part, Outcome.APPLIED, summary, is_acted_on=True)
        return found.model_copy(update={"says": says, "document": report})

    def _unnamed(self, document: UnplacedDocument, part: Part) -> Verdict:
        document.refuse_unless_usable()
        return self._to_a_person(part, CaseKind.UNMATCHED_EVENT, "it names no order")

    def _placed(self, unplaced: UnplacedDocument, part: Part, po_number: str) -> Verdict:
        reading = unplaced.reading
        order = self.orders.get(po_number)
        is_given = order is not None
        order = order or implied_order(reading, po_number, self.profile.conventions)
        document = unplaced.beside(order)
        found = self._consequence(document, part, order, "given" if is_given else "implied")
        more = (*self._ties(reading, order, po_number), *_dropped_lots(reading, document, po_number))
        if not is_given:
            more = (*more, *_unseen(reading), *self._not_given(po_number))
        return found.model_copy(update={"says": (*found.says, *more)})

    def _consequence(self, document: PartnerDocument, part: Part, order: PurchaseOrder, whose: str) -> Verdict:
        key = f"{self.profile.code}/{part.event_id}"[:200]
        found = consequence_of(key, document, order, self.policy, self.at)
        return _verdict(part, found.outcome, found.summary, is_acted_on=True).model_copy(
            update={
                "case": found.case,
                "says": found.says,
                "discrepancies": found.discrepancies,
                "order_is": whose,
                "order": order,
                "document": document,
            }
        )

    def _filed(self, reading: Reading, part: Part) -> Verdict:
        """A functional acknowledgement is about a document of ours: which one only the running system knows."""
        group = " ".join(filter(None, (reading.details.get("acknowledged functional id"), reading.number)))
        if not group:
            said = reading.details.get("verdict") or reading.raw_type or "nothing of it"
            summary = f"the answer to a post of ours, taken where we post: {said}"
            return _verdict(part, Outcome.FILED, summary, is_acted_on=True)
        said = verdict_of(reading)
        summary = f"filed under our document {group}: {'read' if said in ACCEPTED else 'refused'} ({said})"
        says = ("put to a person where we sent no such document (unmatched event)",)
        found = _verdict(part, Outcome.FILED, summary, is_acted_on=True).model_copy(update={"says": says})
        if said in ACCEPTED:
            return found
        owner = self.policy.owner_of(CaseKind.REFUSED_DOCUMENT)
        more = (*says, f"{owner} is asked to send it again or to settle it with the partner")
        return found.model_copy(update={"case": CaseKind.REFUSED_DOCUMENT, "says": more})

    def _to_a_person(self, part: Part, kind: CaseKind, why: str, outcome: Outcome = Outcome.TO_A_PERSON) -> Verdict:
        summary = f"{outcome} ({kind}, {self.policy.owner_of(kind)}): {why}"
        return _verdict(part, outcome, summary, is_acted_on=False).model_copy(update={"case": kind})

    def _ties(self, reading: Reading, order: PurchaseOrder, po_number: str) -> Iterator[str]:
        """Say how its lines find the lines of the order."""
        lines = about(reading, po_number)
        ways = Counter(_way(line, order, lines_echo_ours=self.profile.lines_echo_ours) for line in lines)
        if ways:
            listed = ", ".join(f"{way} ({count})" for way, count in ways.items())
            yield f"its lines are found on the order by {listed}"

    def _not_given(self, po_number: str) -> Iterator[str]:
        if self.orders:
            yield f"{po_number} is none of the orders given: this is beside the order it implies"


def _verdict(part: Part, outcome: Outcome, summary: str, *, is_acted_on: bool) -> Verdict:
    return Verdict(
        event_id=part.event_id, po_number=part.po_number, outcome=outcome, is_acted_on=is_acted_on, summary=summary
    )


def _way(line: ReadLine, order: PurchaseOrder, *, lines_echo_ours: bool) -> str:
    number = line.order_line or ""
    is_number = number.isascii() and number.isdigit() and len(number) < len("0000000000")
    if lines_echo_ours and is_number and order.line(int(number)) is not None:
        return "line number"
    return "item numbers" if line.identifiers else "place"


def _dropped_lots(reading: Reading, document: PartnerDocument, po_number: str) -> Iterator[str]:
    if not isinstance(document, ShipNotice):
        return
    named = sum(len(line.lots) for line in about(reading, po_number))
    kept = sum(len(line.lots) for line in document.lines)
    if named > kept:
        yield f"{named - kept} of its lots name no quantity and are not handed on"


def _unseen(reading: Reading) -> Iterator[str]:
    """Say what cannot show beside an order made of the document itself."""
    if any(said.kind is AnswerKind.CHANGED for line in reading.lines for said in line.dispositions):
        yield "it says that it changes lines: what it changes shows only beside the order itself (--against)"

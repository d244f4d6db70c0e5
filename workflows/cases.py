"""The exception cases of one lifecycle: opened once, closed by a decision or by their cause going away."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel
from temporalio.exceptions import ApplicationError

from domain.exception_case import Decision, Discrepancy, ExceptionCase, Resolution, case_id
from domain.identifiers import FacilityCode, OrderKey, RequisitionNumber, SupplierCode
from domain.policy import CaseKind, Policy


class CaseFile(BaseModel):
    """Every case of one lifecycle, by id. Plain data: carried over when the lifecycle continues as new."""

    policy: Policy
    requisition: RequisitionNumber
    facility: FacilityCode
    order_key: OrderKey | None = None
    supplier: SupplierCode | None = None
    cases: dict[str, ExceptionCase] = {}
    acted_on: list[str] = []
    """Cases whose decision the story has carried out."""

    def open(
        self,
        kind: CaseKind,
        subject: str,
        summary: str,
        *,
        at: datetime,
        choices: Sequence[Resolution],
        discrepancies: Sequence[Discrepancy] = (),
    ) -> ExceptionCase:
        """Open the case about this subject, or update the open one; a closed one has a successor.

        The first choice is the suggested one.
        """
        earlier = [case for case in self.cases.values() if (case.kind, case.subject) == (kind, subject)]
        if earlier and earlier[-1].is_open:
            return self._updated(earlier[-1], summary, tuple(discrepancies), tuple(choices))
        owning = self.order_key or self.requisition
        case = ExceptionCase(
            id=case_id(self.facility, owning, kind, subject, str(len(earlier))),
            kind=kind,
            subject=subject,
            order_key=self.order_key,
            requisition=self.requisition,
            facility=self.facility,
            supplier=self.supplier,
            owner=self.policy.owner_of(kind),
            opened_at=at,
            due_at=at + self.policy.resolve_within,
            summary=summary,
            discrepancies=tuple(discrepancies),
            choices=tuple(choices),
            suggested=choices[0],
        )
        self.cases[case.id] = case
        return case

    def latest(self, kind: CaseKind, subject: str) -> ExceptionCase | None:
        """Return the newest case about this subject, open or closed."""
        found = [case for case in self.cases.values() if (case.kind, case.subject) == (kind, subject)]
        return found[-1] if found else None

    def take_decision(self, kind: CaseKind, subject: str) -> ExceptionCase | None:
        """Return the newest case about this subject if a person has decided it and nobody has acted on that; once."""
        case = self.latest(kind, subject)
        if case is None or case.decision is None or case.id in self.acted_on:
            return None
        self.acted_on.append(case.id)
        return case

    def decide(self, identifier: str, decision: Decision) -> ExceptionCase:
        """Close a case by a person's decision."""
        case = self.cases[identifier].decided(decision)
        self.cases[identifier] = case
        return case

    def cure(self, kind: CaseKind, subject: str, at: datetime) -> bool:
        """Close the open case about this subject because its cause went away; False where there is none."""
        case = self.latest(kind, subject)
        if case is None or not case.is_open:
            return False
        self.cases[case.id] = case.cured(at)
        return True

    def cure_all(self, kind: CaseKind, *, but: str | None = None, at: datetime) -> None:
        """Close every open case of a kind, but for the one about `but`."""
        for case in self.open_cases():
            if case.kind is kind and case.subject != but:
                self.cases[case.id] = case.cured(at)

    def close_all(self, at: datetime) -> None:
        """Close whatever is open: the lifecycle is over."""
        for case in self.open_cases():
            self.cases[case.id] = case.cured(at)

    def offered(self, identifier: str, resolution: Resolution) -> ExceptionCase:
        """Return the open case that offers this decision. Raises ApplicationError saying why there is none."""
        case = self.cases.get(identifier)
        if case is None:
            raise ApplicationError(f"There is no case {identifier} here", type="NotFound")
        if not case.is_open:
            raise ApplicationError(f"{identifier} is closed already", type="NotPossible")
        if resolution not in case.choices:
            choices = ", ".join(case.choices)
            raise ApplicationError(f"{identifier} can be decided by: {choices}", type="NotPossible")
        return case

    def escalate_overdue(self, at: datetime) -> tuple[ExceptionCase, ...]:
        """Hand every open case whose due time has passed to the next owner; return those handed over now."""
        overdue = [case for case in self.open_cases() if case.escalated_at is None and case.due_at <= at]
        escalated = tuple(case.escalated(self.policy.escalate_to, at) for case in overdue)
        self.cases |= {case.id: case for case in escalated}
        return escalated

    def open_cases(self) -> tuple[ExceptionCase, ...]:
        """Return the cases somebody must still decide, oldest first."""
        return tuple(case for case in self.cases.values() if case.is_open)

    def next_due(self) -> datetime | None:
        """Return when the next open case is to be escalated."""
        return min((case.due_at for case in self.open_cases() if case.escalated_at is None), default=None)

    def _updated(
        self, case: ExceptionCase, summary: str, discrepancies: tuple[Discrepancy, ...], choices: tuple[Resolution, ...]
    ) -> ExceptionCase:
        found = {"summary": summary, "discrepancies": discrepancies}
        updated = case.model_copy(update={**found, "choices": choices, "suggested": choices[0]})
        self.cases[case.id] = updated
        return updated

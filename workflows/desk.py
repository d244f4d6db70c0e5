"""The desk a lifecycle is worked from: it calls partners, puts questions to people, and waits."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Generic, TypeVar

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError
from temporalio.types import MethodAsyncSingleParam

with workflow.unsafe.imports_passed_through():
    from domain.errors import RejectedError
    from domain.exception_case import Decision, Discrepancy, ExceptionCase, Resolution
    from domain.policy import CaseKind
    from workflows.activity_options import PARTNER_CALL, summarised
    from workflows.cases import CaseFile
    from workflows.messages import CaseClosed, ResolveCase
    from workflows.timeline import Timeline

Argument = TypeVar("Argument")
Answer = TypeVar("Answer")
Status = TypeVar("Status", bound=StrEnum)


class GivenUp(Exception):  # noqa: N818 - not a failure: somebody decided it
    """A partner refused a call, and a person decided not to ask again."""


class Desk(ABC, Generic[Status]):
    """What every lifecycle does besides its own story.

    Every wait of a lifecycle is here, so every wait shows where it is and escalates what is overdue.
    """

    in_exception: Status
    """The status shown while a case is open."""

    def __init__(self, cases: CaseFile, timeline: Timeline) -> None:
        self._cases = cases
        self._timeline = timeline
        self._heard = 0
        self._attended = 0

    @abstractmethod
    async def show(self, status: Status, waiting_for: str) -> None:
        """Publish where the lifecycle is, in the store and in Temporal, unless that is known already."""

    def before_waiting(self) -> None:
        """Hook: leave the story, or continue as new, before a wait."""

    def wake(self) -> None:
        """Something was heard or decided."""
        self._heard += 1

    def attend(self) -> None:
        """Begin to work on everything heard so far."""
        self._attended = self._heard

    def has_news(self) -> bool:
        """True when something was heard since work began."""
        return self._heard != self._attended

    def note(self, text: str, *, actor: str = "supplyline") -> None:
        """Write down what happened."""
        self._timeline.note(text, at=workflow.now(), actor=actor)

    async def attempt(
        self,
        activity: MethodAsyncSingleParam[Any, Argument, Answer],
        argument: Argument,
        *,
        about: str,
        give_up: Resolution,
    ) -> Answer:
        """Call a partner. One that is down is asked until it answers; one that refuses becomes a case.

        It is asked again when a person says so. Raises GivenUp when a person decides to give up.
        """
        while True:
            try:
                return await workflow.execute_activity_method(activity, argument, **summarised(PARTNER_CALL, about))
            except ActivityError as error:
                if await self._refused(about, _refusal(error), give_up) is give_up:
                    raise GivenUp from error

    def put_to_a_person(
        self,
        kind: CaseKind,
        subject: str,
        summary: str,
        *,
        choices: Sequence[Resolution],
        discrepancies: Sequence[Discrepancy] = (),
    ) -> ExceptionCase | None:
        """Return the case about this once a person has decided it; until then None, with the case open.

        A decision made on other discrepancies than are found now does not count: the case is opened anew.
        """
        decided = self._cases.take_decision(kind, subject)
        if decided is not None and set(discrepancies) <= set(decided.discrepancies):
            return decided
        known = len(self._cases.cases)
        case = self._cases.open(kind, subject, summary, at=workflow.now(), choices=choices, discrepancies=discrepancies)
        if len(self._cases.cases) > known:
            self.note(f"{case.owner} must decide {case.id}: {summary}")
        return None

    def close_case(self, command: ResolveCase) -> CaseClosed:
        """Remember a person's decision; the story carries it out."""
        decision = Decision(
            resolution=command.resolution, actor=command.actor, reason=command.reason, decided_at=workflow.now()
        )
        case = self._cases.decide(command.case_id, decision)
        self.note(f"{case.id} decided: {command.resolution}. {command.reason}".rstrip(), actor=command.actor)
        self.wake()
        return CaseClosed(case=case)

    def cure(self, kind: CaseKind, subject: str) -> None:
        """Close the case about this subject where one is open: its cause has gone away."""
        if self._cases.cure(kind, subject, workflow.now()):
            self.note(f"The question about {subject} ({kind}) settled itself")

    def is_open(self, kind: CaseKind, subject: str) -> bool:
        """True while a person must still decide about this subject."""
        case = self._cases.latest(kind, subject)
        return case is not None and case.is_open

    async def next_news(self, *, status: Status, waiting_for: str, until: datetime | None = None) -> None:
        """Show where the lifecycle is, then wait until something is heard, decided or due."""
        await self._wait(lambda: self._heard != self._attended, status, waiting_for, until)

    async def _refused(self, about: str, refusal: str, give_up: Resolution) -> Resolution:
        kind, summary = CaseKind.PARTNER_REJECTION, f"{about} was refused: {refusal}"
        while True:
            case = self.put_to_a_person(kind, about, summary, choices=(Resolution.RETRY, give_up))
            if case is not None and case.decision is not None:
                return case.decision.resolution
            await self._wait(
                lambda: not self.is_open(kind, about), self.in_exception, f"a decision about {about}", until=None
            )

    async def _wait(self, done: Callable[[], bool], status: Status, waiting_for: str, until: datetime | None) -> None:
        while not done() and not _has_come(until):
            self.before_waiting()
            self._escalate()
            await self.show(self.in_exception if self._cases.open_cases() else status, waiting_for)
            await self._sleep(done, until, waiting_for)
        self.before_waiting()

    async def _sleep(self, done: Callable[[], bool], until: datetime | None, waiting_for: str) -> None:
        heard = self._heard
        due = min((at for at in (until, self._cases.next_due()) if at is not None), default=None)
        patience = None if due is None else max(due - workflow.now(), timedelta(milliseconds=1))
        try:
            await workflow.wait_condition(
                lambda: done() or self._heard != heard, timeout=patience, timeout_summary=waiting_for
            )
        except TimeoutError:
            return

    def _escalate(self) -> None:
        for case in self._cases.escalate_overdue(workflow.now()):
            self.note(f"{case.id} is overdue and now {case.owner}'s to decide")


def _has_come(moment: datetime | None) -> bool:
    return moment is not None and workflow.now() >= moment


def _refusal(error: ActivityError) -> str:
    """Return why a partner said no; anything but a no is raised again."""
    if isinstance(error.cause, ApplicationError) and error.cause.type == RejectedError.__name__:
        return error.cause.message
    raise error

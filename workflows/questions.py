"""Phase: documents that only a person can settle: conflicting copies and credit notes."""

from datetime import datetime

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.exception_case import Resolution
    from domain.policy import CaseKind
    from domain.snapshot import OrderStatus

from workflows.order_desk import OrderDesk


class Questions:
    """What was put to people: settled when they have answered everything."""

    status = OrderStatus.EXCEPTION

    def __init__(self, desk: OrderDesk) -> None:
        self._desk = desk
        self._file = desk.file

    async def advance(self) -> None:
        """Open a case about every document nobody has been asked about."""
        for key in self._file.state.conflicts:
            self._ask(CaseKind.CONFLICTING_EVENT, key, f"Event {key} gives a known document's number another content")
        for note in self._file.state.credit_notes:
            self._ask(
                CaseKind.CREDIT_NOTE, note.number, f"Credit note {note.number} over {note.payable} is to be booked"
            )

    def is_settled(self) -> bool:
        """True when no case of the order is open."""
        return not self._file.cases.open_cases()

    def waiting_for(self) -> str:
        """Say whom the order waits for."""
        return ", ".join(f"{case.owner} to decide {case.id}" for case in self._file.cases.open_cases())

    def due(self) -> datetime | None:
        """Return None: the clock of a case is the desk's."""
        return None

    def _ask(self, kind: CaseKind, subject: str, summary: str) -> None:
        if self._file.cases.latest(kind, subject) is None:
            self._desk.put_to_a_person(kind, subject, summary, choices=(Resolution.DISMISS,))

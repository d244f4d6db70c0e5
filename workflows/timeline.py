"""What happened in one lifecycle, entry by entry, until the store has it."""

from datetime import datetime

from pydantic import BaseModel

from domain.identifiers import EventKey
from domain.snapshot import TimelineEntry

_RECENT = 8


class Timeline(BaseModel):
    """Counts every entry, and holds those not yet published and the last few for whoever looks."""

    length: int = 0
    unpublished: list[TimelineEntry] = []
    recent: list[TimelineEntry] = []

    def note(self, text: str, *, at: datetime, actor: str = "supplyline", event: EventKey | None = None) -> None:
        """Write down what happened, when, and who did it."""
        self.length += 1
        entry = TimelineEntry(number=self.length, at=at, actor=actor, text=text, event=event)
        self.unpublished.append(entry)
        self.recent = [*self.recent, entry][-_RECENT:]

    def published(self, entries: tuple[TimelineEntry, ...]) -> None:
        """Let go of the entries the store has."""
        kept = {entry.number for entry in entries}
        self.unpublished = [entry for entry in self.unpublished if entry.number not in kept]

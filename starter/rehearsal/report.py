"""What a rehearsal found: scenario by scenario, document by document, and whether the partner may go live."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from pydantic import Field

from domain.document import Document
from domain.exception_case import Resolution
from domain.policy import CaseKind

FORMAT = 1
"""Of the JSON report: fields are added to it, and never renamed or taken away."""


class Check(Document):
    """One thing a scenario expects, and what was found."""

    what: str
    expected: str
    actual: str
    passed: bool


class Moment(Document):
    """One entry of an order's timeline."""

    at: datetime
    actor: str
    text: str


class Outgoing(Document):
    """A document of ours: an order, a change, a functional acknowledgement."""

    kind: str
    about: str
    name: str
    content_type: str
    size: int
    written_at: datetime
    times_sent: int
    body: str


class Incoming(Document):
    """A document of the partner's, and what became of it."""

    what: str
    """In words: `ship notice SH-1`, `invoice INV-1, cut in half`."""
    origin: str
    """The sample it was made from, or that it is a plain one."""
    size: int
    at: datetime
    receipts: tuple[str, ...]
    """What the inbox said of each interchange: new, same, conflict or refused."""
    outcomes: tuple[str, ...]
    """How its events ended."""
    remarks: tuple[str, ...] = ()
    """Why, where they did not end well."""
    body: str


class Case(Document):
    """Something a person had to decide."""

    kind: CaseKind
    owner: str
    summary: str
    choices: tuple[Resolution, ...]
    discrepancies: tuple[str, ...] = ()
    decided: Resolution | None = None
    settled_itself: bool = False


class Line(Document):
    """A line of the order as it was agreed in the end."""

    number: int
    item: str
    ordered: str
    received: str
    invoiced: str
    unit_price: str


class Invoice(Document):
    """An invoice and its verdict."""

    number: str
    total: str
    verdict: str
    erp_state: str = ""


class ScenarioReport(Document):
    """One scenario as it was played."""

    name: str
    title: str
    passed: bool
    problem: str = ""
    """Why it could not be played to its end."""
    checks: tuple[Check, ...] = ()
    order_status: str = ""
    waiting_for: str = ""
    workflow_seconds: int = 0
    """How much time passed for the order."""
    lines: tuple[Line, ...] = ()
    invoices: tuple[Invoice, ...] = ()
    cases: tuple[Case, ...] = ()
    timeline: tuple[Moment, ...] = ()
    incoming: tuple[Incoming, ...] = ()
    outgoing: tuple[Outgoing, ...] = ()


class SampleReport(Document):
    """One file of the partner's, as its page reads it."""

    file: str
    kinds: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    used_for: tuple[str, ...] = ()
    """The kinds of documents made from it."""


class Verdict(StrEnum):
    """Whether the partner may go live."""

    READY = "ready"
    """Every scenario passed and nothing is left to decide."""
    READY_WITH_DECISIONS = "ready once decided"
    """Every scenario passed; a person has yet to decide what the samples leave open."""
    NOT_READY = "not ready"
    """A scenario failed."""


class RehearsalReport(Document):
    """A whole rehearsal."""

    format: int = FORMAT
    partner: str
    name: str
    language: str
    at: datetime
    verdict: Verdict
    seconds: float
    origins: Mapping[str, str] = Field(default_factory=dict)
    """What each kind of document was made from."""
    samples: tuple[SampleReport, ...] = ()
    undecided: tuple[str, ...] = ()
    scenarios: tuple[ScenarioReport, ...] = ()

    @property
    def failed(self) -> tuple[ScenarioReport, ...]:
        """The scenarios that failed."""
        return tuple(scenario for scenario in self.scenarios if not scenario.passed)


def verdict_of(scenarios: tuple[ScenarioReport, ...], undecided: tuple[str, ...]) -> Verdict:
    """Return whether the partner may go live."""
    if not scenarios or any(not scenario.passed for scenario in scenarios):
        return Verdict.NOT_READY
    return Verdict.READY_WITH_DECISIONS if undecided else Verdict.READY

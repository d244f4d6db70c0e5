"""What a partner's X12 guide says and the standard leaves open."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from domain.acknowledgement import AnswerKind
from domain.document import Command

Qualifier = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2}$")]
InterchangeId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9 ._/&+-]{1,15}$")]
Mark = Annotated[str, StringConstraints(min_length=1, max_length=1)]


VERSION = r"^00[3-8][0-9]{3}[A-Z0-9]{0,6}$"
"""What a release looks like in GS08."""
DATA_MARKS = frozenset(" .-+_")
"""Marks of numbers, dates and our own codes: never a delimiter."""


class ImpliedDecimals(StrEnum):
    """How a partner writes amounts that the standard gives two implied decimals (TDS01, SAC05)."""

    AUTO = "auto"
    """By the standard, unless only whole units add up with the lines; a point in the element always counts."""
    IMPLIED = "implied"
    """By the standard: 12345 is 123.45."""
    EXPLICIT = "explicit"
    """As written: 12345 is twelve thousand."""


class Marks(Command):
    """The delimiters we write with. We read with whatever the partner's ISA says."""

    element: Mark = "*"
    component: Mark = ">"
    terminator: Mark = "~"
    repetition: Mark = "^"
    """Written in ISA11 from release 00402 on."""

    @model_validator(mode="after")
    def _can_be_told_apart(self) -> Self:
        marks = [self.element, self.component, self.terminator, self.repetition]
        if len(set(marks)) < len(marks):
            raise ValueError("the four delimiters must differ")
        if any(not mark.isascii() or mark.isalnum() or mark in DATA_MARKS for mark in marks):
            raise ValueError("a delimiter must be an ASCII mark that numbers and names do not need")
        return self


class X12Options(Command):
    """A partner's page of X12."""

    our_qualifier: Qualifier = "ZZ"
    """ISA05 of what we send, ISA07 of what we get: 01 DUNS, 12 telephone, 14 DUNS and suffix, ZZ agreed."""
    our_id: InterchangeId = "SUPPLYLINE"
    """ISA06 and GS02 of what we send."""
    their_qualifier: Qualifier = "ZZ"
    their_id: InterchangeId = "PARTNER"
    """ISA08 and GS03 of what we send, ISA06 of what we get."""
    our_group_id: InterchangeId | None = None
    """GS02, where it is not ISA06."""
    their_group_id: InterchangeId | None = None
    check_sender: bool = True
    """Refuse interchanges whose ISA06 is somebody else's."""
    version: Annotated[str, StringConstraints(pattern=VERSION)] = "004010"
    """GS08 of what we send; the first five characters go to ISA12."""
    usage: Literal["P", "T"] = "P"
    """ISA15: production or test. A test interchange is never acted on by a production profile."""
    marks: Marks = Marks()
    reuses_control_numbers: bool = False
    """True where ISA13 begins again or never changes: then only the content tells a copy."""
    wants_functional_acknowledgement: bool = True
    """Answer every group we get with one 997 (999 from 005010 on)."""
    functional_acknowledgement: Literal["997", "999"] | None = None
    """Which of the two, where the release does not decide: many partners want a 997 from 005010 on as well."""
    wants_remittance_advice: bool = False
    """True where the partner reads an 820 for each invoice we have paid."""
    acknowledges_within_hours: Annotated[float, Field(gt=0)] | None = 4
    """How long its 997 for our documents may take before we send the same bytes again; null where it sends none."""
    resend_at_most: Annotated[int, Field(ge=0, le=20)] = 3
    """How often the same bytes go out again before a person is asked."""
    implied_decimals: ImpliedDecimals = ImpliedDecimals.AUTO
    units: Mapping[str, str] = Field(default_factory=dict)
    """Its unit codes that are not X12's, to ours: `{"CS": "CA"}` for a partner that writes CS for case."""
    silent_lines: Literal[AnswerKind.ACCEPTED, AnswerKind.REJECTED] | None = None
    """What a line means that an 855 with line answers leaves out; null where a person is to ask."""
    received_means_accepted: bool = False
    """True where BAK02 AK (received) is this partner's acceptance."""
    refuse_wrong_counts: bool = True
    """Refuse a set whose SE01 or a group whose GE01 is wrong: segments may be missing. False for one that miscounts."""
    infer_parents: bool = True
    """Find the parent of an HL without HL02 by its level; false refuses such a ship notice."""
    ship_to_qualifier: Qualifier | Literal["1", "9"] = "92"
    """N103 of the place we send goods to: 92 our own code, UL a GLN, 21 a HIN."""

    @model_validator(mode="after")
    def _ids_hold_no_delimiter(self) -> Self:
        marks = self.marks
        ids = (self.our_id, self.their_id, self.our_group_id or "", self.their_group_id or "")
        if any(mark in text for text in ids for mark in (marks.element, marks.component, marks.terminator)):
            raise ValueError("an interchange or group id must not hold a delimiter (marks)")
        return self

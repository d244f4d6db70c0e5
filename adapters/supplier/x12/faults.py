"""What is wrong with an interchange, in the terms of X12's own acknowledgements (TA1, 997, 999)."""

from dataclasses import dataclass
from enum import StrEnum

from adapters.documents.findings import Finding, Severity


class Level(StrEnum):
    """Which acknowledgement segment speaks of it."""

    INTERCHANGE = "TA1"
    GROUP = "AK9"
    SET = "AK5"
    SEGMENT = "AK3"
    ELEMENT = "AK4"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: `code` is of the list of its level (TA105, AK905, AK502, AK304 or AK403).

    `segment_position` counts from ST as 1 (element 719); `element_position` from 1 (element 722).
    """

    level: Level
    code: str
    message: str
    remedy: str = ""
    is_fatal: bool = False
    segment: str = ""
    segment_position: int = 0
    element_position: int = 0

    def finding(self, place: str) -> Finding:
        """Return it as a remark about a document; `place` names the interchange and the set."""
        parts = [place]
        if self.segment:
            parts.append(f"segment {self.segment_position} ({self.segment})")
        if self.element_position:
            parts.append(f"element {self.element_position}")
        return Finding(
            severity=Severity.ERROR if self.is_fatal else Severity.WARNING,
            code=f"{self.level} {self.code}",
            position=", ".join(part for part in parts if part),
            message=self.message,
            remedy=self.remedy,
        )

"""What points of use report: what a report must say, and what it is known by."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from domain.quantities import Quantity
from domain.usage import ReplenishmentRequest, Usage, UsageLine

AT = datetime(2026, 11, 20, 8, tzinfo=UTC)


def used(number: str, *lines: tuple[str, str, str], minute: int = 0) -> Usage:
    return Usage(
        number=number,
        facility="NORTH",
        location="OR-1",
        used_at=AT + timedelta(minutes=minute),
        lines=tuple(
            UsageLine(number=place, item=item, quantity=Quantity(value=Decimal(value), unit=unit))
            for place, (item, value, unit) in enumerate(lines, start=1)
        ),
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"lines": ()},
        {"lines": ({"number": 1, "quantity": {"value": "1", "unit": "EA"}},)},
        {"lines": ({"number": 1, "item": "A", "quantity": {"value": "0", "unit": "EA"}},)},
        {"case_reference": "MRN-4711"},
        {"used_at": "2026-11-20T08:00:00"},
    ],
)
def test_a_report_that_says_nothing_or_too_much_is_refused(wrong: dict[str, Any]) -> None:
    report = used("1", ("A", "1", "EA")).model_dump(mode="json")
    assert Usage.model_validate(report)
    with pytest.raises(ValidationError):
        Usage.model_validate({**report, **wrong})


def test_a_request_asks_for_something() -> None:
    line = {"number": 1, "item": "A", "quantity": {"value": "1", "unit": "EA"}}
    request = {"number": "1", "facility": "NORTH", "location": "OR-1", "requested_at": AT, "lines": (line,)}
    assert ReplenishmentRequest.model_validate(request).lines[0].item == "A"
    line["quantity"] = {"value": "-1", "unit": "EA"}
    with pytest.raises(ValidationError, match="above zero"):
        ReplenishmentRequest.model_validate(request)

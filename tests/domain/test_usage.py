"""Usage is net, and counts once: whatever comes twice, late or as a return."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.quantities import Quantity, UnknownConversionError
from domain.usage import ReplenishmentRequest, Usage, UsageLine, net_usage

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
    ("usages", "net"),
    [
        ([used("1", ("GLV-M", "4", "EA"))], {"GLV-M": "4 EA"}),
        ([used("1", ("GLV-M", "4", "EA"), ("GLV-M", "-1", "EA"))], {"GLV-M": "3 EA"}),
        ([used("1", ("GLV-M", "4", "EA")), used("2", ("GLV-M", "-4", "EA"))], {"GLV-M": "0 EA"}),
        ([used("1", ("GLV-M", "4", "EA")), used("1", ("GLV-M", "4", "EA"))], {"GLV-M": "4 EA"}),
        ([used("1", ("GLV-M", "5", "EA"), minute=9), used("1", ("GLV-M", "4", "EA"))], {"GLV-M": "5 EA"}),
        ([used("1", ("GLV-M", "1", "BX"), ("GLV-M", "-3", "EA"))], {"GLV-M": "97 EA"}),
        ([], {}),
    ],
)
def test_usage_is_net_of_returns_and_counts_once(usages: list[Usage], net: dict[str, str]) -> None:
    found = net_usage(usages, {"GLV-M": {"EA": Decimal(1), "BX": Decimal(100)}})
    assert {item: str(quantity) for item, quantity in found.items()} == net


def test_units_without_a_pack_factor_are_never_added() -> None:
    with pytest.raises(UnknownConversionError):
        net_usage([used("1", ("GLV-M", "1", "BX"), ("GLV-M", "1", "EA"))])


LINES = st.tuples(
    st.sampled_from(["A", "B", "C"]),
    st.integers(-9, 9).filter(bool).map(str),
    st.sampled_from(["EA", "BX"]),
)
REPORTS = st.lists(
    st.builds(
        lambda number, lines, minute: used(str(number), *lines, minute=minute),
        st.integers(1, 4),
        st.lists(LINES, min_size=1, max_size=4),
        st.integers(0, 3),
    ),
    max_size=8,
)
PACKS = {item: {"EA": Decimal(1), "BX": Decimal(10)} for item in "ABC"}


@given(REPORTS, st.data())
def test_neither_order_nor_repetition_changes_what_was_used(reports: list[Usage], data: st.DataObject) -> None:
    again = data.draw(
        st.permutations([*reports, *data.draw(st.lists(st.sampled_from(reports)) if reports else st.just([]))])
    )

    def in_eaches(found: dict[str, Quantity]) -> dict[str, Decimal]:
        return {item: quantity.in_unit("EA", PACKS[item]).value for item, quantity in found.items()}

    assert in_eaches(net_usage(again, PACKS)) == in_eaches(net_usage(reports, PACKS))


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

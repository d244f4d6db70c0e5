"""How far a value may depart from what was expected (matching rule 3)."""

from decimal import Decimal

from domain.policy import Band, Limit
from domain.quantities import plain


def limit_for(difference: Decimal, band: Band) -> Limit:
    """Return the limit on this side of the expected value."""
    return band.over if difference > 0 else band.under


def is_within(actual: Decimal, expected: Decimal, band: Band) -> bool:
    """True when the difference passes its limit: no difference always does, an absent limit lets everything pass."""
    difference = actual - expected
    limit = limit_for(difference, band)
    if difference == 0 or limit.is_absent:
        return True
    verdicts = [*_by_percent(difference, expected, limit), *_by_amount(difference, limit)]
    return any(verdicts) if limit.either else all(verdicts)


def describe(limit: Limit) -> str:
    """Say a limit in words: `2 % and 5`, `not compared`."""
    parts = [
        *([] if limit.percent is None else [f"{plain(limit.percent)} %"]),
        *([] if limit.amount is None else [plain(limit.amount)]),
    ]
    return (" or " if limit.either else " and ").join(parts) or "not compared"


def percent_of(difference: Decimal, expected: Decimal) -> str:
    """Say a difference in percent of the expected value, which is infinite where that is zero."""
    if expected == 0:
        return "infinite %"
    return f"{plain((abs(difference) / abs(expected) * 100).quantize(Decimal('0.1')))} %"


def _by_percent(difference: Decimal, expected: Decimal, limit: Limit) -> list[bool]:
    return [] if limit.percent is None else [abs(difference) * 100 <= abs(expected) * limit.percent]


def _by_amount(difference: Decimal, limit: Limit) -> list[bool]:
    return [] if limit.amount is None else [abs(difference) <= limit.amount]

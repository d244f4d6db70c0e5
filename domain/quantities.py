"""Quantities carry a unit, money a currency, and both are decimals.

Units are the codes of X12 data element 355 (EA each, BX box, CA case ...), which North American hospitals use; other
code lists are translated in the adapters. A pack factor says how many base units one unit of an item holds.
"""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from domain.document import Document

UnitCode = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2,3}$")]
CurrencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


LARGEST = Decimal(10) ** 12
SMALLEST = Decimal("0.000001")


def _finite(value: Decimal) -> Decimal:
    if not value.is_finite():
        raise ValueError("must be a finite number")
    if abs(value) >= LARGEST or value != value.quantize(SMALLEST):
        raise ValueError("at most 12 digits before and 6 after the decimal point")
    return value


def _ascii(value: object) -> object:
    if isinstance(value, str) and not value.isascii():
        raise ValueError("must be written in ASCII digits")
    return value


Number = Annotated[Decimal, BeforeValidator(_ascii), AfterValidator(_finite)]
"""A decimal of at most 12 digits before and 6 after the point."""

UnitPrice = Annotated[Number, Field(ge=0)]
"""A net price of one unit, in the document's currency, up to six decimals (matching rule 2)."""

PackFactors = Mapping[UnitCode, Annotated[Number, Field(gt=0)]]
"""How many base units one of each unit holds: `{"EA": 1, "BX": 10}`."""

MEASURED_UNITS = {"GR": 3, "KG": 3, "LB": 3, "ML": 3, "LT": 3, "OZ": 3, "MR": 3, "FT": 3}
"""Decimals of the units that are measured, not counted. Every other unit comes in whole numbers."""

MINOR_UNITS = {"JPY": 0, "KRW": 0, "CLP": 0, "ISK": 0, "BHD": 3, "KWD": 3, "OMR": 3, "TND": 3, "JOD": 3}
"""Decimals of the currencies that do not have two (ISO 4217)."""


class UnknownConversionError(ValueError):
    """No pack factor says how one unit becomes another: never guessed (matching rule 1)."""


def decimals_of(unit: str) -> int:
    """Return how many decimals a quantity in this unit may have."""
    return MEASURED_UNITS.get(unit, 0)


class Quantity(Document):
    """So many of a unit. Adding or subtracting two units is an error, not a conversion."""

    value: Number
    unit: UnitCode

    def __add__(self, other: "Quantity") -> "Quantity":
        return Quantity(value=self.value + self._same_unit(other).value, unit=self.unit)

    def __sub__(self, other: "Quantity") -> "Quantity":
        return Quantity(value=self.value - self._same_unit(other).value, unit=self.unit)

    def __str__(self) -> str:
        return f"{plain(self.value)} {self.unit}"

    @property
    def is_whole(self) -> bool:
        """True when the value has no more decimals than its unit allows."""
        return self.value == self.value.quantize(Decimal(1).scaleb(-decimals_of(self.unit)))

    def in_unit(self, unit: str, packs: PackFactors) -> "Quantity":
        """Return the same amount in another unit, exact to six decimals.

        Raises UnknownConversionError when the item has no pack factor for either unit.
        """
        if unit == self.unit:
            return self
        return Quantity(value=six_decimals(self.value * unit_factor(self.unit, unit, packs)), unit=unit)

    def _same_unit(self, other: "Quantity") -> "Quantity":
        if other.unit != self.unit:
            raise UnknownConversionError(f"{self.unit} and {other.unit} are different units")
        return other


def unit_factor(from_unit: str, to_unit: str, packs: PackFactors) -> Decimal:
    """Return how many `to_unit` one `from_unit` is, by the item's pack factors.

    Raises UnknownConversionError when the item has no pack factor for either unit.
    """
    if from_unit == to_unit:
        return Decimal(1)
    for unit in (from_unit, to_unit):
        if unit not in packs:
            raise UnknownConversionError(f"no pack factor for unit {unit}")
    return packs[from_unit] / packs[to_unit]


class Money(Document):
    """An amount in a currency."""

    amount: Number
    currency: CurrencyCode

    def __add__(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} are different currencies")
        return Money(amount=self.amount + other.amount, currency=self.currency)

    def __str__(self) -> str:
        return f"{self.currency} {self.amount:,.{minor_decimals(self.currency)}f}"

    def rounded(self) -> Self:
        """Return the amount rounded half-up to the currency's minor unit (matching rule 8)."""
        return self.model_copy(update={"amount": round_money(self.amount, self.currency)})


def minor_decimals(currency: str) -> int:
    """Return how many decimals amounts in this currency have."""
    return MINOR_UNITS.get(currency, 2)


def round_money(amount: Decimal, currency: str) -> Decimal:
    """Round half-up to the currency's minor unit, once (matching rule 8)."""
    return amount.quantize(Decimal(1).scaleb(-minor_decimals(currency)), rounding=ROUND_HALF_UP)


def six_decimals(value: Decimal) -> Decimal:
    """Round half-up to the precision we keep."""
    return value.quantize(SMALLEST, rounding=ROUND_HALF_UP)


def plain(value: Decimal) -> str:
    """Write a decimal the way people do: no exponent, no trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text

"""Par level to quantity to order."""

from decimal import ROUND_CEILING, Decimal

from domain.quantities import PackFactors, Quantity, six_decimals, unit_factor


def quantity_to_order(par_level: Quantity, on_hand: Quantity, on_order: Quantity | None = None) -> Quantity:
    """Return what brings on hand and on order up to par: zero where that is enough already.

    All in one unit. Raises UnknownConversionError where the units differ.
    """
    missing = par_level - on_hand
    if on_order is not None:
        missing -= on_order
    return missing if missing.value > 0 else Quantity(value=Decimal(0), unit=par_level.unit)


def in_whole_packs(quantity: Quantity, unit: str, packs: PackFactors) -> Quantity:
    """Return at least this much in whole packs of the unit it is sold in.

    Raises UnknownConversionError where the item has no pack factor for either unit.
    """
    exact = six_decimals(quantity.value * unit_factor(quantity.unit, unit, packs))
    return Quantity(value=exact.to_integral_value(rounding=ROUND_CEILING), unit=unit)

"""What a report about stock brings about, in words: par breaches, usage and requests of points of use."""

from collections.abc import Iterator

from domain.par_breach import ParBreach
from domain.usage import ReplenishmentRequest, Usage, UsageLine


def reported(report: ParBreach | Usage | ReplenishmentRequest, *, orders_again: bool) -> tuple[str, tuple[str, ...]]:
    """Return what happens, and each line of it."""
    place = f"{report.facility}, {report.location}"
    match report:
        case ParBreach():
            short = [f"{line.item}: {line.to_order} to order" for line in report.lines if line.to_order.value > 0]
            return f"a requisition at {place} for what nobody is replenishing: items {len(short)}", tuple(short)
        case ReplenishmentRequest():
            wanted = [f"line {line.number}: {line.quantity} {line.item}" for line in report.lines]
            return f"a requisition at {place} ({report.criticality}) for what nobody is replenishing", tuple(wanted)
        case Usage():
            then = "ordered again where nobody orders it yet" if orders_again else "kept, and nothing is ordered"
            return f"usage {report.number} at {place}, {then}", tuple(_used(report))


def _used(usage: Usage) -> Iterator[str]:
    if usage.case_reference is not None:
        yield "of a case, known here by another reference than the running system gives it"
    yield from map(_line, usage.lines)


def _line(line: UsageLine) -> str:
    what = "given back" if line.quantity.value < 0 else "used"
    where = f" at {line.location}" if line.location else ""
    lot = f", lot {line.lot}" if line.lot else ""
    serial = f", serial {line.serial}" if line.serial else ""
    return f"line {line.number}: {line.quantity} of {line.key} {what}{where}{lot}{serial}"

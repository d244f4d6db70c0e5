"""Is an interchange from this partner, and for us? Asked before anything in it is acted on."""

from collections.abc import Iterator

from adapters.supplier.x12.envelope import Interchange
from adapters.supplier.x12.faults import Fault, Level
from adapters.supplier.x12.options import X12Options


def address_faults(interchange: Interchange, options: X12Options) -> tuple[Fault, ...]:
    """Return what is wrong with the addresses of an interchange; nothing where the profile does not check them."""
    return tuple(_faults(interchange, options)) if options.check_sender and interchange.isa else ()


def _faults(interchange: Interchange, options: X12Options) -> Iterator[Fault]:
    remedy = "use the ids agreed on (x12.their_id, x12.our_id)"
    if interchange.sender != (options.their_qualifier, options.their_id.strip()):
        yield Fault(Level.INTERCHANGE, "007", "ISA05 and ISA06 must be this partner's", remedy, is_fatal=True)
    if interchange.receiver != (options.our_qualifier, options.our_id.strip()):
        yield Fault(Level.INTERCHANGE, "009", "ISA07 and ISA08 must be ours", remedy, is_fatal=True)

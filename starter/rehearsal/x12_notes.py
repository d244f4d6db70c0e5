"""What a partner's X12 samples show that its page says otherwise, or that somebody has to decide."""

from collections.abc import Callable, Iterator

from adapters.supplier.x12.fields import at, decimal_of
from adapters.supplier.x12.options import ImpliedDecimals, X12Options
from starter.rehearsal.hand import PLAIN
from starter.rehearsal.x12_templates import Template

_CHARGES = frozenset({"SAC", "TXI"})
_AMOUNT_AT = {"SAC": 5, "TXI": 2}


def notes_of(template: Template, options: X12Options, usage: str) -> Iterator[str]:
    """Yield remarks about one sample; a plain template shows nothing of the partner."""
    if template.origin != PLAIN:
        yield from _envelope(template, options, usage)
        yield from _NOTED.get(template.code, _nothing)(template, options)


def _envelope(template: Template, options: X12Options, usage: str) -> Iterator[str]:
    here = template.origin
    if options.check_sender and at(template.isa, 6) != options.their_id:
        yield f"{here}: ISA06 is not their_id of the page; they will be refused (x12.their_id, or check_sender)"
    if at(template.isa, 8) != options.our_id:
        yield f"{here}: is addressed to somebody else than our_id of the page (ISA08, x12.our_id)"
    if at(template.isa, 15) != usage:
        yield f"{here}: ISA15 says {at(template.isa, 15)}, the page {usage}, which the rehearsal wrote (in_production)"
    if at(template.gs, 8) != options.version:
        yield f"{here}: is of another release than the one we write (GS08, x12.version); confirm that it reads ours"


def _answer(template: Template, options: X12Options) -> Iterator[str]:
    kind = next((at(segment, 2) for segment in template.body if segment[0] == "BAK"), "")
    if kind == "AK" and not options.received_means_accepted:
        yield f"{template.origin}: BAK02 AK says only that it has the order; decide x12.received_means_accepted"
    names = {segment[0] for segment in template.body}
    if "PO1" not in names:
        yield f"{template.origin}: answers the order as a whole; how it answers lines that differ is not shown"
    elif "ACK" not in names:
        yield f"{template.origin}: lines carry no ACK; how it says that a line differs is not shown"


def _ship_notice(template: Template, options: X12Options) -> Iterator[str]:
    levels = [segment for segment in template.body if segment[0] == "HL"]
    if any(not at(level, 2) for level in levels[1:]) and options.infer_parents:
        yield f"{template.origin}: levels without HL02; their parents are found by level (x12.infer_parents)"
    if not any(segment[0] == "PRF" for segment in template.body):
        yield f"{template.origin}: names no order (PRF01); nothing it ships can be found"


def _invoice(template: Template, options: X12Options) -> Iterator[str]:
    charged = [
        segment
        for segment in template.body
        if segment[0] in _CHARGES and decimal_of(at(segment, _AMOUNT_AT[segment[0]]))
    ]
    if charged:
        names = ", ".join(sorted({segment[0] for segment in charged}))
        yield (
            f"{template.origin}: bills charges or tax ({names}), which the rehearsal left out; such an invoice is held "
            "for accounts payable, because no order expects them"
        )
    is_implied = options.implied_decimals is ImpliedDecimals.IMPLIED
    if template.writes_whole_units and options.implied_decimals is not ImpliedDecimals.EXPLICIT:
        rule = "which the page excludes" if is_implied else "found out only where the lines add up"
        yield f"{template.origin}: TDS01 is in whole units, {rule}; say x12.implied_decimals: explicit"
    if not template.writes_whole_units and options.implied_decimals is ImpliedDecimals.EXPLICIT:
        yield f"{template.origin}: TDS01 has implied decimals, which the page excludes (x12.implied_decimals)"
    if not any(segment[0] == "BIG" and at(segment, 4) for segment in template.body):
        yield f"{template.origin}: names no order in BIG04; the rehearsal wrote one"


def _nothing(_: Template, __: X12Options) -> Iterator[str]:
    return iter(())


_NOTED: dict[str, Callable[[Template, X12Options], Iterator[str]]] = {
    "855": _answer,
    "856": _ship_notice,
    "810": _invoice,
}

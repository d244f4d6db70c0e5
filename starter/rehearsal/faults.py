"""Scenarios of what goes wrong on the way: copies, late and early documents, broken ones."""

from decimal import Decimal

from domain.exception_case import Resolution
from domain.policy import CaseKind
from domain.snapshot import OrderStatus
from starter.rehearsal.hand import Stamp, SupplierDocument
from starter.rehearsal.play import NOT_PROVEN, Play

WRONG = Decimal(10)
"""What a wrong total is off by."""


async def duplicate(play: Play) -> None:
    """Every document twice, byte for byte, and once more under new control numbers: to one effect."""
    stage = play.stage
    await stage.place_order()
    await _thrice(play, play.accepted())
    await _thrice(play, play.shipped(play.everything, "SH-1"))
    await stage.receives(play.everything, "GR-1")
    await _thrice(play, play.billed(play.everything, "INV-1"))
    await stage.pays()
    play.expects_status(OrderStatus.CLOSED, "in the end")
    play.expects_agreed(*play.everything)
    play.expects_invoices("INV-1 matched")
    play.expects_posted("INV-1")
    shipments = [notice for _, notice in stage.inventory.expected if notice != "order"]
    play.expects("shipments the stockroom knows of", "SH-1", ", ".join(shipments))
    play.expects_cases()
    play.expects_acknowledged()


async def late(play: Play) -> None:
    """A ship notice and a second invoice after the order was closed: put to a person, and nothing is undone."""
    stage = play.stage
    await stage.place_order()
    await stage.sends(play.accepted())
    await stage.sends(play.shipped(play.everything, "SH-1"))
    await stage.receives(play.everything, "GR-1")
    await stage.sends(play.billed(play.everything, "INV-1"))
    await stage.pays()
    play.expects_status(OrderStatus.CLOSED, "before the late documents")
    play.expects_outcome(await stage.sends(play.shipped(play.everything, "SH-2")), "late")
    play.expects_outcome(await stage.sends(play.billed(play.everything, "INV-2")), "late")
    play.expects_status(OrderStatus.CLOSED, "in the end")
    play.expects_invoices("INV-1 matched")
    play.expects_posted("INV-1")
    play.expects_cases(CaseKind.LATE_EVENT)
    play.expects_acknowledged()


async def out_of_order(play: Play) -> None:
    """The invoice first, the ship notice before the answer, the goods last: the invoice waits and posts by itself."""
    stage = play.stage
    await stage.place_order()
    play.expects_outcome(await stage.sends(play.billed(play.everything, "INV-1")), "applied")
    play.expects_invoices("INV-1 waiting")
    play.expects_outcome(await stage.sends(play.shipped(play.everything, "SH-1")), "applied")
    play.expects_outcome(await stage.sends(play.accepted()), "applied")
    await stage.receives(play.everything, "GR-1")
    await stage.pays()
    play.expects_status(OrderStatus.CLOSED, "in the end")
    play.expects_agreed(*play.everything)
    play.expects_invoices("INV-1 matched")
    play.expects_posted("INV-1")
    play.expects_cases()
    play.expects_acknowledged()


async def malformed(play: Play) -> None:
    """Broken documents change nothing and are put to a person; the correct ones after them go on as if nothing was."""
    stage = play.stage
    await stage.place_order()
    await _cut_in_half(play)
    play.expects_outcome(await stage.sends(play.accepted()), "applied")
    await _a_number_used_again(play)
    await stage.receives(play.everything, "GR-1")
    await _a_wrong_total(play)
    play.expects_outcome(await stage.sends(play.billed(play.everything, "INV-2")), "applied")
    await stage.pays()
    play.expects_status(OrderStatus.CLOSED, "in the end")
    play.expects_agreed(*play.everything)
    play.expects_posted("INV-2")


async def _thrice(play: Play, document: SupplierDocument) -> None:
    stage = play.stage
    first = await stage.sends(document)
    play.expects_outcome(first, "applied")
    copy = await stage.transmits(first.body, f"{first.what}, the same bytes", document.kind, first.stamp)
    play.expects_outcome(copy, "same")
    renumbered = Stamp(stage.next_stamp().number, first.stamp.at)
    again = await stage.sends(document, stamp=renumbered, what=f"{first.what}, under a new control number")
    play.expects_outcome(again, "duplicate", "same", *(["applied"] if document.kind == "order acknowledgement" else []))


async def _cut_in_half(play: Play) -> None:
    stage = play.stage
    document, stamp = play.accepted(), stage.next_stamp()
    body = stage.written(document, stamp)
    cut = await stage.transmits(body[: len(body) // 2], "the answer, cut in half", document.kind, stamp)
    play.expects_outcome(cut, "refused", "exception", NOT_PROVEN)
    play.expects_status(OrderStatus.AWAITING_ACKNOWLEDGEMENT, "after the cut answer")
    if cut.taken:
        play.expects("somebody is asked about it", "unreadable document", _asked(play, CaseKind.UNREADABLE_DOCUMENT))


async def _a_number_used_again(play: Play) -> None:
    stage = play.stage
    first, rest = (Decimal(12), Decimal(5)), (Decimal(8), Decimal(3))
    sent = await stage.sends(play.shipped(first, "SH-1"))
    again = await stage.sends(
        play.shipped(rest, "SH-1"), stamp=sent.stamp, what="another ship notice under the number of SH-1"
    )
    play.expects_outcome(again, "conflict")
    play.expects("somebody is asked about it", "conflicting event", _asked(play, CaseKind.CONFLICTING_EVENT))
    if any(case.kind is CaseKind.CONFLICTING_EVENT for case in stage.open_cases()):
        await stage.decides(CaseKind.CONFLICTING_EVENT, Resolution.DISMISS)  # the order noticed, not the inbox
    play.expects_outcome(await stage.sends(play.shipped(rest, "SH-2")), "applied")


async def _a_wrong_total(play: Play) -> None:
    """Refused at the door, or held by the match: either way it is not paid, and somebody is asked."""
    stage = play.stage
    wrong = await stage.sends(
        play.billed(play.everything, "INV-1", off_by=WRONG), what="supplier invoice INV-1 with a wrong total"
    )
    play.expects_outcome(wrong, "exception", "refused", "applied")
    if any(case.kind is CaseKind.INVOICE_MATCH for case in stage.open_cases()):
        await play.rejects("INV-1")
    else:
        asked = _asked(play, CaseKind.UNREADABLE_DOCUMENT, CaseKind.UNCLEAR_DOCUMENT)
        play.expects("somebody is asked about the wrong total", asked if asked != "nobody" else "a case", asked)
    play.expects_posted()


def _asked(play: Play, *kinds: CaseKind) -> str:
    found = dict.fromkeys(case.kind.value for case in play.stage.all_cases() if case.kind in kinds)
    return ", ".join(found) or "nobody"

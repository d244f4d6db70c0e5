"""The scenarios of a go-live: what partners do to orders, and what must come of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from domain.acknowledgement import AnswerKind
from domain.exception_case import Resolution
from domain.policy import CaseKind
from domain.snapshot import OrderStatus
from starter.rehearsal.faults import duplicate, late, malformed, out_of_order
from starter.rehearsal.play import Play, part

BUYER = "buyer"
RISE = Decimal("0.1")
"""Of a price, well beyond the tolerance of two per cent."""
FIRST, SECOND = (Decimal(12), Decimal(5)), (Decimal(8), Decimal(3))
"""Two parts of the order."""


class NoSuchScenarioError(Exception):
    """Nobody has written a scenario of that name; the message lists those there are."""


@dataclass(frozen=True)
class Scenario:
    """A story with a name."""

    name: str
    title: str
    play: Callable[[Play], Awaitable[None]]


async def accept(play: Play) -> None:
    """Accepted, shipped, received, billed and paid as ordered."""
    stage = play.stage
    await stage.place_order()
    acknowledged = await stage.acknowledges_the_order()
    if acknowledged is not None:
        play.expects_outcome(acknowledged, "applied")
        play.expects("our order, by their acknowledgement", "A", stage.order_sent.verdict or "nothing")
    play.expects_outcome(await stage.sends(play.accepted()), "applied")
    play.expects_status(OrderStatus.AWAITING_GOODS, "after the answer")
    play.expects_outcome(await stage.sends(play.shipped(play.everything, "SH-1")), "applied")
    await stage.receives(play.everything, "GR-1")
    play.expects_status(OrderStatus.AWAITING_INVOICE, "after the goods")
    play.expects_outcome(await stage.sends(play.billed(play.everything, "INV-1")), "applied")
    await stage.pays()
    play.expects_status(OrderStatus.CLOSED, "in the end")
    play.expects_agreed(*play.everything)
    play.expects_invoices("INV-1 matched")
    play.expects_posted("INV-1")
    play.expects_cases()
    play.expects_acknowledged()


async def partial(play: Play) -> None:
    """Shipped, received and billed in two parts."""
    stage = play.stage
    await stage.place_order()
    await stage.sends(play.accepted())
    for number, quantities in enumerate((FIRST, SECOND), start=1):
        play.expects_outcome(await stage.sends(play.shipped(quantities, f"SH-{number}")), "applied")
        await stage.receives(quantities, f"GR-{number}")
        play.expects_outcome(await stage.sends(play.billed(quantities, f"INV-{number}")), "applied")
        await stage.passes(timedelta(days=2))
    await stage.pays()
    play.expects_status(OrderStatus.CLOSED, "in the end")
    play.expects_agreed(*play.everything)
    play.expects_invoices("INV-1 matched", "INV-2 matched")
    play.expects_posted("INV-1", "INV-2")
    play.expects_cases()
    play.expects_acknowledged()


async def backorder(play: Play) -> None:
    """A part is promised for later, and nobody presses for it before its day."""
    stage, (first, second) = play.stage, play.lines
    promised = stage.day(20).date()
    now, rest = FIRST[0], first.quantity.value - FIRST[0]
    await stage.place_order()
    answer = play.answered(
        [part(first, AnswerKind.ACCEPTED, now), part(first, AnswerKind.BACKORDERED, rest, promised_on=promised)],
        [part(second, AnswerKind.ACCEPTED)],
    )
    play.expects_outcome(await stage.sends(answer), "applied")
    play.expects_status(OrderStatus.AWAITING_GOODS, "after the answer")
    await stage.sends(play.shipped((now, second.quantity.value), "SH-1"))
    await stage.receives((now, second.quantity.value), "GR-1")
    await stage.passes(stage.policy.deliver_within + timedelta(days=4))
    play.expects("promised for later, and not overdue", "no open case", _open(play))
    await stage.sends(play.shipped((rest, Decimal(0)), "SH-2"))
    await stage.receives((rest, Decimal(0)), "GR-2")
    await stage.sends(play.billed(play.everything, "INV-1"))
    await stage.pays()
    play.expects_status(OrderStatus.CLOSED, "in the end")
    play.expects_agreed(*play.everything)
    play.expects_invoices("INV-1 matched")
    play.expects_cases()
    play.expects_acknowledged()


async def substitute(play: Play) -> None:
    """Another item is offered for the first line: a person decides, and the rest of the order goes on."""
    stage, (first, second) = play.stage, play.lines
    kept = (Decimal(0), second.quantity.value)
    await stage.place_order()
    offered = part(first, AnswerKind.SUBSTITUTED, item="SUP-OTHER")
    play.expects_outcome(await stage.sends(play.answered([offered], [part(second, AnswerKind.ACCEPTED)])), "applied")
    case = await stage.decides(CaseKind.ACKNOWLEDGEMENT, Resolution.ACCEPT, actor=BUYER)
    play.expects("what the case is about", "substituted", ", ".join(one.kind for one in case.discrepancies))
    play.expects("who decides it", stage.policy.owner_of(CaseKind.ACKNOWLEDGEMENT), case.owner)
    play.expects("the choices", "accept, keep waiting, cancel order", ", ".join(case.choices))
    await stage.sends(play.shipped(kept, "SH-1"))
    await stage.receives(kept, "GR-1")
    await stage.sends(play.billed(kept, "INV-1"))
    await stage.pays()
    play.expects_status(OrderStatus.CLOSED, "in the end")
    play.expects_agreed(*kept)
    play.expects_invoices("INV-1 matched")
    play.expects_cases(CaseKind.ACKNOWLEDGEMENT)
    play.expects_acknowledged()


async def over_price(play: Play) -> None:
    """Billed above the price ordered: held, rejected, and a correct invoice posts."""
    stage = play.stage
    await stage.place_order()
    await stage.sends(play.accepted())
    await stage.sends(play.shipped(play.everything, "SH-1"))
    await stage.receives(play.everything, "GR-1")
    play.expects_outcome(await stage.sends(play.billed(play.everything, "INV-1", rise=RISE)), "applied")
    held = next((case for case in stage.open_cases() if case.kind is CaseKind.INVOICE_MATCH), None)
    play.expects(
        "what the invoice is held for", "price", ", ".join(one.kind for one in held.discrepancies) if held else ""
    )
    play.expects("the choices", "reject, accept", ", ".join(held.choices) if held else "")
    await play.rejects("INV-1")
    await stage.sends(play.billed(play.everything, "INV-2"))
    await stage.pays()
    play.expects_status(OrderStatus.CLOSED, "in the end")
    play.expects_agreed(*play.everything)
    play.expects_invoices("INV-1 rejected", "INV-2 matched")
    play.expects_posted("INV-2")
    play.expects_acknowledged()


async def silent(play: Play) -> None:
    """No answer at all: two reminders, the same bytes as the order, then a case; the answer comes after all."""
    stage, policy = play.stage, play.stage.policy
    await stage.place_order()
    for _ in range(policy.answer_reminders + 1):
        await stage.passes(policy.answer_within)
    sent = len(stage.order_sent.handed_over)
    play.expects("the order went out", f"{policy.answer_reminders + 1} times", f"{sent} times")
    case = await stage.decides(CaseKind.SILENT_SUPPLIER, Resolution.KEEP_WAITING, actor=BUYER)
    play.expects("who decides it", policy.owner_of(CaseKind.SILENT_SUPPLIER), case.owner)
    play.expects("the choices", "keep waiting, accept, cancel order", ", ".join(case.choices))
    play.expects_outcome(await stage.sends(play.accepted()), "applied")
    await stage.sends(play.shipped(play.everything, "SH-1"))
    await stage.receives(play.everything, "GR-1")
    await stage.sends(play.billed(play.everything, "INV-1"))
    await stage.pays()
    play.expects_status(OrderStatus.CLOSED, "in the end")
    play.expects_cases(CaseKind.SILENT_SUPPLIER)
    play.expects_acknowledged()


def _open(play: Play) -> str:
    return ", ".join(case.kind for case in play.stage.open_cases()) or "no open case"


SCENARIOS = (
    Scenario("accept", "Accepted, shipped, received, billed and paid as ordered", accept),
    Scenario("partial", "Shipped, received and billed in two parts", partial),
    Scenario("backorder", "A part promised for later, and not pressed for before its day", backorder),
    Scenario("substitute", "Another item offered for a line", substitute),
    Scenario("over-price", "Billed above the price ordered", over_price),
    Scenario("duplicate", "Every document twice, and again under new control numbers", duplicate),
    Scenario("late", "Documents after the order was closed", late),
    Scenario("silent", "No answer: reminders, then a case", silent),
    Scenario("out-of-order", "The invoice before the goods, the ship notice before the answer", out_of_order),
    Scenario(
        "malformed", "A cut document, a number used again, a wrong total; each followed by a correct one", malformed
    ),
)
"""Every scenario, in the order they are told."""


def scenarios_named(names: tuple[str, ...]) -> tuple[Scenario, ...]:
    """Return the scenarios of these names, all where there are none. Raises NoSuchScenarioError."""
    known = {scenario.name: scenario for scenario in SCENARIOS}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise NoSuchScenarioError(f"no scenario {unknown[0]}; there are {', '.join(known)}")
    return tuple(scenario for scenario in SCENARIOS if not names or scenario.name in names)

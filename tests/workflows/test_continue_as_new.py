"""A lifecycle whose history grows long goes on in a new run, and remembers everything."""

from domain.snapshot import EventOutcome, OrderStatus
from tests.workflows.documents import ORDER_KEY, accepted, billed, received, shipped
from tests.workflows.world import World


async def test_an_order_goes_on_in_a_new_run_and_still_knows_what_it_has_heard(short_world: World) -> None:
    world = short_world
    order = await world.placed()
    first_run = (await order.describe()).run_id
    for number in range(1, 9):
        await world.hears(shipped(1, number=f"ASN-{number}"))
        await world.store.shows(lambda heard=number: len(world.store.dispositions) == heard)  # type: ignore[misc]
    assert (await world.order_handle().describe()).run_id != first_run
    await world.hears(shipped(1, number="ASN-1"), accepted(), received(), billed())
    await world.is_paid()
    assert (await world.order_handle().result()).status is OrderStatus.CLOSED
    assert sum("ASN-1 " in text for text in world.texts()) == 1
    assert [step for step, _ in world.erp.calls].count("record_purchase_order") == 1
    outcomes = {disposition.outcome for disposition in world.store.dispositions.values()}
    assert outcomes == {EventOutcome.APPLIED}
    assert world.store.orders[ORDER_KEY].status is OrderStatus.CLOSED

"""The operator API: who may do what, what the answers are, and that decisions reach the lifecycle."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from temporalio.testing import WorkflowEnvironment

from adapters.store.database import engine_for
from adapters.store.reading import Reading
from tests.adapters import events
from tests.starter.gateway_fixture import INVENTORY_TYPE, Event, Gateway, a_gateway, queue_of

BUYER, APPROVER, PAYABLE, OPERATOR = "tom.reyes", "nadia.okafor", "amara.singh", "kim.larsen"


@pytest.fixture
async def gateway(
    database_url: str, temporal: WorkflowEnvironment, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[Gateway]:
    async with a_gateway(database_url, temporal, tmp_path, task_queue=queue_of(request.node.name)) as here:
        yield here


def wanted(number: str, *, quantity: str = "20") -> Event:
    line = {"number": 1, "item": "GLV-M", "quantity": {"value": quantity, "unit": "BX"}}
    return {"number": number, "facility": "NORTH", "deliver_to": "NORTH", "lines": [line]}


async def until(gateway: Gateway, path: str, status: str) -> Event:
    for _ in range(200):
        answer = await gateway.as_person(OPERATOR, "GET", path)
        if answer.is_success and answer.json()["status"] == status:
            shown: Event = answer.json()
            return shown
        await asyncio.sleep(0.05)
    raise AssertionError(f"{path} never was {status}: {answer.text}")


async def placed(gateway: Gateway, number: str) -> Event:
    assert (await gateway.as_person(BUYER, "POST", "/v1/requisitions", wanted(number))).status_code == 201
    return await until(gateway, f"/v1/orders/{number}-MEDL", "awaiting acknowledgement")


async def test_a_requisition_posted_twice_is_one_and_with_other_content_a_conflict(gateway: Gateway) -> None:
    first = await gateway.as_person(BUYER, "POST", "/v1/requisitions", wanted("API-1"))
    again = await gateway.as_person(BUYER, "POST", "/v1/requisitions", wanted("API-1"))
    other = await gateway.as_person(BUYER, "POST", "/v1/requisitions", wanted("API-1", quantity="21"))
    assert [answer.status_code for answer in (first, again, other)] == [201, 200, 409]
    assert first.headers["location"] == "/v1/requisitions/API-1"
    await until(gateway, "/v1/orders/API-1-MEDL", "awaiting acknowledgement")
    orders = (await gateway.as_person(BUYER, "GET", "/v1/orders")).json()["items"]
    assert [order["order"]["key"] for order in orders] == ["API-1-MEDL"]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"number": "a/b"}, "/number"),
        ({"lines": []}, "/lines"),
        ({"requester": "boss"}, "/requester"),
        ({"facility": "x" * 41}, "/facility"),
        ({"lines": [{"number": 1, "item": "GLV-M", "quantity": {"value": "-1", "unit": "BX"}}]}, "/lines/0"),
        ({"lines": [{"number": 1, "item": "GLV-M", "quantity": {"value": "1.5", "unit": "BX"}}]}, "/lines/0"),
        (
            {"lines": [{"number": 1, "item": "GLV-M", "quantity": {"value": "\u0661", "unit": "BX"}}]},
            "/lines/0/quantity/value",
        ),
        ({"note": "x" * 501}, "/note"),
    ],
)
async def test_a_bad_requisition_names_the_field(gateway: Gateway, change: dict[str, object], pointer: str) -> None:
    answer = await gateway.as_person(BUYER, "POST", "/v1/requisitions", wanted("API-2") | change)
    assert (answer.status_code, answer.json()["pointer"]) == (422, pointer)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("person", "method", "path", "content"),
    [
        (PAYABLE, "POST", "/v1/requisitions", wanted("API-3")),
        (BUYER, "POST", "/v1/requisitions/API-3/approve", {}),
        (APPROVER, "POST", "/v1/orders/API-3-MEDL/cancel", {"reason": "x"}),
        (BUYER, "POST", "/v1/events/medl/x/replay", None),
        (BUYER, "GET", "/v1/events/medl/x/body", None),
        (BUYER, "PUT", "/v1/partners/medl/pause", None),
    ],
)
async def test_what_a_role_does_not_allow_is_403_and_written_down(
    gateway: Gateway, person: str, method: str, path: str, content: object
) -> None:
    answer = await gateway.as_person(person, method, path, content)
    assert (answer.status_code, await gateway.parts.audit.verify()) == (403, 1)


@pytest.mark.parametrize("header", [{}, {"authorization": "Bearer nobody"}, {"authorization": "Basic eA=="}])
async def test_nobody_without_a_token_gets_in(gateway: Gateway, header: dict[str, str]) -> None:
    for path in ("/v1/orders", "/v1/requisitions", "/v1/exceptions", "/v1/events", "/v1/partners"):
        assert (await gateway.http.get(path, headers=header)).status_code == 401


async def test_a_requisition_above_the_limit_is_approved_through_the_api(gateway: Gateway) -> None:
    await gateway.as_person(BUYER, "POST", "/v1/requisitions", wanted("API-4", quantity="1000"))
    await until(gateway, "/v1/requisitions/API-4", "awaiting approval")
    approved = await gateway.as_person(APPROVER, "POST", "/v1/requisitions/API-4/approve", {"reason": "yes"})
    again = await gateway.as_person(APPROVER, "POST", "/v1/requisitions/API-4/reject", {"reason": "no"})
    assert (approved.status_code, again.status_code) == (200, 409)
    await until(gateway, "/v1/orders/API-4-MEDL", "awaiting acknowledgement")
    timeline = (await gateway.as_person(OPERATOR, "GET", "/v1/requisitions/API-4/timeline")).json()
    assert APPROVER in [entry["actor"] for entry in timeline]


async def test_events_reach_the_order_and_a_held_invoice_is_released_by_accounts_payable(gateway: Gateway) -> None:
    order = await placed(gateway, "API-5")
    po_number = order["order"]["po_number"]
    answers = [
        await gateway.report(events.shipped(po_number), event_id="s"),
        await gateway.report(
            events.received("r", po_number), partner="stockroom", event_id="r", content_type=INVENTORY_TYPE
        ),
        await gateway.report(events.invoiced(po_number, price="1.30", total="26.00"), event_id="i"),
    ]
    assert [answer.status_code for answer in answers] == [202, 202, 202]
    await gateway.work_off()
    await until(gateway, "/v1/orders/API-5-MEDL", "exception")
    (case,) = (await gateway.as_person(PAYABLE, "GET", "/v1/exceptions?mine=true")).json()["items"]
    path, accept = f"/v1/exceptions/{case['id']}/resolve", {"resolution": "accept", "reason": "agreed"}
    unfit = await gateway.as_person(PAYABLE, "POST", path, {"resolution": "short close"})
    own = await gateway.as_person(BUYER, "POST", path, accept)
    released = await gateway.as_person(PAYABLE, "POST", path, accept)
    assert [unfit.status_code, own.status_code, released.status_code] == [409, 403, 200]
    await until(gateway, "/v1/orders/API-5-MEDL", "awaiting payment")
    outcomes = {
        event["key"]: event["outcome"]
        for event in (await gateway.as_person(BUYER, "GET", "/v1/events")).json()["items"]
    }
    assert outcomes == {"medl/s": "applied", "stockroom/r": "applied", "medl/i": "applied"}


async def test_an_order_is_cancelled_through_the_api(gateway: Gateway) -> None:
    await placed(gateway, "API-6")
    assert (
        await gateway.as_person(BUYER, "POST", "/v1/orders/API-6-MEDL/cancel", {"reason": "error"})
    ).status_code == 200
    await until(gateway, "/v1/orders/API-6-MEDL", "cancelled")
    again = await gateway.as_person(BUYER, "POST", "/v1/orders/API-6-MEDL/cancel", {"reason": "error"})
    assert (again.status_code, "is over" in again.json()["detail"]) == (409, True)


async def test_a_second_breach_of_an_item_joins_the_open_requisition(gateway: Gateway) -> None:
    for event_id, on_hand in (("b-1", "180"), ("b-2", "150")):
        event = events.breached(event_id, on_hand=on_hand)
        await gateway.report(event, partner="stockroom", event_id=event_id, content_type=INVENTORY_TYPE)
    await gateway.work_off()
    shown = (await gateway.as_person(BUYER, "GET", "/v1/events")).json()["items"]
    assert [event["outcome"] for event in shown] == ["applied", "duplicate"]
    assert len((await gateway.as_person(BUYER, "GET", "/v1/requisitions")).json()["items"]) == 1


async def test_a_paused_partners_events_wait_until_it_is_resumed(gateway: Gateway) -> None:
    order = await placed(gateway, "API-7")
    await gateway.as_person(OPERATOR, "PUT", "/v1/partners/medl/pause")
    await gateway.report(events.shipped(order["order"]["po_number"]))
    await gateway.work_off()
    assert (await gateway.as_person(BUYER, "GET", "/v1/events/medl/msg_1")).json()["state"] == "received"
    await gateway.as_person(OPERATOR, "DELETE", "/v1/partners/medl/pause")
    await gateway.work_off()
    assert (await gateway.as_person(BUYER, "GET", "/v1/events/medl/msg_1")).json()["state"] != "received"


async def test_lists_come_in_pages(gateway: Gateway) -> None:
    for number in range(3):
        await gateway.as_person(BUYER, "POST", "/v1/requisitions", wanted(f"PAGE-{number}"))
    first = (await gateway.as_person(BUYER, "GET", "/v1/requisitions?limit=2")).json()
    rest = (await gateway.as_person(BUYER, "GET", f"/v1/requisitions?limit=2&cursor={first['next']}")).json()
    numbers = [shown["requisition"]["number"] for shown in first["items"] + rest["items"]]
    assert (numbers, rest["next"]) == (["PAGE-0", "PAGE-1", "PAGE-2"], None)
    assert (await gateway.as_person(BUYER, "GET", "/v1/requisitions?limit=0")).status_code == 422


@pytest.mark.parametrize(
    "path", ["/v1/orders/NOPE", "/v1/requisitions/NOPE", "/v1/exceptions/EX-nope", "/v1/events/a/b"]
)
async def test_what_is_not_there_is_404(gateway: Gateway, path: str) -> None:
    assert (await gateway.as_person(OPERATOR, "GET", path)).status_code == 404


async def test_the_gateway_is_ready_and_tells_no_versions(gateway: Gateway) -> None:
    ready: httpx.Response = await gateway.http.get("/v1/health/ready")
    assert (ready.status_code, ready.json()) == (200, {"status": "ready"})


async def test_while_the_store_is_away_the_api_says_so_and_does_not_break(gateway: Gateway) -> None:
    gateway.swap(reading=Reading(engine_for("postgresql://nobody:x@127.0.0.1:1/none")))
    answer = await gateway.as_person(BUYER, "GET", "/v1/orders")
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
    assert int(answer.headers["retry-after"]) >= 1

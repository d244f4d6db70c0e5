"""The answer table of the ingress: every kind of event, good and bad, and what is kept of it."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from temporalio.testing import WorkflowEnvironment

from adapters.store.inbox import InboxFullError, StoreUnavailableError
from starter.gateway.edge import LARGEST_BODY
from starter.gateway.rate_limits import RateLimits
from tests.adapters import events
from tests.starter.gateway_fixture import INVENTORY_TYPE, Gateway, a_gateway, queue_of

HEADERS = ["webhook-id", "webhook-timestamp", "webhook-signature", "content-type", "content-encoding"]
PRINTABLE = st.characters(min_codepoint=32, max_codepoint=126)


@pytest.fixture
async def gateway(
    database_url: str, temporal: WorkflowEnvironment, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[Gateway]:
    async with a_gateway(database_url, temporal, tmp_path, task_queue=queue_of(request.node.name)) as here:
        yield here


async def kept(gateway: Gateway) -> list[str]:
    return [event.key for event in (await gateway.parts.reading.events(limit=200)).items]


async def rejected(gateway: Gateway) -> tuple[int, int]:
    """Return how many rejections of partners, and of strangers, have been written down."""
    await gateway.parts.rejections.flush()
    return await gateway.parts.audit.verify(), await gateway.parts.audit.refused()


def is_problem(answer: httpx.Response) -> bool:
    return (
        answer.headers["content-type"] == "application/problem+json" and answer.json()["status"] == answer.status_code
    )


async def test_a_new_event_is_202_and_the_same_again_200(gateway: Gateway) -> None:
    first, again = await gateway.report(events.shipped()), await gateway.report(events.shipped())
    assert (first.status_code, again.status_code) == (202, 200)
    assert await kept(gateway) == ["medl/msg_1"]


async def test_the_same_id_with_another_content_is_409_and_the_first_stands(gateway: Gateway) -> None:
    await gateway.report(events.shipped())
    conflict = await gateway.report(events.shipped("PO-000002"))
    assert (conflict.status_code, is_problem(conflict)) == (409, True)
    assert [event.po_number for event in (await gateway.parts.reading.events(limit=9)).items] == ["PO-000001"]
    cases = (await gateway.parts.reading.cases(limit=9)).items
    assert [case.kind.value for case in cases] == ["conflicting event"]
    assert await rejected(gateway) == (1, 0)


async def test_a_hundred_copies_at_once_with_one_altered_are_one_event_and_one_conflict(gateway: Gateway) -> None:
    bodies = [events.shipped()] * 99 + [events.shipped("PO-666")]
    await gateway.report(events.shipped())
    answers = await asyncio.gather(*(gateway.report(body) for body in bodies))
    assert Counter(answer.status_code for answer in answers) == {200: 99, 409: 1}
    assert await kept(gateway) == ["medl/msg_1"]


@pytest.mark.parametrize(
    ("headers", "partner"),
    [
        ({"webhook-signature": "v1,AAAA"}, "medl"),
        ({"webhook-signature": ""}, "medl"),
        ({"webhook-id": "other"}, "medl"),
        ({"webhook-timestamp": "1"}, "medl"),
        ({"webhook-timestamp": "x"}, "medl"),
    ],
)
async def test_what_is_not_proven_is_401_and_counted(gateway: Gateway, headers: dict[str, str], partner: str) -> None:
    answer = await gateway.report(events.shipped(), partner=partner, headers=headers)
    assert (answer.status_code, is_problem(answer)) == (401, True)
    assert await kept(gateway) == []
    assert await rejected(gateway) == (0, 1)


async def test_every_unproven_event_gets_the_same_answer_whoever_it_claims_to_be(gateway: Gateway) -> None:
    forged = await gateway.report(events.shipped(), headers={"webhook-signature": "v1,AAAA"})
    stale = await gateway.report(events.shipped(), at=datetime.now(UTC) - timedelta(seconds=301))
    unknown = await gateway.http.post("/v1/partners/nobody/events", content=b"{}")
    assert forged.content == stale.content == unknown.content


async def test_one_partners_signature_does_not_prove_another_partner(gateway: Gateway) -> None:
    signed = await gateway.report(events.shipped(), partner="medl")
    headers = {
        name: value for name, value in signed.request.headers.items() if name.startswith(("webhook", "content-type"))
    }
    answer = await gateway.http.post("/v1/partners/card/events", content=signed.request.content, headers=headers)
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff", 400),
        (b'{"a":1,"a":1}', 400),
        (b"[" * 10_000, 400),
        (b"null", 422),
        (b"[]", 422),
        (json.dumps({**events.shipped(), "type": "order.eaten"}).encode(), 422),
        (json.dumps({**events.shipped(), "data": {}}).encode(), 422),
    ],
)
async def test_a_partners_bad_document_is_a_clear_4xx_and_is_written_down(
    gateway: Gateway, body: bytes, status: int
) -> None:
    answer = await gateway.report(body)
    assert (answer.status_code, is_problem(answer)) == (status, True)
    assert await kept(gateway) == []
    assert await rejected(gateway) == (1, 0)


async def test_a_platform_that_speaks_for_another_facility_is_404(gateway: Gateway) -> None:
    event = events.breached()
    event["data"]["facility"] = "ELSEWHERE"
    answer = await gateway.report(event, partner="stockroom", event_id="b-1", content_type=INVENTORY_TYPE)
    assert (answer.status_code, await kept(gateway)) == (404, [])


async def test_a_cloud_event_under_another_id_than_the_signed_one_is_422(gateway: Gateway) -> None:
    answer = await gateway.report(
        events.breached("b-2"), partner="stockroom", event_id="b-1", content_type=INVENTORY_TYPE
    )
    assert (answer.status_code, answer.json()["pointer"]) == (422, "/id")


@pytest.mark.parametrize(
    "headers", [{"content-type": "text/plain"}, {"content-type": INVENTORY_TYPE}, {"content-encoding": "gzip"}]
)
async def test_another_media_type_or_a_compressed_body_is_415(gateway: Gateway, headers: dict[str, str]) -> None:
    assert (await gateway.report(events.shipped(), headers=headers)).status_code == 415


async def test_a_body_beyond_the_limit_is_413_announced_or_chunked(gateway: Gateway) -> None:
    announced = await gateway.http.post("/v1/partners/medl/events", content=b"x" * (LARGEST_BODY + 1))

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(LARGEST_BODY // 65536 + 1):
            yield b"x" * 65536

    chunked = await gateway.http.post("/v1/partners/medl/events", content=chunks())
    assert [announced.status_code, chunked.status_code] == [413, 413]
    assert is_problem(announced)


async def test_too_many_events_at_once_are_429_with_a_pause_and_other_partners_go_on(gateway: Gateway) -> None:
    gateway.swap(rate_limits=RateLimits(clock=lambda: 0.0))
    burst = gateway.parts.partners.partners[0].rate_limit.burst
    answers = await asyncio.gather(*(gateway.report(events.shipped()) for _ in range(burst + 50)))
    counted = Counter(answer.status_code for answer in answers)
    assert counted == {202: 1, 200: burst - 1, 429: 50}
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in answers if answer.status_code == 429)
    assert (await gateway.report(events.shipped(), partner="card")).status_code == 202


@pytest.mark.parametrize("failure", [InboxFullError(), StoreUnavailableError("gone")])
async def test_a_store_that_does_not_confirm_is_503_and_sending_again_is_safe(
    gateway: Gateway, failure: Exception
) -> None:
    class Failing:
        async def accept(self, _: object) -> None:
            raise failure

    real = gateway.parts.inbox
    gateway.swap(inbox=Failing())
    answer = await gateway.report(events.shipped())
    gateway.swap(inbox=real)
    assert (answer.status_code, "retry-after" in answer.headers) == (503, True)
    assert (await gateway.report(events.shipped())).status_code == 202


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/nowhere", 404), ("GET", "/v1/partners/medl/events", 405)]
)
async def test_unknown_routes_and_methods_are_problems_too(
    gateway: Gateway, method: str, path: str, status: int
) -> None:
    answer = await gateway.http.request(method, path)
    assert (answer.status_code, is_problem(answer)) == (status, True)


async def test_no_bytes_under_no_headers_are_a_5xx(gateway: Gateway) -> None:
    loop = asyncio.get_running_loop()
    statuses: set[int] = set()

    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.binary(max_size=300),
        st.dictionaries(st.sampled_from(HEADERS), st.text(PRINTABLE, max_size=40), max_size=4),
        st.booleans(),
    )
    def anything(body: bytes, headers: dict[str, str], signed: bool) -> None:
        async def send() -> int:
            if signed:
                return (await gateway.report(body)).status_code
            return (await gateway.http.post("/v1/partners/medl/events", content=body, headers=headers)).status_code

        statuses.add(asyncio.run_coroutine_threadsafe(send(), loop).result(20))

    await asyncio.to_thread(anything)
    assert statuses <= {400, 401, 415, 422, 429}

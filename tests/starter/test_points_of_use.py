"""What points of use report: kept without its patients, net of returns, ordered again once, acknowledged."""

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import httpx
import pytest
from temporalio.testing import WorkflowEnvironment

from adapters.partners import PartnerProfile
from tests.starter.gateway_fixture import Gateway, a_gateway, queue_of

pytestmark = pytest.mark.servers

CABINET = PartnerProfile.model_validate(
    {
        "code": "cathlab",
        "kind": "inventory",
        "facilities": ["NORTH"],
        "language": "hl7",
        "hl7": {"facility": "NORTH", "location": "CATHLAB"},
        "case_key": "env:CASE_KEY",
        "usage_orders_again": True,
        "transport": {"kind": "https", "inbound": {"kind": "basic", "user": "lab", "passwords": ["env:LAB_PASSWORD"]}},
    }
)
CANARIES = ("MONTAGUE", "JULIET", "19660214", "MRN778899", "ACCT5512")


def charge(
    control: str, quantity: str = "2", *, item: str = "GLV-M", kind: str = "CG", when: str = "20261126081500"
) -> str:
    return "\r".join(
        (
            f"MSH|^~\\&|CABINET|CATHLAB|SUPPLY|NORTH|{when}||DFT^P03|{control}|P|2.5",
            "PID|1||MRN778899^^^NORTH^MR||MONTAGUE^JULIET||19660214|F|||1 BALCONY RD^^VERONA|||||||ACCT5512",
            "PV1|1|I|CATHLAB^2^1|||||||||||||||||ACCT5512",
            f"FT1|1|{control}||{when}||{kind}|{item}^Gloves^L|Gloves||{quantity}|||||||||||||||||||||||||",
        )
    )


@pytest.fixture
async def gateway(
    database_url: str,
    temporal: WorkflowEnvironment,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Gateway]:
    monkeypatch.setenv("LAB_PASSWORD", "opensesame")
    monkeypatch.setenv("CASE_KEY", "a key of the tests, long enough to be one")
    queue = queue_of(request.node.name)
    async with a_gateway(database_url, temporal, tmp_path, task_queue=queue, more_partners=[CABINET]) as here:
        yield here


async def post(gateway: Gateway, message: str) -> httpx.Response:
    auth = httpx.BasicAuth("lab", "opensesame")
    return await gateway.http.post("/v1/partners/cathlab/documents", content=message.encode(), auth=auth)


async def requisitions(gateway: Gateway) -> list[tuple[str, str]]:
    page = await gateway.parts.reading.requisitions(limit=20)
    return [
        (snapshot.requisition.trigger.value, str(snapshot.requisition.lines[0].quantity)) for snapshot in page.items
    ]


async def test_usage_is_acknowledged_kept_and_ordered_again_once(gateway: Gateway) -> None:
    answer = await post(gateway, charge("M1"))
    assert answer.status_code == 202
    assert b"MSA|AA|M1" in answer.content
    again = await post(gateway, charge("M1"))
    assert (again.status_code, b"MSA|AA|M1" in again.content) == (200, True)
    await gateway.work_off()
    assert await requisitions(gateway) == [("usage", "2 EA")]
    [event] = (await gateway.parts.reading.events(limit=5, partner="cathlab")).items
    assert (event.kind, event.outcome, event.note) == ("usage", "applied", "requisition RQ-000001")


async def test_what_came_back_is_taken_off_before_anything_is_ordered(gateway: Gateway) -> None:
    await post(gateway, charge("M1", "3", kind="CD"))
    await gateway.work_off()
    assert await requisitions(gateway) == []
    await post(gateway, charge("M2", "5"))
    await gateway.work_off()
    assert await requisitions(gateway) == [("usage", "2 EA")]


async def test_no_patient_is_found_anywhere_in_the_store(gateway: Gateway, database_url: str) -> None:
    await post(gateway, charge("M1"))
    await post(gateway, charge("M2").replace("DFT^P03", "DFT^P03\x00"))
    await post(gateway, "PID|1||MRN778899||MONTAGUE^JULIET")
    await gateway.work_off()
    await gateway.parts.rejections.flush()
    connection = await asyncpg.connect(database_url)
    tables = await connection.fetch("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
    found = []
    for (table,) in tables:
        rows = await connection.fetch(f'SELECT * FROM "{table}"')  # noqa: S608 - the catalogue's own names
        text = " ".join(_text(value) for row in rows for value in row.values())
        found += [(table, canary) for canary in CANARIES if canary in text]
    await connection.close()
    assert found == []


async def test_usage_at_a_facility_the_partner_does_not_keep_is_put_to_a_person(gateway: Gateway) -> None:
    elsewhere = CABINET.model_copy(update={"facilities": ("SOUTH",)})
    partners = tuple(elsewhere if one.code == "cathlab" else one for one in gateway.parts.partners.partners)
    gateway.swap(partners=gateway.parts.partners.model_copy(update={"partners": partners}))
    await post(gateway, charge("M1"))
    await gateway.work_off()
    assert await requisitions(gateway) == []
    [case] = (await gateway.parts.reading.cases(limit=5)).items
    assert (case.kind.value, "whose stock this partner keeps" in case.summary) == ("unclear document", True)


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)

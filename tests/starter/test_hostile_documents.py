"""Whatever comes under a partner's name, in whatever language: never a 5xx, never half taken, always written down."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from temporalio.testing import WorkflowEnvironment

from adapters.partners import PartnerProfile
from tests.starter.gateway_fixture import Gateway, a_gateway, queue_of

pytestmark = pytest.mark.servers

SUPPLIER: dict[str, object] = {"kind": "supplier", "supplier": "MEDL"}
STOCKROOM: dict[str, object] = {"kind": "inventory", "facilities": ["NORTH"], "case_key": "env:CASE_KEY"}
PAGES: dict[str, dict[str, object]] = {
    "x12": SUPPLIER,
    "ubl": SUPPLIER,
    "cxml": {**SUPPLIER, "shared_secret": "env:SHARED"},
    "hl7": STOCKROOM,
    "fhir": {**STOCKROOM, "fhir": {"release": "R5"}},
}
BOMB = b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "x"><!ENTITY c "&a;&a;&a;&a;">]><b>&c;</b>'
ISA = "ISA*00*          *00*          *ZZ*PARTNER        *ZZ*SUPPLYLINE     *261126*0800*U*00401*000000001*0*P*>~"
BODIES = {
    "nothing": b"",
    "blanks": b" \r\n\t" * 50,
    "zeros": b"\x00" * 500,
    "any bytes": bytes(range(256)) * 8,
    "an entity bomb": BOMB,
    "a file of the server": b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><Invoice>&f;</Invoice>',
    "deep nesting": b"<a>" * 5000 + b"</a>" * 5000,
    "deep JSON": b"[" * 5000,
    "half of XML": b'<?xml version="1.0"?><Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"><cbc',
    "a wrong charset": '<?xml version="1.0" encoding="UTF-8"?><a>é</a>'.encode("latin-1"),
    "UTF-16": '<?xml version="1.0" encoding="UTF-16"?><cXML/>'.encode("utf-16"),
    "half an ISA": b"ISA*00*          *00*      ",
    "an ISA of letters": b"ISA" + b"A" * 103,
    "digits of another script": ISA.replace("261126", "\u0662\u0666\u0661\u0661\u0662\u0666").encode(),
    "one endless segment": ISA.encode() + b"GS*" + b"9" * 300_000,
    "half an HL7 header": b"MSH|^~\\&",
    "HL7 of one long field": b"MSH|^~\\&|A|B|C|D|20261126||DFT^P03|1|P|2.5\rFT1|" + b"^" * 100_000,
    "FHIR of nothing": b'{"resourceType": "SupplyRequest"}',
    "FHIR of another sort": b'{"resourceType": "Patient", "name": [{"family": "MONTAGUE"}]}',
    "numbers without end": b'{"resourceType": "SupplyRequest", "quantity": {"value": 1e999999999}}',
}


@pytest.fixture
async def gateway(
    database_url: str,
    temporal: WorkflowEnvironment,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Gateway]:
    for name in ("CASE_KEY", "SHARED", "PASSWORD"):
        monkeypatch.setenv(name, "a secret of the tests, long enough")
    queue = queue_of(request.node.name)
    partners = [a_partner(language) for language in PAGES]
    async with a_gateway(database_url, temporal, tmp_path, task_queue=queue, more_partners=partners) as here:
        yield here


def a_partner(language: str) -> PartnerProfile:
    check = {"kind": "basic", "user": "partner", "passwords": ["env:PASSWORD"]}
    page = {"code": language, "language": language, "transport": {"kind": "https", "inbound": check}}
    return PartnerProfile.model_validate({**page, **PAGES[language]})


@pytest.mark.parametrize("language", PAGES)
async def test_hostile_bodies_are_refused_in_the_open_and_nothing_of_them_is_acted_on(
    gateway: Gateway, language: str
) -> None:
    auth = httpx.BasicAuth("partner", "a secret of the tests, long enough")
    answers = {}
    for name, body in BODIES.items():
        answer = await gateway.http.post(f"/v1/partners/{language}/documents", content=body, auth=auth)
        answers[name] = answer.status_code
    assert {name: status for name, status in answers.items() if status not in {202, 409, 422}} == {}
    await gateway.work_off()
    await gateway.parts.rejections.flush()
    told = [event for event in (await gateway.parts.reading.events(limit=50)).items if event.outcome == "applied"]
    refused = [row for row in await gateway.parts.transmissions.latest(language, limit=50) if row.state != "taken"]
    assert told == []
    assert len(refused) >= len(BODIES) - 4

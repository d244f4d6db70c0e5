"""Documents by AS2 and by files: on disk before they are acknowledged, put away after, refused aloud."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from temporalio.testing import WorkflowEnvironment

from adapters.channels import channel_of
from adapters.partners import PartnerProfile
from adapters.supplier.posted import PostedSupplier
from adapters.supplier.x12.options import X12Options
from adapters.supplier.x12.reading import read
from adapters.transports.as2.dispositions import Disposition, open_disposition
from adapters.transports.as2.keys import Keys
from adapters.transports.as2.messages import SealedMessage, seal_message
from adapters.transports.opening import sender_of
from adapters.transports.options import As2Transport
from adapters.transports.parcel import Parcel
from domain.policy import Policy
from domain.ports import OrderMessage
from starter.carrying import collector_of
from starter.courier import Courier
from tests.adapters.transports.as2_identities import identity, written
from tests.builders import an_order
from tests.starter.gateway_fixture import Gateway, a_gateway, queue_of
from tests.starter.test_documents import answer, interchange

pytestmark = pytest.mark.servers

X12 = {"their_id": "MIDLAND", "our_id": "NORTHHOSP"}
SUPPLIER = {"kind": "supplier", "language": "x12", "x12": X12}


def by_as2(folder: Path) -> PartnerProfile:
    key, certificate = written(folder, "hospital")
    _, theirs = written(folder, "north")
    transport = {
        "kind": "as2",
        "url": "https://as2.north.example/as2",
        "our_name": "HOSPITAL",
        "their_name": "North Medical",
        "key": key,
        "certificate": certificate,
        "their_certificates": [theirs],
    }
    return PartnerProfile.model_validate({"code": "north", "supplier": "NRTH", **SUPPLIER, "transport": transport})


def by_folder(folder: Path) -> PartnerProfile:
    for name in ("out", "in", "archive", "refused"):
        (folder / name).mkdir(exist_ok=True)
    transport = {
        "kind": "folder",
        "outbox": str(folder / "out"),
        "inbox": str(folder / "in"),
        "archive": str(folder / "archive"),
        "refused": str(folder / "refused"),
        "settle_seconds": 0,
        "poll_seconds": 0.05,
    }
    return PartnerProfile.model_validate({"code": "van", "supplier": "VANS", **SUPPLIER, "transport": transport})


@pytest.fixture
async def gateway(
    database_url: str, temporal: WorkflowEnvironment, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[Gateway]:
    partners = [by_as2(tmp_path), by_folder(tmp_path)]
    queue = queue_of(request.node.name)
    async with a_gateway(database_url, temporal, tmp_path, task_queue=queue, more_partners=partners) as here:
        yield here


def sealed(gateway: Gateway, body: bytes, *, signer: str = "north", key: str = "M-1") -> SealedMessage:
    """Seal a document as the partner's own AS2 does."""
    partner = gateway.parts.partners.named("north")
    assert partner is not None
    assert isinstance(partner.transport, As2Transport)
    names = {"our_name": partner.transport.their_name, "their_name": partner.transport.our_name}
    keys = Keys(identity(signer), None, (identity("hospital").certificate,))
    parcel = Parcel(key=key, name="answer.x12", content_type="application/edi-x12", body=body)
    return seal_message(parcel, partner.transport.model_copy(update=names), keys, now=datetime.now(UTC))


async def post(gateway: Gateway, message: SealedMessage) -> httpx.Response:
    return await gateway.http.post("/v1/as2", content=message.body, headers=dict(message.headers))


def disposition(gateway: Gateway, reply: httpx.Response) -> Disposition:
    """Read our answer as the partner does."""
    partner = gateway.parts.partners.named("north")
    assert partner is not None
    assert isinstance(partner.transport, As2Transport)
    names = {"our_name": partner.transport.their_name, "their_name": partner.transport.our_name}
    keys = Keys(identity("north"), None, (identity("hospital").certificate,))
    return open_disposition(reply.headers, reply.content, partner.transport.model_copy(update=names), keys)


async def test_an_as2_message_is_on_disk_when_its_signed_disposition_proves_its_arrival(gateway: Gateway) -> None:
    message = sealed(gateway, interchange(answer()))
    reply = await post(gateway, message)
    assert reply.status_code == 200
    disposition(gateway, reply).prove(message.mic)
    [row] = await gateway.parts.transmissions.latest("north", limit=5)
    assert (row.via, row.state, row.documents) == ("as2", "taken", 1)
    again = await post(gateway, sealed(gateway, interchange(answer())))
    assert (again.status_code, len(await gateway.parts.transmissions.latest("north", limit=5))) == (200, 1)


async def test_an_as2_message_somebody_else_signed_is_refused_and_nothing_of_it_is_kept(gateway: Gateway) -> None:
    reply = await post(gateway, sealed(gateway, interchange(answer()), signer="stranger"))
    assert disposition(gateway, reply).code == "authentication-failed"
    assert await gateway.parts.transmissions.latest("north", limit=5) == ()


async def test_an_as2_document_that_cannot_be_read_is_kept_and_not_confirmed(gateway: Gateway) -> None:
    reply = await post(gateway, sealed(gateway, b"Dear Sirs"))
    assert disposition(gateway, reply).code == "unexpected-processing-error"
    [row] = await gateway.parts.transmissions.latest("north", limit=5)
    assert row.state == "refused"


async def test_as2_from_nobody_we_know_is_401(gateway: Gateway) -> None:
    reply = await gateway.http.post("/v1/as2", content=b"x", headers={"as2-from": "A", "as2-to": "B"})
    assert reply.status_code == 401


async def collect(gateway: Gateway) -> int:
    """Look into the folder twice, as the collector does: a file must look the same before it is believed."""
    parts = gateway.parts
    async with AsyncExitStack() as stack:
        collector = collector_of(parts.partners, parts.channels, stack, parts.engine, Policy())
        [one] = collector.rounds
        return await collector.collect(one) + await collector.collect(one)


async def test_a_whole_file_is_taken_put_away_and_acknowledged_into_the_other_folder(
    gateway: Gateway, tmp_path: Path
) -> None:
    (tmp_path / "in" / "answer.x12").write_bytes(interchange(answer()))
    assert await collect(gateway) == 1
    assert [path.name for path in (tmp_path / "archive").iterdir()] == ["answer.x12"]
    assert list((tmp_path / "in").iterdir()) == []
    async with AsyncExitStack() as stack:
        partner = gateway.parts.partners.named("van")
        assert partner is not None
        sender = await sender_of(partner.transport, stack, partner="van", clock=lambda: datetime.now(UTC))
        assert await Courier(gateway.parts.outbound, {"van": sender}, Policy(), lambda _: 0).deliver() == 1
    [sent] = (tmp_path / "out").iterdir()
    [note] = read(sent.read_bytes(), X12Options())
    assert (note.language, note.details["group verdict"]) == ("x12 997 004010", "A")


async def test_half_a_file_waits_and_one_that_is_no_document_is_put_aside(gateway: Gateway, tmp_path: Path) -> None:
    whole = interchange(answer())
    (tmp_path / "in" / "half.x12").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "in" / "letter.x12").write_bytes(b"Dear Sirs")
    await collect(gateway)
    assert [path.name for path in (tmp_path / "in").iterdir()] == ["half.x12"]
    assert len(list((tmp_path / "refused").iterdir())) == 1
    (tmp_path / "in" / "half.x12").write_bytes(whole)
    assert await collect(gateway) == 1


async def test_a_file_offered_again_after_a_crash_is_a_copy(gateway: Gateway, tmp_path: Path) -> None:
    for _ in range(2):
        (tmp_path / "in" / "answer.x12").write_bytes(interchange(answer()))
        await collect(gateway)
    assert len((await gateway.parts.reading.events(limit=5, partner="van")).items) == 1


async def test_the_same_order_goes_into_the_folder_once_and_twice_it_is_the_same_file(
    gateway: Gateway, tmp_path: Path
) -> None:
    partner = gateway.parts.partners.named("van")
    assert partner is not None
    channel = channel_of(partner)
    assert channel is not None
    message = OrderMessage(key=f"{an_order().key}/placed", order=an_order())
    outbound = gateway.parts.outbound
    async with AsyncExitStack() as stack:
        sender = await sender_of(partner.transport, stack, partner="van", clock=lambda: datetime.now(UTC))
        for _ in range(2):
            await PostedSupplier(channel, outbound, sender).send_purchase_order(message)
        courier = Courier(outbound, {"van": sender}, Policy(), lambda _: 0)
        assert await courier.deliver() == 0
        await outbound.send_again(message.key)
        assert await courier.deliver() == 1
    [sent] = (tmp_path / "out").iterdir()
    document = await outbound.document(message.key)
    assert document is not None
    assert sent.read_bytes() == document.body

"""The suppliers that post: who may order from them, what they answer, and how long they try to be heard."""

import asyncio
import base64
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from starlette.applications import Starlette

from adapters.bad_document import BadDocumentError
from adapters.documents.channel import Channel
from adapters.supplier.cxml.channel import CxmlChannel
from adapters.supplier.cxml.reading import read as read_cxml
from adapters.supplier.cxml.responding import respond
from adapters.supplier.cxml.writing import write_order as write_cxml_order
from adapters.supplier.ubl.channel import UblChannel
from adapters.supplier.ubl.reading import read as read_ubl
from adapters.supplier.ubl.writing import write_order as write_ubl_order
from domain.errors import RejectedError
from sandbox.partners import cxml_supplier, ubl_supplier
from sandbox.partners.posting import Posted
from sandbox.partners.trading import Behaviour, Trade
from sandbox.partners.webhooks import Nothing, Outbox, Password
from tests.sandbox.tongues import CXML, CXML_LETTERS, SECRET, UBL, UBL_LETTERS
from tests.sandbox.trades import NOW, WHO, NoDock, a_message, what_was_ordered

DOCUMENTS = ["A-PO-000001", "ASN-PO-000001-1", "ASN-PO-000001-2", "INV-NORD-000001"]
YES = respond("a", NOW, 200, options=CXML)
NO = respond("a", NOW, 400, options=CXML)


class Gateway:
    """Our gateway, as a supplier sees it: answers what it is told to, then yes, and keeps what came."""

    def __init__(
        self, *answers: httpx.Response, then: Callable[[], httpx.Response] = lambda: httpx.Response(202)
    ) -> None:
        self._answers = list(answers)
        self._then = then
        self.came: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.came.append(request)
        return self._answers.pop(0) if self._answers else self._then()

    @property
    def bodies(self) -> list[bytes]:
        return [request.content for request in self.came]


@pytest.fixture
def password(tmp_path: Path) -> Callable[[str], Password]:
    def of(user: str) -> Password:
        (tmp_path / "password").write_text("open sesame\n")
        return Password(user, tmp_path / "password")

    return of


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


@pytest.fixture
def outbox(tmp_path: Path, gateway: Gateway, password: Callable[[str], Password]) -> Outbox:
    return an_outbox(tmp_path, gateway, password("nordic"))


def an_outbox(state: Path, gateway: Gateway, proof: Any, **more: Any) -> Outbox:
    transport = httpx.MockTransport(gateway)
    return Outbox(state / "outbox.json", "http://us.example", proof, "text/xml", transport=transport, **more)


def a_trade(state: Path, outbox: Outbox, letters: Any, **behaviour: Any) -> Trade:
    return Trade("NORD", state, Posted(outbox, letters), NoDock(), Behaviour(pace=0.0, **behaviour))


@asynccontextmanager
async def sending(outbox: Outbox) -> AsyncIterator[None]:
    task = asyncio.create_task(outbox.send_for_ever())
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def heard(outbox: Outbox, documents: int) -> None:
    """Wait until so many documents have been heard."""
    async with asyncio.timeout(10):
        while True:
            if len(outbox.heard) >= documents:
                return
            await asyncio.sleep(0.01)


async def posted(app: Starlette, path: str, body: bytes, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://them.example") as http:
        return await http.post(path, content=body, headers=headers)


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


async def test_an_order_in_ubl_is_answered_shipped_and_billed_with_the_password(
    tmp_path: Path, gateway: Gateway, outbox: Outbox, password: Callable[[str], Password]
) -> None:
    trade = a_trade(tmp_path, outbox, UBL_LETTERS)
    app = ubl_supplier.app_of(trade, outbox, password("supplyline"))
    order = write_ubl_order(a_message(), WHO, UBL, NOW)
    async with sending(outbox):
        for _ in range(2):
            answer = await posted(app, "/documents", order, authorization=basic("supplyline", "open sesame"))
            assert answer.status_code == 202
        await heard(outbox, len(DOCUMENTS))
    assert [read_ubl(body, UBL)[0].number for body in gateway.bodies] == DOCUMENTS
    assert {request.headers["authorization"] for request in gateway.came} == {basic("nordic", "open sesame")}


@pytest.mark.parametrize(("user", "word"), [("supplyline", "guess"), ("nordic", "open sesame")])
async def test_an_order_with_another_password_is_not_taken(
    tmp_path: Path, outbox: Outbox, password: Callable[[str], Password], user: str, word: str
) -> None:
    trade = a_trade(tmp_path, outbox, UBL_LETTERS)
    app = ubl_supplier.app_of(trade, outbox, password("supplyline"))
    order = write_ubl_order(a_message(), WHO, UBL, NOW)
    assert (await posted(app, "/documents", order, authorization=basic(user, word))).status_code == 401
    assert (await posted(app, "/documents", order)).status_code == 401
    assert trade.orders == {}


@pytest.fixture
def channel() -> CxmlChannel:
    return CxmlChannel("opus", CXML, WHO, lambda: SecretStr(SECRET))


async def test_an_order_in_cxml_is_answered_by_a_response_and_by_documents_that_prove_themselves(
    tmp_path: Path, channel: CxmlChannel
) -> None:
    gateway = Gateway(then=lambda: httpx.Response(202, content=YES))
    outbox = an_outbox(tmp_path, gateway, Nothing(), heard=cxml_supplier.is_heard)
    trade = a_trade(tmp_path, outbox, CXML_LETTERS)
    app = cxml_supplier.app_of(trade, outbox, "SUPPLYLINE", SECRET)
    async with sending(outbox):
        answer = await posted(app, "/cxml", write_cxml_order(a_message(), WHO, CXML, SecretStr(SECRET), NOW))
        channel.judge(answer.content)
        assert read_cxml(answer.content, CXML)[0].raw_type == "200"
        await heard(outbox, len(DOCUMENTS))
    assert [read_cxml(body, CXML)[0].number for body in gateway.bodies] == DOCUMENTS
    assert all(channel.proves_itself(body, [SecretStr(SECRET)]) for body in gateway.bodies)


async def test_an_order_in_cxml_with_another_secret_is_refused_in_a_response(
    tmp_path: Path, outbox: Outbox, channel: CxmlChannel
) -> None:
    trade = a_trade(tmp_path, outbox, CXML_LETTERS)
    app = cxml_supplier.app_of(trade, outbox, "SUPPLYLINE", SECRET)
    answer = await posted(app, "/cxml", write_cxml_order(a_message(), WHO, CXML, SecretStr("guess"), NOW))
    with pytest.raises(RejectedError, match="opus answered 401"):
        channel.judge(answer.content)
    assert trade.orders == {}


def can_be_acted_on(channel: Channel, body: bytes) -> bool:
    try:
        return all(envelope.errors == () for envelope in channel.receive(body))
    except BadDocumentError:
        return False


@pytest.mark.parametrize(
    ("letters", "channel"),
    [
        (UBL_LETTERS, UblChannel("nordic", UBL, WHO)),
        (CXML_LETTERS, CxmlChannel("opus", CXML, WHO, lambda: SecretStr(SECRET))),
    ],
    ids=["ubl", "cxml"],
)
async def test_a_first_answer_that_cannot_be_acted_on_is_followed_by_a_good_one(
    tmp_path: Path, gateway: Gateway, outbox: Outbox, letters: Any, channel: Channel
) -> None:
    trade = a_trade(tmp_path, outbox, letters, malformed_once=True)
    async with sending(outbox):
        trade.placed("order", what_was_ordered())
        await heard(outbox, len(DOCUMENTS) + 1)
    broken, whole = gateway.bodies[:2]
    assert (can_be_acted_on(channel, broken), can_be_acted_on(channel, whole)) == (False, True)


@pytest.mark.parametrize(
    "silence",
    [
        httpx.Response(200, content=b"<html>welcome</html>"),
        httpx.Response(200),
        httpx.Response(502, content=b"not cXML at all"),
        httpx.Response(200, content=respond("a", NOW, 560, options=CXML)),
    ],
    ids=["another root", "nothing", "no XML", "temporary"],
)
async def test_a_cxml_document_is_posted_until_a_response_says_yes(tmp_path: Path, silence: httpx.Response) -> None:
    gateway = Gateway(silence, then=lambda: httpx.Response(200, content=YES))
    outbox = an_outbox(tmp_path, gateway, Nothing(), heard=cxml_supplier.is_heard)
    async with sending(outbox):
        outbox.put_text("A-1", "<cXML/>")
        await heard(outbox, 1)
    assert gateway.bodies == [b"<cXML/>"] * 2


@pytest.mark.parametrize("no", [httpx.Response(422, content=NO), httpx.Response(401, json={"title": "Unauthorized"})])
async def test_a_cxml_document_refused_for_good_is_not_posted_again(tmp_path: Path, no: httpx.Response) -> None:
    gateway = Gateway(no)
    outbox = an_outbox(tmp_path, gateway, Nothing(), heard=cxml_supplier.is_heard)
    async with sending(outbox):
        outbox.put_text("A-1", "<cXML/>")
        await heard(outbox, 1)
    assert len(gateway.bodies) == 1


async def test_what_was_heard_is_not_said_again_in_other_words_after_a_restart(tmp_path: Path) -> None:
    gateway = Gateway()
    first = an_outbox(tmp_path, gateway, Nothing())
    async with sending(first):
        first.put_text("A-1", "<one/>")
        await heard(first, 1)
    again = an_outbox(tmp_path, gateway, Nothing())
    async with sending(again):
        again.put_text("A-1", "<another/>")
        again.put_text("A-2", "<two/>")
        await heard(again, 2)
    assert gateway.bodies == [b"<one/>", b"<two/>"]


async def test_what_was_not_heard_is_said_after_a_restart_in_the_same_bytes(tmp_path: Path) -> None:
    an_outbox(tmp_path, Gateway(), Nothing()).put_text("A-1", "<one/>")
    gateway = Gateway(httpx.Response(503))
    again = an_outbox(tmp_path, gateway, Nothing(), copies=2)
    again.put_text("A-1", "<another/>")
    async with sending(again):
        await heard(again, 1)
    assert gateway.bodies == [b"<one/>"] * 2

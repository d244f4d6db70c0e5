"""One document is one POST, proven as configured; the answer is kept and bounded."""

import asyncio
import base64
from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import pytest
from pydantic import HttpUrl, SecretBytes, SecretStr

from adapters.http_client import LARGEST_ANSWER
from adapters.signatures import verify
from adapters.transports.https import Basic, Bearer, HttpsSender, Nobody, Proof, Signing
from adapters.transports.parcel import Parcel
from domain.errors import RejectedError, UnavailableError

PARCEL = Parcel(key="order/PO-4711/1", name="PO-4711.xml", content_type="text/xml; charset=utf-8", body=b"<cXML/>")
NOW = datetime(2026, 3, 14, 9, 15, tzinfo=UTC)
SECRET = SecretBytes(b"s" * 32)
URL = "https://edi.north.example/orders?from=hospital"

Answering = Callable[[httpx.Request], httpx.Response]


async def post(answer: Answering, proof: Proof | None = None, parcel: Parcel = PARCEL) -> bytes | None:
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        sender = HttpsSender(http, HttpUrl(URL), partner="north", proof=proof or Nobody())
        return (await sender.send(parcel)).body


async def requests_of(proof: Proof, *parcels: Parcel) -> list[httpx.Request]:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200)

    for parcel in parcels:
        await post(answer, proof, parcel)
    return seen


async def test_a_parcel_is_posted_as_it_is_and_the_answer_kept() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert (request.method, str(request.url), request.content) == ("POST", URL, PARCEL.body)
        assert request.headers["content-type"] == PARCEL.content_type
        return httpx.Response(200, content=b"<cXML><Response/></cXML>")

    assert await post(answer) == b"<cXML><Response/></cXML>"


async def test_the_same_parcel_has_the_same_key_and_another_has_another() -> None:
    other = Parcel(key="order/PO-4711/2", name="b.xml", content_type="text/xml", body=b"<cXML/>")
    first, again, second = await requests_of(Nobody(), PARCEL, PARCEL, other)

    assert first.headers["idempotency-key"] == again.headers["idempotency-key"] != second.headers["idempotency-key"]


async def test_a_signed_post_can_be_verified_and_its_id_follows_from_the_key() -> None:
    first, again = await requests_of(Signing(SECRET, lambda: NOW), PARCEL, PARCEL)

    assert verify([SECRET], first.headers, PARCEL.body, NOW) == again.headers["webhook-id"]


async def test_a_user_and_password_are_shown_in_utf_8() -> None:
    (request,) = await requests_of(Basic("hospital", SecretStr("pä:ss")), PARCEL)

    assert base64.b64decode(request.headers["authorization"].removeprefix("Basic ")) == "hospital:pä:ss".encode()


async def test_a_token_is_shown() -> None:
    (request,) = await requests_of(Bearer(SecretStr("t0ken")), PARCEL)

    assert request.headers["authorization"] == "Bearer t0ken"


@pytest.mark.parametrize("status", [408, 425, 429, 500, 503])
async def test_what_may_pass_is_tried_again(status: int) -> None:
    with pytest.raises(UnavailableError):
        await post(lambda _: httpx.Response(status))


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 404, 422])
async def test_a_no_is_a_no_and_a_redirect_is_not_followed(status: int) -> None:
    calls: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        calls.append(str(request.url))
        return httpx.Response(status, headers={"location": "http://169.254.169.254/latest"})

    with pytest.raises(RejectedError):
        await post(answer, Bearer(SecretStr("t0ken")))
    assert calls == [URL]


async def test_a_failure_quotes_neither_the_body_nor_the_credentials() -> None:
    with pytest.raises(RejectedError) as failure:
        await post(lambda _: httpx.Response(400, content=b"you sent cXML"), Basic("hospital", SecretStr("hunter2")))

    assert not any(word in str(failure.value) for word in ("cXML", "hunter2", "hospital"))
    assert "hunter2" not in repr(Basic("hospital", SecretStr("hunter2")))


class Loopback:
    """A real server that answers every request with fixed bytes, and may hang up instead."""

    def __init__(self, *chunks: bytes) -> None:
        self._chunks = chunks
        self.received = b""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.received = await reader.readuntil(b"\r\n\r\n")
        self.received += await reader.readexactly(len(PARCEL.body))
        try:
            for chunk in self._chunks:
                writer.write(chunk)
                await writer.drain()
            writer.close()
            await writer.wait_closed()
        except ConnectionError:
            pass


async def post_for_real(server: Loopback) -> bytes | None:
    listening = await asyncio.start_server(server.answer, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    async with listening, httpx.AsyncClient(timeout=5) as http:
        sender = HttpsSender(http, HttpUrl(f"http://127.0.0.1:{port}/in"), partner="north", proof=Nobody())
        return (await sender.send(PARCEL)).body


async def test_a_real_server_gets_the_bytes() -> None:
    server = Loopback(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")

    assert await post_for_real(server) == b"ok"
    assert server.received.endswith(b"\r\n\r\n<cXML/>")


async def test_a_connection_that_breaks_before_the_answer_is_unavailable() -> None:
    with pytest.raises(UnavailableError):
        await post_for_real(Loopback(b"HTTP/1.1 200 OK\r\ncontent-length: 200\r\n\r\nok"))
    with pytest.raises(UnavailableError):
        await post_for_real(Loopback())


async def test_an_answer_without_end_is_cut_off() -> None:
    megabyte = b"x" * 1_048_576
    head = b"HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n"

    with pytest.raises(RejectedError, match=str(LARGEST_ANSWER)):
        await post_for_real(Loopback(head, *[megabyte] * 20))

"""A partner on loopback whose AS2 is pyas2lib, another implementation than ours."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from adapters.transports.options import As2Transport
from tests.adapters.transports.as2_identities import certificate_pem, identity, key_pem

_real_search = re.search


def _one_digit_will_do(pattern: Any, text: Any, flags: Any = 0) -> Any:
    return _real_search(
        pattern.replace(r"[a-z]*)\b", r")") if r"\d\.\d\.\d[a-z]*" in str(pattern) else pattern, text, flags
    )


# oscrypto 1.3 does not believe in an OpenSSL whose third number has two digits, such as 3.0.19.
with mock.patch("re.search", _one_digit_will_do):
    from pyas2lib import as2  # type: ignore[import-untyped]
    from pyas2lib.utils import mime_to_bytes  # type: ignore[import-untyped]


@dataclass
class Peer:
    """Takes messages for `North Medical` and answers as told."""

    transport: As2Transport
    signer: str = "north"
    status: int = 200
    answer: str = "mdn"
    edit: tuple[bytes, bytes] = (b"", b"")
    """What the report says, and what it says instead, before it is signed."""
    messages: list[Any] = field(default_factory=list)
    documents: dict[str, bytes] = field(default_factory=dict)
    url: str = ""

    def organization(self) -> Any:
        pem = key_pem(identity(self.signer)) + certificate_pem(identity(self.signer))
        own = key_pem(identity("north")) + certificate_pem(identity("north"))
        return as2.Organization(self.transport.their_name, sign_key=pem, decrypt_key=own, domain="north.example")

    def hospital(self) -> Any:
        certificate = certificate_pem(identity("hospital"))
        return as2.Partner(
            self.transport.our_name,
            verify_cert=certificate,
            encrypt_cert=certificate,
            sign=True,
            encrypt=self.transport.encrypt is not None,
            enc_alg=(self.transport.encrypt or "aes_256_cbc"),
            compress=self.transport.compress,
            digest_alg=self.transport.sign,
            mdn_mode="SYNC",
            mdn_digest_alg=self.transport.sign,
        )

    def message(self, body: bytes, name: str = "invoice.edi", key: str = "INV-1") -> Any:
        """Return a message from the peer to us."""
        message = as2.Message(sender=self.organization(), receiver=self.hospital())
        message.build(body, filename=name, content_type="application/octet-stream", message_id=key)
        return message

    def believes(self, message: Any, headers: Mapping[str, str], body: bytes) -> tuple[str, str | None]:
        """Return how the peer reads our disposition of its message."""
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        status, detail = as2.Mdn().parse(f"{head}\r\n".encode() + body, lambda *_: message)
        return status, detail

    def reply(self, raw: bytes) -> tuple[Mapping[str, str], bytes]:
        message = as2.Message()
        _, _, mdn = message.parse(
            raw,
            find_org_cb=lambda _: self.organization(),
            find_partner_cb=lambda _: self.hospital(),
            find_message_cb=lambda message_id, _: message_id in self.documents,
        )
        self.messages.append(message)
        self.documents.setdefault(message.message_id, message.content)
        if self.answer == "nothing":
            return {}, b""
        if self.answer == "unsigned" or self.edit[0]:
            mdn = self._rebuilt(message, mdn)
        return {**mdn.headers, "Content-Type": " ".join(mdn.headers["Content-Type"].split())}, mdn.content

    def _rebuilt(self, message: Any, mdn: Any) -> Any:
        report = next(part for part in mdn.payload.walk() if part.get_content_type() == "multipart/report")
        raw = mime_to_bytes(report).replace(*self.edit)
        rebuilt = as2.Mdn(mdn_mode="SYNC", digest_alg=self.transport.sign)
        rebuilt.payload = as2.parse_mime(raw)
        del message
        if self.answer != "unsigned":
            rebuilt.payload = self._signed(rebuilt.payload)
        return rebuilt

    def _signed(self, report: Any) -> Any:
        whole = as2.MIMEMultipart("signed", protocol="application/pkcs7-signature")
        del whole["MIME-Version"]
        whole.attach(report)
        signature = as2.email_message.Message()
        signature.set_type("application/pkcs7-signature")
        key = self.organization().sign_key
        signature.set_payload(
            as2.sign_message(as2.canonicalize(report), str(self.transport.sign), key, "rsassa_pkcs1v15")
        )
        as2.encoders.encode_base64(signature)
        whole.attach(signature)
        whole.set_boundary(as2.make_mime_boundary())
        return whole


@asynccontextmanager
async def serving(peer: Peer) -> AsyncIterator[Peer]:
    """Let the peer listen on loopback."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")
        )
        raw = head.partition(b"\r\n")[2] + await reader.readexactly(length)
        if peer.answer != "hang up":
            headers, body = peer.reply(raw)
            lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            start = f"HTTP/1.1 {peer.status} Said\r\n{lines}content-length: {len(body)}\r\n\r\n"
            writer.write(start.encode() + body)
            await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server:
        peer.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/as2"
        yield peer

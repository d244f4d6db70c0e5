"""AS2 against another implementation: what arrives is proven, what is not proven has not arrived."""

import base64
import tracemalloc
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from asn1crypto import cms as asn1  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.transports.as2.cms import CmsError, compress, decrypt, encrypt, sign, verify
from adapters.transports.as2.dispositions import open_disposition
from adapters.transports.as2.keys import Keys, load_keys
from adapters.transports.as2.messages import (
    OpenedMessage,
    RefusedMessage,
    SealedMessage,
    as2_names,
    open_message,
    seal_message,
)
from adapters.transports.as2.mime import Entity, entity
from adapters.transports.as2.sender import As2Sender
from adapters.transports.as2.signing import mic_of, signed
from adapters.transports.options import As2Transport, Cipher, Digest
from adapters.transports.parcel import Parcel, Receipt
from adapters.yaml_files import ConfigurationError
from domain.errors import RejectedError, UnavailableError
from tests.adapters.transports.as2_identities import certificate_pem, identity, key_pem, written
from tests.adapters.transports.as2_peer import Peer, serving
from tests.adapters.transports.test_wholeness import an_interchange

NOW = datetime(2026, 3, 14, 9, 15, tzinfo=UTC)
PARCEL = Parcel(key="order/PO-4711", name="PO-4711.edi", content_type="application/edi-x12", body=an_interchange())
KEYS = Keys(identity("hospital"), None, (identity("north").certificate,))
THEIRS = Keys(identity("north"), None, (identity("hospital").certificate,))

WAYS: list[dict[str, object]] = [
    {},
    {"compress": True},
    {"encrypt": None},
    {"encrypt": None, "compress": True},
    {"encrypt": "aes_128_cbc", "sign": "sha512"},
]


def a_transport(**changes: object) -> As2Transport:
    said = {
        "url": "https://as2.north.example/as2",
        "our_name": "HOSPITAL",
        "their_name": "North Medical",
        "key": "env:KEY",
        "certificate": "env:CERTIFICATE",
        "their_certificates": ("env:NORTH",),
        "allow_http": True,
    }
    return As2Transport.model_validate({**said, **changes})


def mirrored(transport: As2Transport) -> As2Transport:
    """Return the same relation as the partner sees it."""
    return transport.model_copy(update={"our_name": transport.their_name, "their_name": transport.our_name})


def from_them(
    body: bytes, transport: As2Transport, *, signer: str = "north", keys: Keys | None = None
) -> SealedMessage:
    theirs = keys or Keys(identity(signer), None, (identity("hospital").certificate,))
    parcel = Parcel(key="INV-1", name="invoice.edi", content_type="application/edi-x12", body=body)
    return seal_message(parcel, mirrored(transport), theirs, now=NOW)


def opened(
    headers: Mapping[str, str],
    body: bytes,
    transport: As2Transport | None = None,
    *,
    keys: Keys = KEYS,
    largest: int = 100_000,
) -> OpenedMessage | RefusedMessage:
    return open_message(headers, body, transport or a_transport(), keys, now=NOW, largest=largest)


def code_of(answer: OpenedMessage | RefusedMessage) -> str:
    """Return why a message was refused, as the sender reads it in our signed disposition."""
    assert isinstance(answer, RefusedMessage)
    assert answer.mdn is not None
    said = open_disposition(answer.mdn.headers, answer.mdn.body, mirrored(a_transport()), THEIRS)
    assert said.code == answer.code
    return answer.code


async def send(peer: Peer, *, keys: Keys = KEYS, parcel: Parcel = PARCEL) -> Receipt:
    async with serving(peer), httpx.AsyncClient(timeout=10) as http:
        transport = As2Transport.model_validate({**peer.transport.model_dump(), "url": peer.url})
        return await As2Sender(http, transport, keys, partner="north", clock=lambda: NOW).send(parcel)


@pytest.mark.parametrize("way", WAYS)
async def test_a_parcel_arrives_and_is_proven_to_have(way: dict[str, object]) -> None:
    peer = Peer(a_transport(**way))
    receipt = await send(peer)

    assert peer.documents == {receipt.message_id: PARCEL.body}
    (message,) = peer.messages
    assert (message.signed, message.encrypted, message.compressed) == (
        True,
        "encrypt" not in way or way["encrypt"] is not None,
        "compress" in way,
    )
    assert not receipt.awaits_disposition


async def test_the_same_parcel_is_the_same_message_and_a_duplicate_has_arrived() -> None:
    peer = Peer(a_transport())
    first = await send(peer)
    again = await send(peer)
    other = await send(
        peer, parcel=Parcel(key="order/PO-4712", name="b.edi", content_type="application/edi-x12", body=b"x")
    )

    assert first.message_id == again.message_id != other.message_id
    assert len(peer.documents) == 2


@pytest.mark.parametrize(
    ("told", "rule"),
    [
        ({"answer": "unsigned"}, "insufficient-message-security"),
        ({"answer": "nothing"}, "not proven|not a disposition"),
        ({"signer": "stranger"}, "authentication-failed"),
        ({"edit": (b"Received-content-MIC: ", b"Received-content-MIC: AAAA")}, "integrity checks differ"),
        ({"edit": (b"Received-content-MIC: ", b"X-Other: ")}, "integrity checks differ"),
        ({"edit": (b"Original-Message-ID: <", b"Original-Message-ID: <another")}, "another message"),
        ({"edit": (b"; processed", b"; processed/error: decryption-failed")}, "refused the message: decryption-failed"),
        ({"edit": (b"; processed", b"; failed/Failure: secret-words")}, "refused the message: unknown"),
        ({"edit": (b"; processed", b"; eaten")}, "not a disposition"),
        ({"status": 400}, "answered 400"),
    ],
)
async def test_what_is_not_proven_has_not_arrived(told: dict[str, object], rule: str) -> None:
    with pytest.raises(RejectedError, match=rule) as failure:
        await send(Peer(a_transport(), **told))  # type: ignore[arg-type]

    assert "secret-words" not in str(failure.value)


@pytest.mark.parametrize(
    "told",
    [
        {"status": 503},
        {"answer": "hang up"},
        {"edit": (b"; processed", b"; processed/error: unexpected-processing-error")},
    ],
)
async def test_what_may_pass_is_tried_again(told: dict[str, object]) -> None:
    with pytest.raises(UnavailableError):
        await send(Peer(a_transport(), **told))  # type: ignore[arg-type]


async def test_a_disposition_signed_with_their_next_key_is_believed_while_they_rotate() -> None:
    peer = Peer(a_transport(), signer="north-next")
    both = Keys(identity("hospital"), None, (identity("north").certificate, identity("north-next").certificate))

    assert (await send(peer, keys=both)).message_id in peer.documents
    with pytest.raises(RejectedError):
        await send(Peer(a_transport(), signer="north-next"))


async def test_an_unsigned_disposition_will_do_where_none_is_required() -> None:
    peer = Peer(a_transport(signed_mdn=False), answer="unsigned")

    assert (await send(peer)).message_id in peer.documents


async def test_an_asynchronous_disposition_is_awaited_and_proves_the_message_later() -> None:
    transport = a_transport(mdn="async", mdn_url="https://hospital.example/as2")
    receipt = await send(Peer(transport, answer="nothing"))
    assert (receipt.awaits_disposition, receipt.body) == (True, None)
    sealed = seal_message(PARCEL, transport, KEYS, now=NOW)
    assert sealed.headers["Receipt-Delivery-Option"] == "https://hospital.example/as2"

    theirs = mirrored(transport).model_copy(update={"their_mdn_url": transport.mdn_url})
    answer = open_message(sealed.headers, sealed.body, theirs, THEIRS, now=NOW)
    assert isinstance(answer, OpenedMessage)
    assert answer.mdn is not None
    assert answer.mdn.url == "https://hospital.example/as2"

    disposition = open_disposition(answer.mdn.headers, answer.mdn.body, transport, KEYS)
    assert disposition.message_id == receipt.message_id
    disposition.prove(receipt.mic or "")
    with pytest.raises(RejectedError):
        disposition.prove(mic_of(b"other bytes", Digest.SHA256))


def disposition_url(transport: As2Transport, asked: Mapping[str, str]) -> str | None:
    sealed = from_them(b"ISA", transport)
    answer = opened({**sealed.headers, **asked}, sealed.body, transport)
    assert isinstance(answer, OpenedMessage)
    assert answer.mdn is not None
    return answer.mdn.url


def test_the_address_for_a_disposition_comes_from_configuration_not_from_the_message() -> None:
    elsewhere = {"Receipt-Delivery-Option": "http://169.254.169.254/"}
    configured = a_transport(their_mdn_url="https://as2.north.example/mdn")

    assert disposition_url(a_transport(), elsewhere) is None
    assert disposition_url(configured, elsewhere) == "https://as2.north.example/mdn"
    assert disposition_url(configured, {}) is None


async def test_an_asynchronous_disposition_of_ours_is_posted_there() -> None:
    posted: list[httpx.Request] = []

    def take(request: httpx.Request) -> httpx.Response:
        posted.append(request)
        return httpx.Response(204)

    transport = a_transport(their_mdn_url="https://as2.north.example/mdn")
    sealed = from_them(b"ISA", transport)
    answer = opened({**sealed.headers, "Receipt-Delivery-Option": "https://as2.north.example/"}, sealed.body, transport)
    assert isinstance(answer, OpenedMessage)
    assert answer.mdn is not None
    async with httpx.AsyncClient(transport=httpx.MockTransport(take)) as http:
        await As2Sender(http, transport, KEYS, partner="north", clock=lambda: NOW).answer(answer.mdn)

    (request,) = posted
    assert str(request.url) == str(transport.their_mdn_url)
    said = open_disposition(request.headers, request.content, mirrored(transport), THEIRS)
    assert (said.message_id, said.code) == (sealed.message_id, None)


@pytest.mark.parametrize("way", WAYS)
def test_their_message_is_opened_and_they_believe_our_disposition(way: dict[str, object]) -> None:
    peer = Peer(a_transport(**way))
    message = peer.message(an_interchange())
    answer = opened(message.headers, message.content, peer.transport)

    assert isinstance(answer, OpenedMessage)
    assert (answer.body, answer.name, answer.message_id) == (an_interchange(), "invoice.edi", "INV-1@north.example")
    assert as2_names(message.headers) == ("North Medical", "HOSPITAL")
    assert answer.mdn is not None
    assert peer.believes(message, answer.mdn.headers, answer.mdn.body) == ("processed", None)


def test_they_understand_our_refusal() -> None:
    peer = Peer(a_transport(), signer="stranger")
    message = peer.message(b"ISA")
    answer = opened(message.headers, message.content)

    assert code_of(answer) == "authentication-failed"
    assert answer.mdn is not None
    peer.signer = "north"
    assert peer.believes(message, answer.mdn.headers, answer.mdn.body) == ("processed/error", "authentication-failed")


def test_the_same_message_sent_again_has_the_same_id_and_document() -> None:
    peer = Peer(a_transport())
    one, again = peer.message(b"ISA*"), peer.message(b"ISA*")
    first, second = opened(one.headers, one.content), opened(again.headers, again.content)

    assert isinstance(first, OpenedMessage)
    assert isinstance(second, OpenedMessage)
    assert one.content != again.content
    assert (first.message_id, first.body) == (second.message_id, second.body)


def test_who_asks_for_no_disposition_gets_none() -> None:
    sealed = from_them(b"ISA", a_transport())
    headers = {name: value for name, value in sealed.headers.items() if not name.startswith("Disposition-Not")}
    answer = opened(headers, sealed.body)

    assert isinstance(answer, OpenedMessage)
    assert answer.mdn is None


def test_a_message_without_signature_is_refused() -> None:
    sealed = from_them(b"ISA", a_transport())
    plain = entity({"Content-Type": "application/edi-x12"}, b"ISA")
    envelope = encrypt(plain.raw, identity("hospital").certificate, Cipher.AES_256_CBC)
    in_the_clear = {**sealed.headers, "Content-Type": "application/edi-x12"}

    assert code_of(opened(sealed.headers, envelope)) == "authentication-failed"
    assert code_of(opened(in_the_clear, b"ISA", a_transport(encrypt=None))) == "insufficient-message-security"


def test_a_message_in_the_clear_is_refused_where_encryption_is_agreed() -> None:
    sealed = from_them(b"ISA", a_transport(encrypt=None))

    assert code_of(opened(sealed.headers, sealed.body)) == "insufficient-message-security"


def test_a_message_for_another_key_is_refused_and_one_for_our_former_key_is_opened() -> None:
    former = from_them(b"ISA", a_transport(), keys=Keys(identity("north"), None, (identity("former").certificate,)))

    assert code_of(opened(former.headers, former.body)) == "decryption-failed"
    rotating = Keys(identity("hospital"), identity("former"), KEYS.theirs)
    assert isinstance(opened(former.headers, former.body, keys=rotating), OpenedMessage)


def test_who_damages_a_message_learns_nothing_from_the_answer() -> None:
    sealed = from_them(b"ISA" * 100, a_transport())
    ends = (*range(700, len(sealed.body), 37), *range(len(sealed.body) - 40, len(sealed.body)))
    bodies = (sealed.body[:end] + bytes([sealed.body[end] ^ 1]) + sealed.body[end + 1 :] for end in ends)

    answers = [opened(sealed.headers, body) for body in bodies]
    refused = [answer for answer in answers if isinstance(answer, RefusedMessage)]

    assert {code_of(answer) for answer in refused} == {"authentication-failed"}
    assert len(refused) > len(answers) / 2


def test_a_signature_nobody_made_proves_nothing() -> None:
    signature = asn1.ContentInfo.load(sign(b"ISA", identity("north"), Digest.SHA256))
    signature["content"]["signer_infos"] = asn1.SignerInfos([])

    with pytest.raises(CmsError):
        verify(b"ISA", signature.dump(force=True), KEYS.theirs)


def test_a_signature_over_other_bytes_proves_nothing() -> None:
    signature = sign(b"ISA", identity("north"), Digest.SHA256)

    assert verify(b"ISA", signature, KEYS.theirs) is Digest.SHA256
    with pytest.raises(CmsError):
        verify(b"ISB", signature, KEYS.theirs)


def test_signed_attributes_signed_as_if_they_were_the_content_prove_nothing() -> None:
    signature = asn1.ContentInfo.load(sign(b"ISA", identity("north"), Digest.SHA256))
    (signer,) = signature["content"]["signer_infos"]
    attributes = signer["signed_attrs"].untag().dump()
    without = asn1.SignerInfo(
        {name: signer[name] for name in ("version", "sid", "digest_algorithm", "signature_algorithm", "signature")}
    )
    signature["content"]["signer_infos"] = asn1.SignerInfos([without])

    with pytest.raises(CmsError):
        verify(attributes, signature.dump(force=True), KEYS.theirs)


def test_envelopes_of_indefinite_length_are_opened() -> None:
    envelope = asn1.ContentInfo.load(encrypt(b"ISA", identity("hospital").certificate, Cipher.AES_128_CBC))
    inner = envelope["content"].untag().dump()
    kind = envelope["content_type"].dump()
    indefinite = b"\x30\x80" + kind + b"\xa0\x80" + inner + b"\x00\x00" + b"\x00\x00"

    assert decrypt(indefinite, KEYS.openers) == b"ISA"


def test_a_bomb_is_refused_before_it_goes_off() -> None:
    transport = a_transport(compress=True)
    bomb = from_them(b"\x00" * 50_000_000, transport)
    assert len(bomb.body) < 100_000
    tracemalloc.start()
    try:
        assert code_of(opened(bomb.headers, bomb.body, transport)) == "decompression-failed"
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_a_message_too_large_is_refused_unopened() -> None:
    sealed = from_them(b"x" * 2_000, a_transport())

    assert code_of(opened(sealed.headers, sealed.body, largest=2_000)) == "unexpected-processing-error"


@pytest.mark.parametrize(
    "changes",
    [
        {"AS2-From": "South Medical"},
        {"AS2-To": "CLINIC"},
        {"Message-ID": ""},
        {"Message-ID": "<a b>"},
        {"Message-ID": "<a\r\nX-Evil: 1>"},
        {"Message-ID": f"<{'x' * 300}>"},
    ],
)
def test_a_stranger_is_told_nothing(changes: dict[str, str]) -> None:
    sealed = from_them(b"ISA", a_transport())
    answer = opened({**sealed.headers, **changes}, sealed.body)

    assert isinstance(answer, RefusedMessage)
    assert answer.mdn is None


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b.edi", ".hidden", "x" * 300])
def test_a_file_name_that_is_a_path_is_no_name(name: str) -> None:
    transport = a_transport(encrypt=None)
    part = entity(
        {"Content-Type": "application/edi-x12", "Content-Disposition": f'attachment; filename="{name}"'}, b"ISA"
    )
    message = signed(part, THEIRS, Digest.SHA256)
    headers = {**from_them(b"ISA", transport).headers, "Content-Type": message.headers["content-type"]}
    answer = opened(headers, message.body, transport)

    assert isinstance(answer, OpenedMessage)
    assert (answer.name, answer.body) == ("", b"ISA")


def test_a_body_in_base64_is_decoded_and_the_check_is_over_what_was_sent() -> None:
    transport = a_transport(encrypt=None)
    encoded = base64.encodebytes(an_interchange()).replace(b"\n", b"\r\n")
    part = entity({"Content-Type": "application/edi-x12", "Content-Transfer-Encoding": "base64"}, encoded)
    message = signed(part, THEIRS, Digest.SHA256)
    headers = {**from_them(b"ISA", transport).headers, "Content-Type": message.headers["content-type"]}
    answer = opened(headers, message.body, transport)

    assert isinstance(answer, OpenedMessage)
    assert answer.body == an_interchange()
    assert answer.mdn is not None
    open_disposition(answer.mdn.headers, answer.mdn.body, mirrored(transport), THEIRS).prove(
        mic_of(part.raw, Digest.SHA256)
    )


def test_a_document_whose_line_ends_were_changed_on_the_way_is_the_one_they_signed() -> None:
    transport = a_transport(encrypt=None)
    part = entity({"Content-Type": "application/edi-x12"}, b"ISA*00~\r\nIEA~")
    message = signed(part, THEIRS, Digest.SHA256)
    headers = {**from_them(b"ISA", transport).headers, "Content-Type": message.headers["content-type"]}
    answer = opened(headers, message.body.replace(b"\r\n", b"\n"), transport)

    assert isinstance(answer, OpenedMessage)
    assert answer.body == b"ISA*00~\r\nIEA~"


SEALED = {way: from_them(an_interchange(), a_transport(**WAYS[way])) for way in range(len(WAYS))}


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(SEALED)), st.data())
def test_whatever_bytes_come_the_document_is_theirs_or_refused(way: int, data: st.DataObject) -> None:
    sealed, transport = SEALED[way], a_transport(**WAYS[way])
    body = damaged(sealed.body, data)
    answer = opened(sealed.headers, body, transport)

    assert isinstance(answer, RefusedMessage) or answer.body == an_interchange()


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_whatever_is_inside_a_signed_message_is_a_document_or_refused(data: st.DataObject) -> None:
    transport = a_transport(encrypt=None)
    inner = damaged(
        entity(
            {"Content-Type": 'application/pkcs7-mime; smime-type=compressed-data; name="a"'},
            compress(b"Content-Type: text/plain\r\n\r\nISA"),
        ).raw,
        data,
    )
    message = signed(Entity({}, b"", inner), THEIRS, Digest.SHA256)
    headers = {**from_them(b"ISA", transport).headers, "Content-Type": message.headers["content-type"]}

    assert isinstance(opened(headers, message.body, transport), OpenedMessage | RefusedMessage)


@settings(max_examples=300, deadline=None)
@given(is_signed=st.booleans(), data=st.data())
def test_whatever_bytes_come_a_disposition_is_read_or_rejected(*, is_signed: bool, data: st.DataObject) -> None:
    transport = a_transport(signed_mdn=is_signed)
    sealed = seal_message(PARCEL, transport, KEYS, now=NOW)
    answer = open_message(sealed.headers, sealed.body, mirrored(transport), THEIRS, now=NOW)
    assert isinstance(answer, OpenedMessage)
    assert answer.mdn is not None
    body = damaged(answer.mdn.body, data)

    with suppress(RejectedError, UnavailableError):
        open_disposition(answer.mdn.headers, body, transport, KEYS).prove(sealed.mic)


def damaged(body: bytes, data: st.DataObject) -> bytes:
    """Return bytes with a piece cut out and others put in its place."""
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, min(start + 8, len(body))))
    return body[:start] + data.draw(st.binary(max_size=8)) + body[end:]


def test_keys_are_read_from_where_they_are(tmp_path: Path) -> None:
    key, certificate = written(tmp_path, "hospital")
    former_key, former_certificate = written(tmp_path, "former")
    _, theirs = written(tmp_path, "north")
    said = {"key": key, "certificate": certificate, "their_certificates": (theirs,)}

    keys = load_keys(a_transport(**said, former_key=former_key, former_certificate=former_certificate))

    assert keys.openers[0].certificate == identity("hospital").certificate
    assert keys.openers[1].certificate == identity("former").certificate
    assert keys.theirs == KEYS.theirs


def test_keys_that_do_not_fit_are_refused_at_the_start(tmp_path: Path) -> None:
    key, certificate = written(tmp_path, "hospital")
    _, theirs = written(tmp_path, "north")
    (tmp_path / "short.crt").write_bytes(certificate_pem(identity("short", 1024)))
    (tmp_path / "garbage").write_bytes(b"not PEM")

    for changes, rule in (
        ({"key": certificate}, "not a private key"),
        ({"certificate": theirs}, "not the RSA key"),
        ({"certificate": f"file:{tmp_path}/garbage"}, "not a certificate"),
        ({"their_certificates": (f"file:{tmp_path}/short.crt",)}, "2048 bits"),
    ):
        said = {"key": key, "certificate": certificate, "their_certificates": (theirs,), **changes}
        with pytest.raises(ConfigurationError, match=rule) as failure:
            load_keys(a_transport(**said))
        assert key_pem(identity("hospital")).decode()[40:80] not in str(failure.value)

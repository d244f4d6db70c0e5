"""A message sealed for the partner, and one from them opened: signed always, encrypted as agreed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from adapters.transports.as2.cms import CmsError, compress, decompress, decrypt, encrypt, kind_of
from adapters.transports.as2.dispositions import Asked, Mdn, asked_of, host_of, mdn_of, names_of
from adapters.transports.as2.keys import Keys
from adapters.transports.as2.mime import Entity, MimeError, entity, parsed, received
from adapters.transports.as2.signing import mic_of, micalg_of, proven, signed
from adapters.transports.options import As2Transport, Digest
from adapters.transports.parcel import Parcel
from adapters.transports.pickup import LARGEST_LETTER, is_plain

ENVELOPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})


@dataclass(frozen=True)
class SealedMessage:
    """A message ready to be posted; the same parcel has the same id."""

    headers: Mapping[str, str]
    body: bytes
    message_id: str
    mic: str


@dataclass(frozen=True)
class OpenedMessage:
    """A document whose sender is proven. Store it, then answer with `mdn`."""

    body: bytes
    name: str
    """The file name they gave it, empty where none or not a plain one."""
    content_type: str
    message_id: str
    """The same for a message sent again."""
    mdn: Mdn | None
    asked: Asked


@dataclass(frozen=True)
class RefusedMessage:
    """A message that is not accepted; answer with `mdn`, where there is one, else with 400."""

    code: str
    mdn: Mdn | None


def seal_message(parcel: Parcel, transport: As2Transport, keys: Keys, *, now: datetime) -> SealedMessage:
    """Return a parcel compressed as configured, signed, and encrypted as configured."""
    payload = entity(
        {
            "Content-Type": parcel.content_type,
            "Content-Transfer-Encoding": "binary",
            "Content-Disposition": f'attachment; filename="{parcel.name}"',
        },
        parcel.body,
    )
    if transport.compress:
        payload = _enveloped("compressed-data", "smime.p7z", compress(payload.raw))
    message = signed(payload, keys, transport.sign)
    if transport.encrypt is not None:
        sealed = encrypt(message.raw, keys.theirs[0], transport.encrypt)
        message = _enveloped("enveloped-data", "smime.p7m", sealed)
    message_id = f"{parcel.digest}@{host_of(transport)}"
    headers = {
        **names_of(transport),
        "Message-ID": f"<{message_id}>",
        "Subject": parcel.name,
        "Date": format_datetime(now, usegmt=True),
        **_wishes(transport),
        **{name.title(): value for name, value in message.headers.items()},
    }
    return SealedMessage(headers, message.body, message_id, mic_of(payload.raw, transport.sign))


def open_message(
    headers: Mapping[str, str],
    body: bytes,
    transport: As2Transport,
    keys: Keys,
    *,
    now: datetime,
    largest: int = LARGEST_LETTER,
) -> OpenedMessage | RefusedMessage:
    """Open a post from the partner of this transport, whatever it is; raises nothing."""
    asked = asked_of(headers)
    if asked is None:
        return RefusedMessage("unsupported-format", None)
    if as2_names(headers) != (transport.their_name, transport.our_name):
        return RefusedMessage("unknown-trading-relationship", None)
    try:
        payload, over, digest = _opened(received(headers, body), transport, keys, largest)
        content = payload.content()
    except CmsError as error:
        return RefusedMessage(error.code, mdn_of(asked, transport, keys, now=now, code=error.code))
    except MimeError:
        code = "unexpected-processing-error"
        return RefusedMessage(code, mdn_of(asked, transport, keys, now=now, code=code))
    return OpenedMessage(
        body=content,
        name=payload.file_name if is_plain(payload.file_name) else "",
        content_type=payload.content_type,
        message_id=asked.message_id,
        mdn=mdn_of(asked, transport, keys, now=now, mic=_mic_field(over, digest)),
        asked=asked,
    )


def as2_names(headers: Mapping[str, str]) -> tuple[str, str]:
    """Return from whom and to whom a post says it is, to find the transport by."""
    lowered = {name.lower(): value for name, value in headers.items()}
    return _unquoted(lowered.get("as2-from", "")), _unquoted(lowered.get("as2-to", ""))


def _opened(message: Entity, transport: As2Transport, keys: Keys, largest: int) -> tuple[Entity, bytes, Digest]:
    if len(message.body) > largest:
        raise CmsError("unexpected-processing-error")
    if _is_envelope(message, "enveloped_data"):
        payload, over, digest = _proven_inside(message, keys, largest)
    elif transport.encrypt is not None:
        raise CmsError("insufficient-message-security")
    else:
        payload, over, digest = proven(_inflated(message, largest), keys)
    return _inflated(payload, largest), over, digest


def _proven_inside(message: Entity, keys: Keys, largest: int) -> tuple[Entity, bytes, Digest]:
    """Return what was signed inside an encrypted message.

    Whatever is wrong inside has one name until the signature is proven: telling a sender more about what they could
    not read themselves would let them read it in the end.
    """
    inside = decrypt(message.content(), keys.openers)
    try:
        return proven(_inflated(parsed(inside), largest), keys)
    except (CmsError, MimeError) as error:
        raise CmsError("authentication-failed") from error


def _inflated(message: Entity, largest: int) -> Entity:
    if _is_envelope(message, "compressed_data"):
        return parsed(decompress(message.content(), largest))
    return message


def _is_envelope(message: Entity, kind: str) -> bool:
    return message.content_type in ENVELOPES and kind_of(message.content()) == kind


def _enveloped(kind: str, name: str, body: bytes) -> Entity:
    return entity(
        {
            "Content-Type": f'application/pkcs7-mime; smime-type={kind}; name="{name}"',
            "Content-Transfer-Encoding": "binary",
            "Content-Disposition": f'attachment; filename="{name}"',
        },
        body,
    )


def _wishes(transport: As2Transport) -> dict[str, str]:
    wishes = {"Disposition-Notification-To": f"edi@{host_of(transport)}"}
    if transport.signed_mdn:
        wishes["Disposition-Notification-Options"] = (
            "signed-receipt-protocol=required, pkcs7-signature; "
            f"signed-receipt-micalg=required, {micalg_of(transport.sign)}"
        )
    if transport.mdn == "async":
        wishes["Receipt-Delivery-Option"] = str(transport.mdn_url)
    return wishes


def _mic_field(over: bytes, digest: Digest) -> str:
    return f"{mic_of(over, digest)}, {micalg_of(digest)}"


def _unquoted(name: str) -> str:
    stripped = name.strip()
    if len(stripped) > 1 and stripped[0] == stripped[-1] == '"':
        return stripped[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    return stripped

"""A MIME part with its signature beside it (RFC 8551), and the integrity check over what was signed."""

import base64
import hashlib

from adapters.transports.as2.cms import CmsError, sign, verify
from adapters.transports.as2.keys import Keys
from adapters.transports.as2.mime import Entity, canonical, entity, multipart, parsed
from adapters.transports.options import Digest

SIGNATURES = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature"})


def mic_of(content: bytes, digest: Digest) -> str:
    """Return the message integrity check over content."""
    return base64.b64encode(hashlib.new(digest.value, content).digest()).decode()


def micalg_of(digest: Digest) -> str:
    """Return how S/MIME spells a digest algorithm: `sha-256`."""
    return digest.value.replace("sha", "sha-")


def signed(part: Entity, keys: Keys, digest: Digest) -> Entity:
    """Return a part with our signature beside it."""
    signature = base64.encodebytes(sign(part.raw, keys.ours, digest)).replace(b"\n", b"\r\n").removesuffix(b"\r\n")
    beside = {
        "Content-Type": 'application/pkcs7-signature; name="smime.p7s"',
        "Content-Transfer-Encoding": "base64",
        "Content-Disposition": 'attachment; filename="smime.p7s"',
    }
    kind = f'multipart/signed; protocol="application/pkcs7-signature"; micalg={micalg_of(digest)}'
    return multipart(kind, part, entity(beside, signature))


def proven(whole: Entity, keys: Keys) -> tuple[Entity, bytes, Digest]:
    """Return the part the partner signed, the bytes the signature is over, and its digest.

    Some sign the line ends of the network and send others: what counts then is what they signed.

    Raises CmsError, MimeError.
    """
    if whole.content_type != "multipart/signed":
        raise CmsError("insufficient-message-security")
    parts = whole.parts()
    if len(parts) != len(("content", "signature")) or parts[1].content_type not in SIGNATURES:
        raise CmsError("authentication-failed")
    content, signature = parts[0], parts[1].content()
    try:
        return content, content.raw, verify(content.raw, signature, keys.theirs)
    except CmsError:
        over = canonical(content.raw)
        return parsed(over), over, verify(over, signature, keys.theirs)


def digest_named(name: str) -> Digest | None:
    """Return the digest algorithm of any of the spellings in use."""
    plain = name.lower().replace("-", "").replace("_", "")
    return Digest(plain) if plain in set(Digest) else None

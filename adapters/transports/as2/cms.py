"""The cryptographic envelopes of AS2 (CMS, RFC 5652 and 3274): signed, encrypted, compressed.

Written with the cryptography package and read with asn1crypto, because partners' software writes BER, which the
former does not read. Whatever the bytes, CmsError is the only exception.
"""

import hmac
import zlib
from collections.abc import Sequence
from typing import Any

from asn1crypto import cms as asn1  # type: ignore[import-untyped]
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers import Cipher as BlockCipher
from cryptography.hazmat.primitives.ciphers import algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from adapters.transports.as2.keys import Identity
from adapters.transports.options import Cipher, Digest

MOST_SIGNERS = 4
MOST_RECIPIENTS = 16

HASHES: dict[Digest, hashes.SHA256 | hashes.SHA384 | hashes.SHA512] = {
    Digest.SHA256: hashes.SHA256(),
    Digest.SHA384: hashes.SHA384(),
    Digest.SHA512: hashes.SHA512(),
}
_CIPHERS: dict[Cipher, type[algorithms.AES128 | algorithms.AES256]] = {
    Cipher.AES_128_CBC: algorithms.AES128,
    Cipher.AES_256_CBC: algorithms.AES256,
}
_AES_KEYS = frozenset({16, 24, 32})
_UNREADABLE = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError)
"""What asn1crypto raises on bytes that are not what they should be, some of it long after parsing."""


class CmsError(Exception):
    """An envelope that cannot be opened; `code` says why, in the words of RFC 4130, section 7.5.3."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def sign(content: bytes, identity: Identity, digest: Digest) -> bytes:
    """Return a detached signature."""
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    signed = builder.add_signer(identity.certificate, identity.key, HASHES[digest])
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary, pkcs7.PKCS7Options.NoCapabilities]
    return signed.sign(Encoding.DER, options)


def verify(content: bytes, signature: bytes, certificates: Sequence[x509.Certificate]) -> Digest:
    """Return the digest algorithm of the signer who is one of those. Raises CmsError."""
    try:
        signers = list(_content(signature, "signed_data", "authentication-failed")["signer_infos"])[:MOST_SIGNERS]
        proven = (_digest_proven(content, signer, certificates) for signer in signers)
        digest = next((digest for digest in proven if digest is not None), None)
    except _UNREADABLE as error:
        raise CmsError("authentication-failed") from error
    if digest is None:
        raise CmsError("authentication-failed")
    return digest


def encrypt(content: bytes, certificate: x509.Certificate, cipher: Cipher) -> bytes:
    """Return content only the owner of the certificate can read."""
    builder = pkcs7.PKCS7EnvelopeBuilder().set_data(content).add_recipient(certificate)
    builder = builder.set_content_encryption_algorithm(_CIPHERS[cipher])
    return builder.encrypt(Encoding.DER, [pkcs7.PKCS7Options.Binary])


def decrypt(envelope: bytes, openers: Sequence[Identity]) -> bytes:
    """Return what was encrypted for one of our keys. Raises CmsError.

    What depends on the key or the plain text fails as `authentication-failed`, like a bad signature: a sender who
    could tell the two apart could read other people's messages bit by bit.
    """
    try:
        enveloped = _content(envelope, "enveloped_data", "decryption-failed")
        sealed_key, opener = _sealed_key(list(enveloped["recipient_infos"])[:MOST_RECIPIENTS], openers)
        encrypted = enveloped["encrypted_content_info"]
        algorithm = encrypted["content_encryption_algorithm"]
        if algorithm.encryption_cipher != "aes" or algorithm.encryption_mode != "cbc":
            raise CmsError("decryption-failed")
        mode, content = modes.CBC(algorithm.encryption_iv), encrypted["encrypted_content"].native
    except _UNREADABLE as error:
        raise CmsError("decryption-failed") from error
    try:
        return _unsealed(content, opener.key.decrypt(*sealed_key), algorithm.key_length, mode)
    except (ValueError, TypeError) as error:
        raise CmsError("authentication-failed") from error


def compress(content: bytes) -> bytes:
    """Return content in zlib's envelope (RFC 3274)."""
    data = {"content_type": "data", "content": zlib.compress(content)}
    compressed = {"version": "v0", "compression_algorithm": {"algorithm": "zlib"}, "encap_content_info": data}
    whole: bytes = asn1.ContentInfo({"content_type": "compressed_data", "content": compressed}).dump()
    return whole


def decompress(envelope: bytes, most: int) -> bytes:
    """Return what was compressed, if it is not more than that. Raises CmsError."""
    try:
        content = _content(envelope, "compressed_data", "decompression-failed")["encap_content_info"]["content"].native
        inflating = zlib.decompressobj()
        inflated = inflating.decompress(content, most + 1)
    except (*_UNREADABLE, zlib.error) as error:
        raise CmsError("decompression-failed") from error
    if len(inflated) > most or not inflating.eof:
        raise CmsError("decompression-failed")
    return inflated


def kind_of(envelope: bytes) -> str:
    """Return what sort of envelope it is: `enveloped_data`, `compressed_data`, ... Raises CmsError."""
    try:
        return str(asn1.ContentInfo.load(envelope)["content_type"].native)
    except _UNREADABLE as error:
        raise CmsError("unexpected-processing-error") from error


def _content(envelope: bytes, kind: str, code: str) -> Any:  # noqa: ANN401 - asn1crypto has no types
    info = asn1.ContentInfo.load(envelope)
    if info["content_type"].native != kind:
        raise CmsError(code)
    return info["content"]


def _digest_proven(content: bytes, signer: Any, certificates: Sequence[x509.Certificate]) -> Digest | None:  # noqa: ANN401
    name = str(signer["digest_algorithm"]["algorithm"].native)
    if name not in set(Digest):
        return None
    digest, attributes = Digest(name), signer["signed_attrs"]
    if not attributes or not _attributes_fit(attributes, content, digest):
        # A signature over bare content could be one over the attributes of another message, passed off as content.
        return None
    signed = attributes.untag().dump()
    scheme = _scheme(signer["signature_algorithm"], digest)
    signature = signer["signature"].native
    fits = any(_fits(certificate, signature, signed, scheme, digest) for certificate in certificates)
    return digest if scheme is not None and fits else None


def _attributes_fit(attributes: Any, content: bytes, digest: Digest) -> bool:  # noqa: ANN401
    """Whether the attributes the signature is over say that it is over this content."""
    found = {attribute["type"].native: list(attribute["values"].native) for attribute in attributes}
    if len(found) != len(attributes) or found.get("content_type") != ["data"]:
        return False
    hashed = hashes.Hash(HASHES[digest])
    hashed.update(content)
    said = found.get("message_digest", [])
    return len(said) == 1 and hmac.compare_digest(said[0], hashed.finalize())


def _scheme(algorithm: Any, digest: Digest) -> padding.AsymmetricPadding | None:  # noqa: ANN401
    name = algorithm.signature_algo
    if name == "rsassa_pkcs1v15":
        return padding.PKCS1v15()
    if name == "rsassa_pss":
        return padding.PSS(mgf=padding.MGF1(HASHES[digest]), salt_length=padding.PSS.AUTO)
    return None


def _fits(
    certificate: x509.Certificate,
    signature: bytes,
    signed: bytes,
    scheme: padding.AsymmetricPadding | None,
    digest: Digest,
) -> bool:
    public = certificate.public_key()
    if scheme is None or not isinstance(public, RSAPublicKey):
        return False
    try:
        public.verify(signature, signed, scheme, HASHES[digest])
    except InvalidSignature:
        return False
    return True


def _sealed_key(
    recipients: list[Any], openers: Sequence[Identity]
) -> tuple[tuple[bytes, padding.AsymmetricPadding], Identity]:
    for recipient in recipients:
        if recipient.name != "ktri":
            continue
        opener = next((one for one in openers if _is_for(recipient.chosen["rid"], one.certificate)), None)
        if opener is not None:
            scheme = _key_scheme(recipient.chosen["key_encryption_algorithm"])
            return (recipient.chosen["encrypted_key"].native, scheme), opener
    raise CmsError("decryption-failed")


def _is_for(recipient: Any, certificate: x509.Certificate) -> bool:  # noqa: ANN401
    if recipient.name == "issuer_and_serial_number":
        return bool(recipient.chosen["serial_number"].native == certificate.serial_number)
    try:
        own = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    except x509.ExtensionNotFound:
        own = x509.SubjectKeyIdentifier.from_public_key(certificate.public_key()).digest
    return bool(recipient.chosen.native == own)


def _key_scheme(algorithm: Any) -> padding.AsymmetricPadding:  # noqa: ANN401
    name = algorithm["algorithm"].native
    if name == "rsaes_pkcs1v15":
        return padding.PKCS1v15()
    if name != "rsaes_oaep":
        raise CmsError("decryption-failed")
    parameters = algorithm["parameters"]
    digest = _OAEP[parameters["hash_algorithm"]["algorithm"].native]
    mask = _OAEP[parameters["mask_gen_algorithm"]["parameters"]["algorithm"].native]
    return padding.OAEP(mgf=padding.MGF1(mask), algorithm=digest, label=None)


_OAEP: dict[str, hashes.HashAlgorithm] = {
    "sha1": hashes.SHA1(),  # noqa: S303 - OAEP's default, where no collision matters
    **{digest.value: algorithm for digest, algorithm in HASHES.items()},
}


def _unsealed(content: bytes, key: bytes, key_length: int, mode: modes.CBC) -> bytes:
    if len(key) != key_length or key_length not in _AES_KEYS:
        raise CmsError("authentication-failed")
    decrypting = BlockCipher(algorithms.AES(key), mode).decryptor()
    padded = decrypting.update(content) + decrypting.finalize()
    unpadding = PKCS7(128).unpadder()
    return unpadding.update(padded) + unpadding.finalize()

"""Keys and certificates made for one test run."""

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from adapters.transports.as2.keys import Identity

FROM = datetime(2026, 1, 1, tzinfo=UTC)


@cache
def identity(name: str, bits: int = 2048) -> Identity:
    """Return an RSA key and a self-signed certificate, the same for the same name."""
    key = generate_private_key(public_exponent=65_537, key_size=bits)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
    dated = builder.not_valid_before(FROM).not_valid_after(FROM + timedelta(days=3650))
    return Identity(key, dated.sign(key, hashes.SHA256()))


def key_pem(one: Identity) -> bytes:
    return one.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def certificate_pem(one: Identity) -> bytes:
    return one.certificate.public_bytes(Encoding.PEM)


def written(folder: Path, name: str) -> tuple[str, str]:
    """Return references to the key and the certificate of an identity."""
    (folder / f"{name}.key").write_bytes(key_pem(identity(name)))
    (folder / f"{name}.crt").write_bytes(certificate_pem(identity(name)))
    return f"file:{folder / name}.key", f"file:{folder / name}.crt"

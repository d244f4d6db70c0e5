"""Whose keys: ours, the one we are leaving, and the partner's pinned certificates."""

from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from adapters.secrets import SecretReference, read_secret_bytes
from adapters.transports.options import As2Transport
from adapters.yaml_files import ConfigurationError

SHORTEST_KEY = 2048
"""Bits."""


@dataclass(frozen=True)
class Identity:
    """A private key and the certificate others know it by."""

    key: RSAPrivateKey
    certificate: x509.Certificate


@dataclass(frozen=True)
class Keys:
    """What one AS2 relation is sealed with. Certificates are pinned: none is trusted for its issuer."""

    ours: Identity
    former: Identity | None
    theirs: tuple[x509.Certificate, ...]

    @property
    def openers(self) -> tuple[Identity, ...]:
        """Those of our keys a message may be encrypted for."""
        return (self.ours,) if self.former is None else (self.ours, self.former)


def load_keys(transport: As2Transport) -> Keys:
    """Read the keys a transport refers to. Raises ConfigurationError."""
    former = None
    if transport.former_key is not None and transport.former_certificate is not None:
        former = _identity(transport.former_key, transport.former_certificate)
    return Keys(
        ours=_identity(transport.key, transport.certificate),
        former=former,
        theirs=tuple(_certificate(reference) for reference in transport.their_certificates),
    )


def _identity(key_reference: SecretReference, certificate_reference: SecretReference) -> Identity:
    try:
        key = load_pem_private_key(read_secret_bytes(key_reference).get_secret_value(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ConfigurationError(f"the secret {key_reference} is not a private key in PEM, unencrypted") from error
    certificate = _certificate(certificate_reference)
    if not isinstance(key, RSAPrivateKey) or key.public_key() != certificate.public_key():
        raise ConfigurationError(f"the secret {key_reference} is not the RSA key of {certificate_reference}")
    return Identity(key, certificate)


def _certificate(reference: SecretReference) -> x509.Certificate:
    try:
        certificate = x509.load_pem_x509_certificate(read_secret_bytes(reference).get_secret_value())
        public = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise ConfigurationError(f"the secret {reference} is not a certificate in PEM") from error
    if not isinstance(public, RSAPublicKey) or public.key_size < SHORTEST_KEY:
        raise ConfigurationError(f"the certificate {reference} is not one of an RSA key of {SHORTEST_KEY} bits or more")
    return certificate

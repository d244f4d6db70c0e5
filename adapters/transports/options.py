"""How one partner is reached: a transport per direction, as configuration says it."""

from enum import StrEnum
from pathlib import PurePosixPath
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, HttpUrl, StringConstraints, model_validator

from adapters.secrets import SecretReference
from domain.document import Command


def _absolute(path: PurePosixPath) -> PurePosixPath:
    if not path.is_absolute() or ".." in path.parts:
        raise ValueError("must be an absolute path without '..'")
    return path


def _no_climbing(path: PurePosixPath) -> PurePosixPath:
    if ".." in path.parts:
        raise ValueError("must not contain '..'")
    return path


RotatedSecrets = Annotated[tuple[SecretReference, ...], Field(min_length=1, max_length=2)]
"""Two while a secret or certificate is being rotated: either is accepted."""
FolderPath = Annotated[PurePosixPath, AfterValidator(_absolute)]
RemotePath = Annotated[PurePosixPath, AfterValidator(_no_climbing)]
FilePattern = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^/\\]+$")]
"""Which names are picked up: `*.edi`; `*`, `?` and `[...]` as a shell reads them."""
Suffix = Annotated[str, StringConstraints(min_length=2, max_length=20, pattern=r"^[.][A-Za-z0-9._-]*[A-Za-z0-9]$")]
Seconds = Annotated[float, Field(ge=0, le=86_400)]
UserName = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^:\r\n]+$")]
As2Name = Annotated[
    str, StringConstraints(min_length=1, max_length=128, pattern=r"^[!#-\[\]-~]([ !#-\[\]-~]*[!#-\[\]-~])?$")
]
"""Printable ASCII without quotation mark and backslash (RFC 4130, section 6.2)."""


class NoCredentials(Command):
    """We show nothing: the network or the document itself says who we are."""

    kind: Literal["none"] = "none"


class SignatureCredentials(Command):
    """We sign each post (Standard Webhooks)."""

    kind: Literal["signature"] = "signature"
    secret: SecretReference


class BasicCredentials(Command):
    """We show a user and a password (RFC 7617)."""

    kind: Literal["basic"] = "basic"
    user: UserName
    password: SecretReference


class BearerCredentials(Command):
    """We show a token (RFC 6750)."""

    kind: Literal["bearer"] = "bearer"
    token: SecretReference


class SignatureCheck(Command):
    """They sign each post; either secret will do while one is being rotated."""

    kind: Literal["signature"] = "signature"
    secrets: RotatedSecrets


class BasicCheck(Command):
    """They show a user and a password; either password will do while one is being rotated."""

    kind: Literal["basic"] = "basic"
    user: UserName
    passwords: RotatedSecrets


class InDocumentCheck(Command):
    """The document carries a shared secret (cXML); either will do while one is being rotated."""

    kind: Literal["in_document"] = "in_document"
    secrets: RotatedSecrets


OutboundCredentials = Annotated[
    NoCredentials | SignatureCredentials | BasicCredentials | BearerCredentials, Field(discriminator="kind")
]
InboundCheck = Annotated[SignatureCheck | BasicCheck | InDocumentCheck, Field(discriminator="kind")]


class _Posted(Command):
    """What every transport over HTTP has: an address from configuration, encrypted unless said otherwise."""

    url: HttpUrl | None = None
    """Where we post; none where they only post to us."""
    allow_http: bool = False
    """For a loopback or private address, or for AS2, whose messages are sealed themselves."""

    @model_validator(mode="after")
    def _encrypted(self) -> Self:
        if self.url is not None and self.url.scheme != "https" and not self.allow_http:
            raise ValueError("url must be https, or allow_http be set")
        if self.url is not None and (self.url.username or self.url.password):
            raise ValueError("url must not carry a user or password; credentials are secret references")
        return self


class HttpsTransport(_Posted):
    """Each document is one POST."""

    kind: Literal["https"] = "https"
    outbound: OutboundCredentials = NoCredentials()
    inbound: InboundCheck | None = None

    @model_validator(mode="after")
    def _one_way_at_least(self) -> Self:
        if self.url is None and self.inbound is None:
            raise ValueError("an https transport has a url to post to, an inbound check, or both")
        return self


class Digest(StrEnum):
    """What signatures and message integrity checks are made with."""

    SHA256 = "sha256"
    SHA384 = "sha384"
    SHA512 = "sha512"


class Cipher(StrEnum):
    """What messages are encrypted with."""

    AES_128_CBC = "aes_128_cbc"
    AES_256_CBC = "aes_256_cbc"


class As2Transport(_Posted):
    """Each document is one signed, encrypted message, answered by a signed disposition (RFC 4130)."""

    kind: Literal["as2"] = "as2"
    our_name: As2Name
    their_name: As2Name
    key: SecretReference
    """Our private key, PEM."""
    certificate: SecretReference
    """Our certificate, PEM."""
    former_key: SecretReference | None = None
    """While our own key is being rotated: still opens what they encrypt for the former certificate."""
    former_certificate: SecretReference | None = None
    their_certificates: RotatedSecrets
    """PEM. The first encrypts; each verifies."""
    sign: Digest = Digest.SHA256
    encrypt: Cipher | None = Cipher.AES_256_CBC
    """None sends in the clear and accepts it: only inside another tunnel."""
    compress: bool = False
    mdn: Literal["sync", "async"] = "sync"
    mdn_url: HttpUrl | None = None
    """Where they post an asynchronous disposition: our own gateway, as they reach it."""
    signed_mdn: bool = True
    their_mdn_url: HttpUrl | None = None
    """Where we post dispositions they want asynchronously; an address inside a message is never followed."""

    @model_validator(mode="after")
    def _answerable(self) -> Self:
        if self.their_mdn_url is not None and self.their_mdn_url.scheme != "https" and not self.allow_http:
            raise ValueError("their_mdn_url must be https, or allow_http be set")
        if self.mdn == "async" and self.mdn_url is None:
            raise ValueError("an asynchronous mdn needs the mdn_url they post it to")
        if (self.former_key is None) != (self.former_certificate is None):
            raise ValueError("former_key and former_certificate go together")
        return self


class _Collected(Command):
    """What every transport of files has: where they lie, and when one is believed to be whole."""

    pattern: FilePattern = "*"
    poll_seconds: Annotated[float, Field(gt=0, le=86_400)] = 30.0
    temporary_suffix: Suffix = ".part"
    """We write under it and rename; what carries it is never picked up."""
    settle_seconds: Seconds = 5.0
    """How long a file must look the same, over two looks at least."""
    patience_seconds: Seconds = 3_600.0
    """A quiet file that is still not whole is offered after this long, so that it is refused aloud."""
    after: Literal["archive", "delete"] = "archive"


class SftpTransport(_Collected):
    """Files in directories of an SSH server, theirs or ours."""

    kind: Literal["sftp"] = "sftp"
    host: Annotated[str, StringConstraints(min_length=1, max_length=253, pattern=r"^[A-Za-z0-9.:_-]+$")]
    port: Annotated[int, Field(ge=1, le=65_535)] = 22
    user: UserName
    password: SecretReference | None = None
    key: SecretReference | None = None
    """A private key, OpenSSH or PEM."""
    host_keys: Annotated[tuple[str, ...], Field(min_length=1, max_length=4)]
    """Their public keys, `ssh-ed25519 AAAA...`: nobody is trusted at first sight."""
    outbox: RemotePath | None = None
    inbox: RemotePath | None = None
    archive: RemotePath | None = None
    refused: RemotePath | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.password is None) == (self.key is None):
            raise ValueError("an sftp transport has a password or a key")
        return self

    @model_validator(mode="after")
    def _has_places(self) -> Self:
        _check_places(self.outbox, self.inbox, self.archive, self.refused, after=self.after)
        return self


class FolderTransport(_Collected):
    """Files in directories of this machine, which something else fills and empties."""

    kind: Literal["folder"] = "folder"
    outbox: FolderPath | None = None
    inbox: FolderPath | None = None
    archive: FolderPath | None = None
    refused: FolderPath | None = None

    @model_validator(mode="after")
    def _has_places(self) -> Self:
        _check_places(self.outbox, self.inbox, self.archive, self.refused, after=self.after)
        return self


def _check_places(
    outbox: PurePosixPath | None,
    inbox: PurePosixPath | None,
    archive: PurePosixPath | None,
    refused: PurePosixPath | None,
    *,
    after: str,
) -> None:
    if outbox is None and inbox is None:
        raise ValueError("a transport of files has an outbox, an inbox, or both")
    if inbox is not None and refused is None:
        raise ValueError("an inbox needs a refused directory")
    if inbox is not None and after == "archive" and archive is None:
        raise ValueError("an inbox needs an archive directory, or after: delete")
    places = [place for place in (outbox, inbox, archive, refused) if place is not None]
    if len(set(places)) != len(places):
        raise ValueError("outbox, inbox, archive and refused are four different directories")


Transport = Annotated[
    HttpsTransport | As2Transport | SftpTransport | FolderTransport,
    Field(discriminator="kind"),
]
"""How documents travel to and from one partner."""

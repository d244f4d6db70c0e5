"""From a transport's configuration to the sender or mailbox that works by it."""

import time
from contextlib import AsyncExitStack
from pathlib import PurePosixPath
from typing import assert_never

import asyncssh
import httpx
from pydantic import HttpUrl

from adapters.secrets import SecretReference, read_text_secret, read_webhook_secret
from adapters.transports.as2.keys import load_keys
from adapters.transports.as2.sender import As2Sender
from adapters.transports.folder import FolderSender, LocalDirectory
from adapters.transports.https import Basic, Bearer, Clock, HttpsSender, Nobody, Proof, Signing
from adapters.transports.looks import Elapsed
from adapters.transports.options import (
    As2Transport,
    BasicCredentials,
    BearerCredentials,
    FolderTransport,
    HttpsTransport,
    NoCredentials,
    OutboundCredentials,
    SftpTransport,
    SignatureCredentials,
    Transport,
)
from adapters.transports.parcel import Mailbox, Sender
from adapters.transports.pickup import Directory, FileMailbox, IsWhole
from adapters.transports.sftp import Login, RemoteDirectory, SftpConnection, SftpSender
from adapters.transports.wholeness import is_whole
from adapters.yaml_files import ConfigurationError

PATIENCE = httpx.Timeout(60.0, connect=10.0)
"""A synchronous disposition is made while we wait."""


async def sender_of(transport: Transport, stack: AsyncExitStack, *, partner: str, clock: Clock) -> Sender:
    """Return the way out of a transport, closed with the stack.

    Raises ConfigurationError where the transport has no way out, or one of its secrets cannot be read.
    """
    match transport:
        case HttpsTransport():
            proof = _proof(transport.outbound, clock)
            return HttpsSender(await _http(stack), _required_url(transport.url, partner), partner=partner, proof=proof)
        case As2Transport():
            _required_url(transport.url, partner)
            return await as2_sender_of(transport, stack, partner=partner, clock=clock)
        case SftpTransport():
            outbox = _required_place(transport.outbox, "outbox", partner)
            return SftpSender(_connection(transport, stack), outbox, temporary_suffix=transport.temporary_suffix)
        case FolderTransport():
            outbox = _required_place(transport.outbox, "outbox", partner)
            return FolderSender(outbox, temporary_suffix=transport.temporary_suffix)
        case _:
            assert_never(transport)


async def as2_sender_of(transport: As2Transport, stack: AsyncExitStack, *, partner: str, clock: Clock) -> As2Sender:
    """Return the sender of an AS2 transport, which also posts the dispositions they want asynchronously."""
    return As2Sender(await _http(stack), transport, load_keys(transport), partner=partner, clock=clock)


def mailbox_of(
    transport: SftpTransport | FolderTransport,
    stack: AsyncExitStack,
    *,
    partner: str,
    whole: IsWhole = is_whole,
    elapsed: Elapsed = time.monotonic,
) -> Mailbox:
    """Return the way in of a transport of files, closed with the stack; it connects when it first looks.

    Raises ConfigurationError where the transport has no inbox, or one of its secrets cannot be read.
    """
    inbox = _required_place(transport.inbox, "inbox", partner)
    directory: Directory = (
        RemoteDirectory(_connection(transport, stack), inbox)
        if isinstance(transport, SftpTransport)
        else LocalDirectory(inbox)
    )
    return FileMailbox(directory, transport, is_whole=whole, clock=elapsed)


async def _http(stack: AsyncExitStack) -> httpx.AsyncClient:
    client = httpx.AsyncClient(timeout=PATIENCE, follow_redirects=False, headers={"accept-encoding": "identity"})
    return await stack.enter_async_context(client)


def _proof(credentials: OutboundCredentials, clock: Clock) -> Proof:
    match credentials:
        case NoCredentials():
            return Nobody()
        case SignatureCredentials():
            return Signing(read_webhook_secret(credentials.secret), clock)
        case BasicCredentials():
            return Basic(credentials.user, read_text_secret(credentials.password))
        case BearerCredentials():
            return _bearer(credentials.token)
        case _:
            assert_never(credentials)


def _bearer(reference: SecretReference) -> Bearer:
    token = read_text_secret(reference)
    if not token.get_secret_value().isascii() or not token.get_secret_value().isprintable():
        raise ConfigurationError(f"the secret {reference} is not printable ASCII")
    return Bearer(token)


def _connection(transport: SftpTransport, stack: AsyncExitStack) -> SftpConnection:
    login = Login(
        host=transport.host,
        port=transport.port,
        user=transport.user,
        host_keys=tuple(_host_key(text) for text in transport.host_keys),
        password=read_text_secret(transport.password) if transport.password else None,
        key=_private_key(transport.key) if transport.key else None,
    )
    connection = SftpConnection(login)
    stack.push_async_callback(connection.close)
    return connection


def _host_key(text: str) -> asyncssh.SSHKey:
    try:
        return asyncssh.import_public_key(text)
    except asyncssh.KeyImportError as error:
        raise ConfigurationError("a host key is not written as `ssh-ed25519 AAAA...`") from error


def _private_key(reference: SecretReference) -> asyncssh.SSHKey:
    try:
        return asyncssh.import_private_key(read_text_secret(reference).get_secret_value() + "\n")
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as error:
        raise ConfigurationError(f"the secret {reference} is not a private key, unencrypted") from error


def _required_url(url: HttpUrl | None, partner: str) -> HttpUrl:
    if url is None:
        raise ConfigurationError(f"the transport of {partner} has no url to send to")
    return url


def _required_place(place: PurePosixPath | None, what: str, partner: str) -> PurePosixPath:
    if place is None:
        raise ConfigurationError(f"the transport of {partner} has no {what}")
    return place

"""p2p doctor, the partners: are all their secrets there, and does every way to and from them answer?"""

from contextlib import AsyncExitStack
from datetime import UTC, datetime

import httpx

from adapters.channels import channel_of
from adapters.partners import Language, PartnerProfile, Partners
from adapters.secrets import read_text_secret, read_webhook_secret
from adapters.transports.opening import mailbox_of, sender_of
from adapters.transports.options import FolderTransport, SftpTransport
from domain.errors import RejectedError, UnavailableError
from starter.gateway.proofs import proof_of

PATIENCE_SECONDS = 10.0


async def check_secrets(partners: Partners) -> None:
    """Read every secret the partners' pages refer to. Raises ConfigurationError naming the one that is missing."""
    async with AsyncExitStack() as stack:
        for partner in partners.partners:
            await _check_secrets(partner, stack)


async def reach(partners: Partners) -> int:
    """Call every partner there is a way to; return how many. Raises RuntimeError naming the one that is away."""
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(httpx.AsyncClient(timeout=PATIENCE_SECONDS))
        for partner in partners.partners:
            await _reach(partner, http, stack)
    return len(partners.partners)


async def _check_secrets(partner: PartnerProfile, stack: AsyncExitStack) -> None:
    proof_of(partner, channel_of(partner))
    for reference in (partner.shared_secret, partner.case_key):
        if reference is not None:
            read_text_secret(reference)
    if partner.language is Language.JSON:
        read_webhook_secret(partner.signing_secret)
    if partner.takes_documents:
        await sender_of(partner.transport, stack, partner=partner.code, clock=_now)


async def _reach(partner: PartnerProfile, http: httpx.AsyncClient, stack: AsyncExitStack) -> None:
    transport = partner.transport
    try:
        if partner.url:
            await http.get(partner.url)
        elif isinstance(transport, SftpTransport | FolderTransport) and transport.inbox is not None:
            await mailbox_of(transport, stack, partner=partner.code).waiting()
    except (httpx.TransportError, UnavailableError, RejectedError) as error:
        raise RuntimeError(
            f"{partner.code}: its {transport.kind} does not answer ({error or type(error).__name__})"
        ) from error


def _now() -> datetime:
    return datetime.now(UTC)

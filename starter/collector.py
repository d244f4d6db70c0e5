"""Fetches what partners leave for us in folders and on servers: stored first, put away after, whole files only."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from adapters.partners import PartnerProfile
from adapters.store.inbox import StoreUnavailableError
from adapters.transports.parcel import Letter, Mailbox
from domain.errors import RejectedError, UnavailableError
from starter.interruptions import INTERRUPTIONS
from starter.reception import Delivery, Reception, refused_whole

CONTENT_TYPE = "application/octet-stream"
LONGEST_PAUSE_SECONDS = 300.0

log = structlog.get_logger()


@dataclass(frozen=True)
class Round:
    """One partner's mailbox, and how often it is looked into."""

    partner: PartnerProfile
    mailbox: Mailbox
    every_seconds: float


class Collector:
    """Looks into every mailbox, each at its own pace: one that fails keeps no other waiting.

    Two collectors that fetch the same letter store it once.
    """

    def __init__(self, rounds: tuple[Round, ...], reception: Reception) -> None:
        self.rounds = rounds
        self._reception = reception

    async def run(self) -> None:
        """Go on until cancelled."""
        async with asyncio.TaskGroup() as group:
            for one in self.rounds:
                group.create_task(self._go_round(one), name=f"mailbox of {one.partner.code}")

    async def collect(self, one: Round) -> int:
        """Fetch every letter that is whole; return how many were taken or refused.

        A crash between storing and putting away offers the same bytes again, which changes nothing.
        """
        letters = await one.mailbox.waiting()
        for letter in letters:
            await self._fetch(one, letter)
        return len(letters)

    async def _go_round(self, one: Round) -> None:
        failures = 0
        while True:
            try:
                await self.collect(one)
                failures = 0
            except (UnavailableError, RejectedError, StoreUnavailableError, *INTERRUPTIONS) as error:
                failures += 1
                log.warning("mailbox not read", partner=one.partner.code, cause=type(error).__name__)
            await asyncio.sleep(min(one.every_seconds * 2 ** min(failures, 8), LONGEST_PAUSE_SECONDS))

    async def _fetch(self, one: Round, letter: Letter) -> None:
        try:
            body = await one.mailbox.read(letter)
        except RejectedError:
            await one.mailbox.refused(letter, "too-large")
            return
        delivery = Delivery(one.partner, body, CONTENT_TYPE, datetime.now(UTC), one.partner.transport.kind)
        taken = await self._reception.take(delivery)
        why = refused_whole(taken)
        if why is None:
            await one.mailbox.taken(letter)
        else:
            await one.mailbox.refused(letter, why)

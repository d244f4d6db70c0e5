"""One attempt at an activity: it beats while it runs, and fails in few words of ours."""

import asyncio
import dataclasses
from datetime import timedelta
from typing import Any, cast

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput

from activities.attempts import AttemptInterceptor
from adapters.erp.tryton.client import TrytonRefusedError
from domain.errors import UnavailableError


class Step(ActivityInboundInterceptor):
    """The activity itself: takes its time, then answers or fails."""

    def __init__(self, *, seconds: float = 0, failure: Exception | None = None) -> None:
        self._seconds = seconds
        self._failure = failure

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002, ARG002 - the SDK's
        await asyncio.sleep(self._seconds)
        if self._failure is not None:
            raise self._failure
        return "done"


async def attempted(step: Step, beats: list[tuple[Any, ...]] | None = None) -> Any:
    environment = ActivityEnvironment()
    environment.info = dataclasses.replace(environment.info, heartbeat_timeout=timedelta(milliseconds=40))
    environment.on_heartbeat = lambda *details: (beats if beats is not None else []).append(details)
    attempt = AttemptInterceptor().intercept_activity(step)
    return await environment.run(attempt.execute_activity, cast("ExecuteActivityInput", None))


async def test_a_long_attempt_is_seen_to_be_alive() -> None:
    beats: list[tuple[Any, ...]] = []
    assert await attempted(Step(seconds=0.1), beats) == "done"
    assert len(beats) >= 4


async def test_the_pause_a_partner_asks_for_is_the_next_retry_delay() -> None:
    with pytest.raises(ApplicationError) as away:
        await attempted(Step(failure=UnavailableError("Tryton answered 503", retry_after=7)))
    assert (away.value.type, away.value.next_retry_delay) == ("UnavailableError", timedelta(seconds=7))


async def test_every_kind_of_no_has_the_type_that_is_not_retried_and_none_of_the_partners_stack() -> None:
    with pytest.raises(ApplicationError) as no:
        await attempted(Step(failure=TrytonRefusedError("UserError", "the period is closed")))
    assert (no.value.type, no.value.message) == ("RejectedError", "Tryton UserError: the period is closed")
    assert no.value.__cause__ is None

"""How one attempt at an activity runs: it is seen to be alive, and it fails in few words.

A worker that dies says nothing: only missing heartbeats tell Temporal before the whole attempt has timed out. A
partner's failure becomes one of our two types, whatever subclass the adapter raised, without the stack of its HTTP
library; the pause a partner asked for (Retry-After) becomes Temporal's next retry delay.
"""

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from domain.errors import RejectedError, UnavailableError

BEATS_PER_TIMEOUT = 4


class AttemptInterceptor(Interceptor):
    """Given to the worker."""

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002 - the SDK's name
        """Wrap every activity of the worker."""
        return _Attempt(next)


class _Attempt(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002, ANN401 - the SDK's signature
        beating = asyncio.create_task(_beat(activity.info().heartbeat_timeout))
        try:
            return await super().execute_activity(input)
        except UnavailableError as error:
            pause = None if error.retry_after is None else timedelta(seconds=error.retry_after)
            raise ApplicationError(str(error), type=UnavailableError.__name__, next_retry_delay=pause) from None
        except RejectedError as error:
            raise ApplicationError(str(error), type=RejectedError.__name__) from None
        finally:
            beating.cancel()
            with suppress(asyncio.CancelledError):
                await beating


async def _beat(patience: timedelta | None) -> None:
    if patience is None:
        return
    while True:
        activity.heartbeat()
        await asyncio.sleep(patience.total_seconds() / BEATS_PER_TIMEOUT)

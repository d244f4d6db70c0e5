"""A partner that names the pause it wants gets it: Retry-After becomes Temporal's next retry delay."""

from datetime import timedelta
from typing import Any

from temporalio.exceptions import ApplicationError
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from domain.errors import UnavailableError


class RetryAfterInterceptor(Interceptor):
    """Given to the worker; see docs/outages.md."""

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002 - the SDK's name
        """Wrap every activity of the worker."""
        return _HonourRetryAfter(next)


class _HonourRetryAfter(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002, ANN401 - the SDK's signature
        try:
            return await super().execute_activity(input)
        except UnavailableError as error:
            if error.retry_after is None:
                raise
            pause = timedelta(seconds=error.retry_after)
            raise ApplicationError(str(error), type=UnavailableError.__name__, next_retry_delay=pause) from error

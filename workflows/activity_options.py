"""Timeouts and retries, by kind of call: the only place that has any."""

from datetime import timedelta

from temporalio.common import RetryPolicy
from temporalio.workflow import ActivityConfig, LocalActivityConfig

from domain.errors import RejectedError

_ASKING_AGAIN_CANNOT_HELP = [RejectedError.__name__]

PARTNER_CALL = ActivityConfig(
    start_to_close_timeout=timedelta(minutes=3),
    heartbeat_timeout=timedelta(seconds=10),
    retry_policy=RetryPolicy(
        initial_interval=timedelta(seconds=1),
        backoff_coefficient=2,
        maximum_interval=timedelta(minutes=1),
        non_retryable_error_types=_ASKING_AGAIN_CANNOT_HELP,
    ),
)
"""ERP, suppliers, inventory: repeated until they answer. One step may be many requests, each with its own timeout; when
the worker dies in the middle, its silence is noticed after ten seconds."""

RULE = ActivityConfig(
    start_to_close_timeout=timedelta(seconds=30),
    retry_policy=RetryPolicy(
        initial_interval=timedelta(milliseconds=200),
        maximum_interval=timedelta(seconds=10),
        non_retryable_error_types=_ASKING_AGAIN_CANNOT_HELP,
    ),
)
"""A rule that business people change: our own code and store, recorded in the history."""

OWN_STORE = LocalActivityConfig(
    start_to_close_timeout=timedelta(seconds=10),
    local_retry_threshold=timedelta(seconds=5),
    retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=100), maximum_interval=timedelta(seconds=10)),
)
"""Our own database, from the workflow's own worker: one workflow task, no round trip through the task queue."""


def summarised(kind: ActivityConfig, summary: str) -> ActivityConfig:
    """Return the options of a kind of call, with the words an operator sees beside it in Temporal UI."""
    return {**kind, "summary": summary}

"""Is the worker on this machine polling? For the container's health check: `python -m starter.worker_health`."""

import asyncio
import os
import socket
import sys
from datetime import UTC, datetime, timedelta

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client

from adapters.settings import Settings
from adapters.temporal import TemporalUnreachableError, connect
from workflows.names import TASK_QUEUE

PATIENCE = timedelta(seconds=5)
RECENT = timedelta(minutes=2)
"""A poll lasts up to a minute, and Temporal remembers a poller for five."""


async def is_polling(client: Client, *, host: str, now: datetime, task_queue: str = TASK_QUEUE) -> bool:
    """Tell whether a worker of the host asked Temporal for work recently; `<pid>@<host>` is a worker's identity."""
    request = DescribeTaskQueueRequest(
        namespace=client.namespace,
        task_queue=TaskQueue(name=task_queue),
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    )
    pollers = (await client.workflow_service.describe_task_queue(request)).pollers
    since = now - RECENT
    return any(
        poller.identity.endswith(f"@{host}") and poller.last_access_time.ToDatetime(UTC) >= since for poller in pollers
    )


async def check(settings: Settings) -> str:
    """Return what is wrong, or nothing."""
    try:
        client = await connect(settings, patience=PATIENCE)
    except TemporalUnreachableError as error:
        return str(error)
    host = socket.gethostname()
    if await is_polling(client, host=host, now=datetime.now(UTC)):
        return ""
    return f"no worker of {host} polls {TASK_QUEUE}"


if __name__ == "__main__":
    trouble = asyncio.run(check(Settings()))
    sys.stderr.write(f"{trouble}\n" if trouble else "")
    os._exit(1 if trouble else 0)  # Temporal's runtime may abort a normal exit (temporalio/sdk-python#300)

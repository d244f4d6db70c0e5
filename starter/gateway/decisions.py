"""People's decisions, carried to the lifecycle as updates: a yes, or a no that says why, while the person waits."""

from collections.abc import Awaitable
from datetime import timedelta
from http import HTTPStatus
from typing import TypeVar

from temporalio.client import WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from adapters.operators import Operator
from adapters.store.audit import AuditEntry
from starter.gateway.parts import Parts
from starter.gateway.problems import Problem, not_found
from workflows.segregation import SEGREGATION_OF_DUTIES

ANSWER_WITHIN = timedelta(seconds=15)
COME_AGAIN_SECONDS = 5

Answer = TypeVar("Answer")

STATUS = {
    SEGREGATION_OF_DUTIES: (HTTPStatus.FORBIDDEN, "segregation-of-duties"),
    "NotFound": (HTTPStatus.NOT_FOUND, "not-found"),
}


async def decide(parts: Parts, operator: Operator, action: str, subject: str, update: Awaitable[Answer]) -> Answer:
    """Await a lifecycle's answer to a decision, and write down who decided what. Raises Problem."""
    try:
        answer = await update
    except WorkflowUpdateFailedError as error:
        problem = _refused(error)
        await parts.audit.append(AuditEntry(operator.name, f"{action} refused", subject, problem.kind))
        raise problem from error
    except WorkflowUpdateRPCTimeoutOrCancelledError as error:
        raise _nobody_answers() from error
    except RPCError as error:
        raise _rpc_problem(error, subject) from error
    await parts.audit.append(AuditEntry(operator.name, action, subject))
    return answer


def _refused(error: WorkflowUpdateFailedError) -> Problem:
    cause = error.cause
    if not isinstance(cause, ApplicationError):
        return Problem(HTTPStatus.CONFLICT, "not-possible", "The lifecycle does not take this decision now")
    status, kind = STATUS.get(cause.type or "", (HTTPStatus.CONFLICT, "not-possible"))
    return Problem(status, kind, cause.message)


def _rpc_problem(error: RPCError, subject: str) -> Problem:
    if error.status is RPCStatusCode.NOT_FOUND and "already completed" in error.message:
        return Problem(HTTPStatus.CONFLICT, "not-possible", f"{subject} is over: nothing is left to decide")
    if error.status is RPCStatusCode.NOT_FOUND:
        return not_found(subject)
    return _nobody_answers()


def _nobody_answers() -> Problem:
    return Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "unavailable",
        "No worker answered in time; the decision may still be taken, and sending it again is safe",
        retry_after=COME_AGAIN_SECONDS,
    )

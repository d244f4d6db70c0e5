"""Who is asking, and whether their role may."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Request

from adapters.operators import Operator, Role
from adapters.store.audit import AuditEntry
from starter.gateway.parts import Parts
from starter.gateway.problems import Problem

EVERYBODY = tuple(Role)
MAY_REQUEST = (Role.REQUESTER, Role.BUYER)
MAY_APPROVE = (Role.APPROVER,)
MAY_CANCEL = (Role.BUYER,)
MAY_RESOLVE = (Role.BUYER, Role.APPROVER, Role.ACCOUNTS_PAYABLE, Role.OPERATOR)
MAY_REPAIR = (Role.OPERATOR,)
"""Replay events, pause partners, read raw bodies: no business decisions."""


def parts_of(request: Request) -> Parts:
    """Return what the gateway is made of."""
    parts: Parts = request.app.state.parts
    return parts


PartsOf = Annotated[Parts, Depends(parts_of)]


def acting_as(*roles: Role) -> Callable[[Request], Awaitable[Operator]]:
    """Return a dependency that lets holders of one of the roles in, and everybody else out."""

    async def authorised(request: Request) -> Operator:
        parts = parts_of(request)
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        operator = parts.operators.holding(token.strip()) if scheme.lower() == "bearer" else None
        if operator is None:
            parts.rejections.of_stranger("operator", "token")
            raise Problem(HTTPStatus.UNAUTHORIZED, "unauthorized", "Send a token: Authorization: Bearer slt_...")
        if not operator.may_act_as(*roles):
            needed = " or ".join(roles)
            await parts.audit.append(AuditEntry(operator.name, "refused", request.url.path, f"needs {needed}"))
            raise Problem(HTTPStatus.FORBIDDEN, "forbidden", f"This needs the role {needed}")
        return operator

    return authorised


Reader = Annotated[Operator, Depends(acting_as(*EVERYBODY))]
Requester = Annotated[Operator, Depends(acting_as(*MAY_REQUEST))]
Approver = Annotated[Operator, Depends(acting_as(*MAY_APPROVE))]
Canceller = Annotated[Operator, Depends(acting_as(*MAY_CANCEL))]
Resolver = Annotated[Operator, Depends(acting_as(*MAY_RESOLVE))]
Repairer = Annotated[Operator, Depends(acting_as(*MAY_REPAIR))]

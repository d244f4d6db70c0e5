"""The gateway as one ASGI app."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import JSONResponse
from starlette.types import ASGIApp

from starter.gateway import (
    as2,
    documents,
    documents_api,
    events_api,
    exceptions_api,
    orders_api,
    problems,
    requisitions_api,
)
from starter.gateway.access import PartsOf
from starter.gateway.described import AS2, DESCRIBED, DOCUMENTS, INGEST
from starter.gateway.edge import BoundedBodies
from starter.gateway.ingest import ingest
from starter.gateway.parts import Parts
from starter.gateway.problems import Problem


def build_app(parts: Parts | None = None) -> FastAPI:
    """Return the app over its parts; without them it can only describe itself."""
    app = FastAPI(
        title="Supplyline",
        version="1",
        description="Durable procure-to-pay for hospitals.",
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.parts = parts
    problems.install(app)
    app.add_route(INGEST, ingest, methods=["POST"], include_in_schema=False)
    app.add_route(DOCUMENTS, documents.receive, methods=["POST"], include_in_schema=False)
    app.add_route(AS2, as2.receive, methods=["POST"], include_in_schema=False)
    for api in (requisitions_api, orders_api, exceptions_api, events_api, documents_api):
        app.include_router(api.router)
    app.add_api_route("/v1/health/live", _live, methods=["GET"], tags=["health"])
    app.add_api_route("/v1/health/ready", _ready, methods=["GET"], tags=["health"])
    _describe_partner_routes(app)
    return app


def bounded(app: FastAPI) -> ASGIApp:
    """Return the app as it is served: no body is larger or slower than it may be."""
    return BoundedBodies(app)


async def _live() -> JSONResponse:
    """The process answers."""
    return JSONResponse({"status": "live"})


async def _ready(parts: PartsOf) -> JSONResponse:
    """The store and Temporal answer."""
    try:
        async with parts.engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
        temporal = await parts.client.service_client.check_health()
    except (SQLAlchemyError, OSError, RuntimeError) as error:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", "Not ready yet", retry_after=1) from error
    if not temporal:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", "Temporal is not ready yet", retry_after=1)
    return JSONResponse({"status": "ready"})


def _describe_partner_routes(app: FastAPI) -> None:
    generate = app.openapi

    def described() -> dict[str, Any]:
        document = generate()
        for path, description in DESCRIBED.items():
            document["paths"].setdefault(path, description)
        return document

    app.openapi = described  # type: ignore[method-assign]

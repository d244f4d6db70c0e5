"""A session with Tryton: one login, JSON-RPC, and its errors as ours."""

import asyncio
import base64
import itertools
import json
from collections.abc import Sequence
from types import TracebackType
from typing import Self

import httpx
from pydantic import SecretStr

from adapters.erp.tryton.wire import Json, decode, encode
from adapters.http_client import PartnerHttp
from domain.errors import RejectedError, UnavailableError

CONCURRENT_CALLS = 4
"""One trytond process answers 10 to 12 calls a second whatever the concurrency; more only queue there."""

_LONGEST_MESSAGE = 300
"""A UserError's payload can exceed 100 kB."""


class TrytonRefusedError(RejectedError):
    """Tryton answered with an error. It has no error codes: read the state back instead of reading the message."""

    def __init__(self, kind: str, message: str, *, warning: str | None = None) -> None:
        super().__init__(f"Tryton {kind}: {message[:_LONGEST_MESSAGE]}")
        self.kind = kind
        self.warning = warning
        """The name under which a UserWarning can be accepted."""


class _SessionExpiredError(Exception):
    pass


class TrytonClient:
    """One user's session on one database. Safe to share: logins are single-flight, calls are limited."""

    def __init__(self, http: httpx.AsyncClient, *, database: str, user: str, password: SecretStr) -> None:
        self._http = PartnerHttp(http, "Tryton")
        self._raw = http
        self._path = f"/{database}/rpc/"
        self._user = user
        self._password = password
        self._authorization: str | None = None
        self.context: dict[str, Json] = {}
        self._ids = itertools.count(1)
        self._login = asyncio.Lock()
        self._limit = asyncio.Semaphore(CONCURRENT_CALLS)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._raw.aclose()

    async def call(self, method: str, *params: Json, **context: Json) -> Json:
        """Call one method with the user's context. Raises TrytonRefusedError, RejectedError or UnavailableError."""
        async with self._limit:
            authorization = await self._logged_in(None)
            try:
                return await self._send(method, [*params, {**self.context, **context}], authorization)
            except _SessionExpiredError:
                authorization = await self._logged_in(authorization)
            try:
                return await self._send(method, [*params, {**self.context, **context}], authorization)
            except _SessionExpiredError as error:
                raise RejectedError("Tryton refuses a session it has just given") from error

    async def model(self, model: str, method: str, *params: Json, **context: Json) -> Json:
        """Call a method of a model."""
        return await self.call(f"model.{model}.{method}", *params, **context)

    async def find(
        self, model: str, domain: list[Json], fields: Sequence[str], *, limit: int | None = None, **context: Json
    ) -> list[dict[str, Json]]:
        """Return the records of a domain, lowest id first."""
        rows: list[dict[str, Json]] = await self.model(
            model, "search_read", domain, 0, limit, [["id", "ASC"]], list(fields), **context
        )
        return rows

    async def read(
        self, model: str, ids: Sequence[int], fields: Sequence[str], **context: Json
    ) -> list[dict[str, Json]]:
        """Return these records in the order of their ids: on PostgreSQL Tryton returns them in any."""
        if not ids:
            return []
        rows = {row["id"]: row for row in await self.model(model, "read", list(ids), list(fields), **context)}
        return [rows[identifier] for identifier in ids]

    async def get(self, model: str, identifier: int, fields: Sequence[str], **context: Json) -> dict[str, Json]:
        """Return one record."""
        return (await self.read(model, [identifier], fields, **context))[0]

    async def create(self, model: str, values: dict[str, Json]) -> int:
        """Create one record and return its id."""
        identifier: int = (await self.model(model, "create", [values]))[0]
        return identifier

    async def write(self, model: str, ids: Sequence[int], values: dict[str, Json]) -> None:
        """Write the same values to these records."""
        await self.model(model, "write", list(ids), values)

    async def press(self, model: str, button: str, identifier: int, *, accept: Sequence[str] = ()) -> None:
        """Press a button; warnings whose name ends in one of `accept` are accepted."""
        for _ in range(len(accept) + 1):
            try:
                await self.model(model, button, [identifier])
            except TrytonRefusedError as refusal:
                if refusal.warning is None or not refusal.warning.endswith(tuple(accept)):
                    raise
                await self.model("res.user.warning", "skip", refusal.warning, False)  # noqa: FBT003 - Tryton's "always"
            else:
                return

    async def wizard(self, name: str, steps: Sequence[tuple[str, dict[str, Json]]], **context: Json) -> Json:
        """Run a wizard through its states, each with the form of the state's own values; return its last answer."""
        session, _, _ = await self.call(f"wizard.{name}.create", **context)
        forms: dict[str, Json] = {}
        answer: Json = None
        try:
            for state, form in steps:
                forms |= form
                answer = await self.call(f"wizard.{name}.execute", session, forms, state, **context)
        finally:
            await self.call(f"wizard.{name}.delete", session, **context)
        return answer

    async def wizard_with_form(
        self, name: str, view: str, then: str, values: dict[str, Json], *, active_model: str, active_id: int
    ) -> Json:
        """Run a wizard that shows a form: every field of the form is sent, `values` over its defaults."""
        context = {"active_model": active_model, "active_id": active_id, "active_ids": [active_id]}
        session, _, _ = await self.call(f"wizard.{name}.create", **context)
        try:
            shown = (await self.call(f"wizard.{name}.execute", session, {}, view, **context))["view"]
            form: dict[str, Json] = {field: None for field in shown["fields_view"]["fields"] if field != "id"}
            form |= {field: value for field, value in shown["defaults"].items() if not field.endswith(".")}
            form |= {field: value for field, value in values.items() if field in form}
            return await self.call(f"wizard.{name}.execute", session, {view: form}, then, **context)
        finally:
            await self.call(f"wizard.{name}.delete", session, **context)

    async def _logged_in(self, expired: str | None) -> str:
        """Return the session's credentials, logging in where there are none or where they have just expired."""
        async with self._login:
            if self._authorization is None or self._authorization == expired:
                login = [self._user, {"password": self._password.get_secret_value()}, "en"]
                try:
                    user_id, token = (await self._send("common.db.login", login, None))[:2]
                except _SessionExpiredError as error:
                    raise RejectedError(
                        "Tryton refuses our user: check SUPPLYLINE_ERP_USER and SUPPLYLINE_ERP_PASSWORD"
                    ) from error
                session = base64.b64encode(f"{self._user}:{user_id}:{token}".encode()).decode()
                self._authorization = f"Session {session}"
                get_preferences = "model.res.user.get_preferences"
                self.context = await self._send(get_preferences, [True, {}], self._authorization)
            return self._authorization

    async def _send(self, method: str, params: list[Json], authorization: str | None) -> Json:
        body = encode({"id": next(self._ids), "method": method, "params": params})
        headers = {"Content-Type": "application/json"}
        if authorization:
            headers["Authorization"] = authorization
        try:
            response = await self._http.request("POST", self._path, content=body, headers=headers)
        except RejectedError as error:
            if str(error).endswith("401"):
                raise _SessionExpiredError from error
            raise
        return _result(response.content)


def _result(body: bytes) -> Json:
    try:
        answer = decode(body)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise UnavailableError("Tryton answered something that is not JSON") from error
    if "error" not in answer:
        return answer["result"]
    match answer["error"]:
        case ["UserError", [message, description, *_]]:
            raise TrytonRefusedError("UserError", f"{message} {description}".strip())
        case ["UserWarning", [name, message, *_]]:
            raise TrytonRefusedError("UserWarning", str(message), warning=str(name))
        case ["ConcurrencyException", *_]:
            raise UnavailableError("Tryton's record was changed in the meanwhile")
        case [kind, *_]:
            raise TrytonRefusedError("fault", str(kind))
        case other:
            raise TrytonRefusedError("fault", str(other))

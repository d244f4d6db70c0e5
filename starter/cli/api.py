"""The API as a terminal uses it: found, called, and its problems said in one line."""

import json
import os
import sys
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, NoReturn

import httpx
import typer
from rich.console import Console

from starter.cli.environment import read_env_file

RUNNING_DEMO = Path(__file__).parents[2] / ".run" / "demo" / "operators"
EVERYDAY_PERSON = "tom.reyes"

errors = Console(stderr=True)


@dataclass(frozen=True)
class Api:
    """Where the API is and whose token is used. `as_json` leaves answers and problems as they come."""

    url: str
    token: str
    as_json: bool

    def get(self, path: str, **params: str | int | bool | None) -> Any:  # noqa: ANN401 - the API's JSON
        """Read something."""
        return self._send("GET", path, params={name: value for name, value in params.items() if value is not None})

    def list(self, path: str, *, limit: int, **params: str | int | bool | None) -> list[dict[str, Any]]:
        """Read a list, page after page, up to a limit."""
        items: list[dict[str, Any]] = []
        cursor: str | None = None
        while len(items) < limit:
            page = self.get(path, limit=min(200, limit - len(items)), cursor=cursor, **params)
            items += page["items"]
            cursor = page["next"]
            if cursor is None:
                break
        return items

    def send(self, method: str, path: str, content: Any = None) -> Any:  # noqa: ANN401 - the API's JSON
        """Ask for something to be done."""
        return self._send(method, path, json=content)

    def read(self, path: str) -> bytes:
        """Read bytes as they were kept."""
        return self._answered("GET", path).content

    def _send(self, method: str, path: str, **options: Any) -> Any:  # noqa: ANN401 - the API's JSON
        answer = self._answered(method, path, **options)
        return answer.json() if answer.content else None

    def _answered(self, method: str, path: str, **options: Any) -> httpx.Response:  # noqa: ANN401 - httpx's own options
        headers = {"authorization": f"Bearer {self.token}"}
        try:
            answer = httpx.request(method, self.url.rstrip("/") + path, headers=headers, timeout=60, **options)
        except httpx.TransportError as error:
            problem = {"title": "No answer", "detail": f"{self.url} does not answer: {type(error).__name__}"}
            self._fail(problem)
        if answer.is_error:
            self._fail(_problem(answer))
        return answer

    def _fail(self, problem: dict[str, Any]) -> NoReturn:
        if self.as_json:
            print(json.dumps(problem), file=sys.stderr)  # noqa: T201 - the command's output
        else:
            errors.print(f"[bold red]{problem.get('title', 'Error')}:[/] {problem.get('detail', '')}", highlight=False)
        raise typer.Exit(1)


def find(person: str | None, *, as_json: bool) -> Api:
    """Find the API: in the environment, else in the demo that runs in this checkout."""
    values = dict(os.environ)
    if person is not None or "SUPPLYLINE_API_URL" not in values:
        values |= _of_the_demo(person or EVERYDAY_PERSON)
    try:
        return Api(values["SUPPLYLINE_API_URL"], values["SUPPLYLINE_TOKEN"], as_json)
    except KeyError as error:
        errors.print(f"Set {error.args[0]}, or start a demo with: make demo KEEP=1", highlight=False)
        raise typer.Exit(2) from error


def _of_the_demo(person: str) -> dict[str, str]:
    path = RUNNING_DEMO / f"{person}.env"
    if path.exists():
        return read_env_file(path)
    if RUNNING_DEMO.exists():
        names = ", ".join(sorted(file.stem for file in RUNNING_DEMO.glob("*.env")))
        errors.print(f"The demo has no {person}; it has {names}", highlight=False)
        raise typer.Exit(2)
    return {}


def _problem(answer: httpx.Response) -> dict[str, Any]:
    try:
        problem: dict[str, Any] = answer.json()
    except json.JSONDecodeError:
        return {"title": HTTPStatus(answer.status_code).phrase, "status": answer.status_code, "detail": "not our API?"}
    return problem

"""Print the API's description: `python -m starter.openapi > docs/openapi.json`, or `make openapi`."""

import json

from starter.gateway.app import build_app


def described() -> str:
    """Return the description as it is kept in docs/openapi.json."""
    return json.dumps(build_app().openapi(), indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    print(described(), end="")  # noqa: T201 - the command's output

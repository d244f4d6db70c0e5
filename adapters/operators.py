"""The people and programs that may use our API: their roles, and the hash of each one's token, from operators.yaml."""

import hashlib
import hmac
import secrets
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from adapters.yaml_files import load
from domain.document import Command
from domain.identifiers import Code

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Role(StrEnum):
    """What somebody may do; see docs/operators.md."""

    REQUESTER = "requester"
    APPROVER = "approver"
    BUYER = "buyer"
    ACCOUNTS_PAYABLE = "accounts-payable"
    OPERATOR = "operator"
    AUDITOR = "auditor"


class Operator(Command):
    """One person or program."""

    name: Code
    roles: Annotated[frozenset[Role], Field(min_length=1)]
    token_sha256: Digest

    def may_act_as(self, *roles: Role) -> bool:
        """True when they hold one of the roles."""
        return not self.roles.isdisjoint(roles)


class Operators(Command):
    """Everybody who may use the API."""

    operators: Annotated[tuple[Operator, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        names = [operator.name for operator in self.operators]
        if len(set(names)) != len(names):
            raise ValueError("each name may be used once")
        return self

    def holding(self, token: str) -> Operator | None:
        """Return who holds a token; every hash is compared, whichever fits."""
        digest = hash_of(token)
        fitting = [person for person in self.operators if hmac.compare_digest(person.token_sha256, digest)]
        return fitting[0] if fitting else None


def load_operators(config_dir: Path) -> Operators:
    """Read operators.yaml. Raises ConfigurationError."""
    return load(config_dir / "operators.yaml", Operators)


def new_token() -> str:
    """Return a token nobody can guess."""
    return "slt_" + secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """Return what operators.yaml keeps of a token; the token has 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()

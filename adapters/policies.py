"""The hospital's rules by version, from policy.yaml: one of them is current, the others are what older orders keep."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from adapters.yaml_files import load
from domain.document import Command
from domain.identifiers import Code
from domain.policy import Policy


class Policies(Command):
    """Every version, and which one new requisitions get."""

    current: Code
    versions: Annotated[tuple[Policy, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _current_is_a_version(self) -> Self:
        if self.current not in {policy.version for policy in self.versions}:
            raise ValueError(f"current names {self.current}, which is not among the versions")
        return self

    @property
    def policy(self) -> Policy:
        """The version new requisitions get."""
        return next(policy for policy in self.versions if policy.version == self.current)


def load_policy(config_dir: Path) -> Policy:
    """Return the current policy of policy.yaml. Raises ConfigurationError."""
    return load(config_dir / "policy.yaml", Policies).policy

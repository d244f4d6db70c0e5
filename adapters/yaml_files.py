"""Configuration files: YAML, checked by a model, with errors that name the file, the field and the rule."""

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

Model = TypeVar("Model", bound=BaseModel)


class ConfigurationError(Exception):
    """A configuration file or variable is missing or wrong; the message says which, and what is wrong with it."""


def load(path: Path, model: type[Model]) -> Model:
    """Read a file. Raises ConfigurationError."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} is not YAML: {error}") from error
    try:
        return model.model_validate(content)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False, include_context=False)
        listed = "; ".join(f"{'.'.join(map(str, fault['loc'])) or 'the file'}: {fault['msg']}" for fault in faults[:5])
        raise ConfigurationError(f"{path}: {listed}") from error

"""Secrets by reference: where one is stands in the configuration, what it is nowhere but in memory."""

import base64
import binascii
import os
from pathlib import Path
from typing import Annotated

from pydantic import SecretBytes, SecretStr, StringConstraints

from adapters.yaml_files import ConfigurationError

SecretReference = Annotated[str, StringConstraints(pattern=r"^(env:[A-Z][A-Z0-9_]*|file:/.+)$")]
"""Where a secret is, never the secret: `env:NAME` or `file:/path`."""

SHORTEST_WEBHOOK_SECRET = 24
"""Bytes; the Standard Webhooks specification asks for 24 to 64."""


def read_webhook_secret(reference: SecretReference) -> SecretBytes:
    """Fetch what webhooks are signed with: `whsec_` and base64. Raises ConfigurationError, which never quotes it."""
    text = read_text_secret(reference).get_secret_value()
    try:
        key = base64.b64decode(text.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ConfigurationError(f"the secret {reference} is not whsec_ followed by base64") from error
    if len(key) < SHORTEST_WEBHOOK_SECRET:
        raise ConfigurationError(f"the secret {reference} is shorter than {SHORTEST_WEBHOOK_SECRET} bytes")
    return SecretBytes(key)


def read_text_secret(reference: SecretReference) -> SecretStr:
    """Fetch a secret, without white space around it. Raises ConfigurationError, which never quotes the secret."""
    try:
        text = read_secret_bytes(reference).get_secret_value().decode("utf-8").strip()
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"the secret {reference} is not UTF-8 text") from error
    if not text:
        raise ConfigurationError(f"the secret {reference} is empty")
    return SecretStr(text)


def read_secret_bytes(reference: SecretReference) -> SecretBytes:
    """Fetch a secret as it is stored. Raises ConfigurationError."""
    scheme, _, name = reference.partition(":")
    try:
        return SecretBytes(os.environb[name.encode()] if scheme == "env" else Path(name).read_bytes())
    except KeyError as error:
        raise ConfigurationError(f"the secret {reference} is not set") from error
    except OSError as error:
        raise ConfigurationError(f"the secret {reference} cannot be read: {error.strerror}") from error

"""The frozen model every business document is made of."""

from pydantic import BaseModel, ConfigDict


class Document(BaseModel):
    """A business document: immutable, compared by value.

    Documents live in workflow histories for months, so fields are only ever added, with defaults; a field this
    release does not know is left alone, so that a newer worker's history can still be read.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")


class Command(BaseModel):
    """What a person or an integration asks for at our own API: unknown fields are refused, not ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")

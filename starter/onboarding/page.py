"""A partner's page about to be written: every entry with what it was found by, and what a person must decide."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import yaml
from pydantic import BaseModel, ValidationError

WIDTH = 100
Plain = str | int | float | bool | Sequence["Plain"] | Mapping[str, "Plain"] | None


@dataclass(frozen=True)
class Entry:
    """One field. A question is written as a comment: the page is valid without an answer."""

    name: str
    value: Plain = None
    found: str = ""
    check: str = ""
    is_question: bool = False
    inside: "tuple[Entry, ...]" = field(default=())
    """The fields of an entry that is a page of its own."""


def written(title: Sequence[str], entries: Sequence[Entry]) -> str:
    """Return the page as YAML."""
    heading = [line for text in title for line in _comment(text, 0)]
    return "\n".join([*heading, *(line for entry in entries for line in _entry(entry, 0))]) + "\n"


def questions(entries: Sequence[Entry]) -> Iterator[str]:
    """Yield what a person must decide, field by field."""
    for entry in entries:
        if entry.check:
            yield f"{entry.name}: {entry.check}"
        for question in questions(entry.inside):
            yield f"{entry.name}.{question}"


def valid(model: type[BaseModel], *entries: Entry) -> tuple[Entry, ...]:
    """Return the entries; one whose value the model would refuse becomes a question."""
    return tuple(_checked(model, entry) for entry in entries)


def _checked(model: type[BaseModel], entry: Entry) -> Entry:
    if entry.is_question:
        return entry
    try:
        model.model_validate({entry.name: entry.value})
    except ValidationError as error:
        faults = [fault for fault in error.errors(include_input=False) if fault["loc"][:1] == (entry.name,)]
        if faults:
            why = faults[0]["msg"].removeprefix("Value error, ")
            return Entry(entry.name, entry.value, entry.found, f"as found it is not valid: {why}", is_question=True)
    return entry


def _entry(entry: Entry, indent: int) -> Iterator[str]:
    yield from _comment(entry.found, indent)
    yield from _comment(f"check: {entry.check}" if entry.check else "", indent)
    margin = " " * indent
    if entry.inside:
        yield f"{margin}{entry.name}:"
        for each in entry.inside:
            yield from _entry(each, indent + 2)
        return
    mark = "# " if entry.is_question else ""
    yield f"{margin}{mark}{entry.name}: {_scalar(entry.value)}"


def _comment(text: str, indent: int) -> Iterator[str]:
    """What a sender wrote stays inside the comment."""
    plain = "".join(mark if mark.isprintable() else "?" for mark in text)
    start = " " * indent + "# "
    yield from textwrap.wrap(plain, WIDTH, initial_indent=start, subsequent_indent=start, break_on_hyphens=False)


def _scalar(value: Plain) -> str:
    style = None if str(value).isprintable() and "\\" not in str(value) else '"'
    text = yaml.safe_dump(value, default_flow_style=True, default_style=style, width=10_000, sort_keys=False)
    return text.removesuffix("\n").removesuffix("\n...")

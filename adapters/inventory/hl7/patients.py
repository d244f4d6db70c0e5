"""What a message says of people, gathered once so that it can be kept out of everything else."""

from collections.abc import Iterator

from pydantic import SecretBytes

from adapters.documents.people import People
from adapters.documents.points_of_use import case_reference
from adapters.inventory.hl7.message import Message

NAMES = {"PID": (5, 6, 9), "PD1": (4,), "NK1": (2, 30), "GT1": (3, 4), "IN1": (16,), "MRG": (7,)}
"""Fields that name a person."""
NUMBERS = {
    "PID": (2, 3, 4, 7, 13, 14, 18, 19, 20, 21),
    "PV1": (5, 19, 50),
    "NK1": (5, 6, 16, 33),
    "GT1": (2, 6, 7, 8, 12, 19),
    "IN1": (18, 36, 49),
    "IN2": (1, 2, 6, 8, 61),
    "MRG": (1, 2, 3, 4, 5, 6),
}
"""Fields that number a person, or say when one was born."""


def people_in(message: Message) -> People:
    """Return the people a message is about."""
    return People(_words(message))


def surrogate(message: Message, paths: tuple[str, ...], key: SecretBytes) -> str | None:
    """Return the surrogate of the message's case, or None where it has no number."""
    for path in paths:
        for segment in message.all_of(path[:3]):
            number = message.text(path, segment)
            if number:
                return case_reference(number, key)
    return None


def _words(message: Message) -> Iterator[str]:
    for segment in message.segments:
        for number in NAMES.get(segment.name, ()):
            for components in message.repetitions(segment, number):
                yield from components[:5]
                yield from " ".join(components[:3]).split()
        for number in NUMBERS.get(segment.name, ()):
            yield from (components[0] for components in message.repetitions(segment, number))

"""A page of HL7 v2 deduced from messages: who sends, which segments and codes it uses; nothing about a patient."""

from collections import Counter
from collections.abc import Iterator, Sequence

from pydantic import SecretBytes

from adapters.bad_document import BadDocumentError
from adapters.documents.reading import Reading
from adapters.inventory.hl7.message import Message, messages_of
from adapters.inventory.hl7.options import TRANSACTIONS, Hl7Options
from adapters.inventory.hl7.reading import read
from starter.onboarding.deducing import Deduced, Sample, most_common, seen, stock_entries, units_asked
from starter.onboarding.page import Entry, Plain, valid

STAND_IN = SecretBytes(b"a draft keeps no case")


def draft_hl7(samples: Sequence[Sample]) -> Deduced:
    """Return what the messages say of their sender."""
    messages = [message for sample in samples for message in _messages(sample)]
    readings = [reading for sample in samples for reading in _readings(sample)]
    name = most_common(found for message in messages if (found := message.header("MSH-3")))
    return Deduced(
        name=name or "",
        entries=(
            Entry("hl7", inside=valid(Hl7Options, *_sender(messages), *_meaning(messages, readings))),
            *stock_entries(),
        ),
        kind="inventory",
    )


def _messages(sample: Sample) -> tuple[Message, ...]:
    try:
        return messages_of(sample.body)
    except BadDocumentError:
        return ()


def _readings(sample: Sample) -> tuple[Reading, ...]:
    try:
        return read(sample.body, Hl7Options(), STAND_IN)
    except BadDocumentError:
        return ()


def _sender(messages: Sequence[Message]) -> Iterator[Entry]:
    for name, path in (("sending_application", "MSH-3"), ("sending_facility", "MSH-4")):
        written = [message.header(path) for message in messages]
        found = most_common(one for one in written if one)
        if found is not None:
            several = "the samples name several: leave it out to take any" if len(set(written)) > 1 else ""
            yield Entry(name, found, f"{path}: {seen(written)}", several)
    facilities: Plain = {message.header("MSH-4"): "FACILITY" for message in messages if message.header("MSH-4")}
    if facilities:
        yield Entry("facilities", facilities, check="our code of each facility it names in MSH-4")
    decide = "the place of stock where a message names none that `locations` lists"
    yield Entry("location", "LOCATION", check=decide)


def _meaning(messages: Sequence[Message], readings: Sequence[Reading]) -> Iterator[Entry]:
    kinds = seen(" ".join(filter(None, (one.header("MSH-9"), one.header("MSH-9.2")))) for one in messages)
    names = Counter(segment.name for message in messages for segment in message.segments)
    vendor = [name for name in names if name.startswith("Z")]
    said = f"messages: {kinds}; segments: {seen(names.elements())}"
    decide = f"which fields of {', '.join(vendor)} say what (docs/hl7.md)" if vendor else ""
    begins: Plain = {"begins": vendor[0] if vendor else "FT1", "item": [], "quantity": []}
    yield Entry("usage", begins, said, decide, is_question=True)
    codes = Counter(message.text("FT1-6", segment) for message in messages for segment in message.all_of("FT1"))
    unknown: Plain = {code: "used" for code in codes if code not in TRANSACTIONS}
    if unknown:
        decide = "used, returned, adjusted up, adjusted down or ignored; list the known ones you use as well"
        yield Entry("transactions", unknown, f"FT1-6: {seen(codes.elements())}", decide, is_question=True)
    yield from units_asked(readings, "X12 element 355 and none this language translates")

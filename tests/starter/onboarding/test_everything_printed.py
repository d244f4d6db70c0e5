"""Nothing a reading holds is missing from what people are shown."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel

from adapters.partners import PartnerProfile
from domain.quantities import plain
from starter.cli.partner_check import text_of
from starter.onboarding.checking import check
from starter.onboarding.deducing import Sample
from starter.onboarding.drafting import draft
from tests.adapters.cxml.documents import confirmation
from tests.adapters.hl7.messages import CHARGES
from tests.adapters.ubl.documents import DESPATCH_ADVICE, invoice
from tests.samples import samples
from tests.starter.onboarding.documents import REFUSED_LINE, SPLIT, a_ship_notice, an_answer, an_invoice, interchange

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
SAID_BY_ITS_MEANING = {"raw", "raw_role"}
"""The sender's code of what is shown by its meaning; where it has none we know, the code is the meaning."""
SAID_BY_THE_TRANSMISSION = {"message_id"}
OURS = (
    interchange(an_answer(*SPLIT, *REFUSED_LINE), a_ship_notice(), an_invoice("SAC*C*D240***300", total="2500")),
    confirmation(
        '<ConfirmationItem lineNumber="1" quantity="20"><UnitOfMeasure>XBX</UnitOfMeasure></ConfirmationItem>'
    ),
    DESPATCH_ADVICE,
    invoice(),
    CHARGES,
)
REAL = [path.read_bytes() for language in ("x12", "cxml", "ubl") for path in samples(language)]


@pytest.mark.parametrize("body", [*OURS, *REAL], ids=range(len(OURS) + len(REAL)))
def test_everything_a_reading_holds_is_shown(tmp_path: Path, body: bytes) -> None:
    page = PartnerProfile.model_validate(yaml.safe_load(draft([Sample("one", body)]).page))
    (tmp_path / "one").write_bytes(body)
    found = check(page, [tmp_path / "one"], at=NOON)
    shown = bare("".join(text_of(found)))
    readings = [document.reading for one in found.files[0].transmissions for document in one.documents]
    assert readings
    missing = {f"{name} {value}" for reading in readings for name, value in leaves("", reading) if value not in shown}
    assert missing == set()


def leaves(name: str, value: object) -> Iterator[tuple[str, str]]:
    """Yield every value with the name of its field, as it is printed and without blanks."""
    if name in SAID_BY_ITS_MEANING | SAID_BY_THE_TRANSMISSION or value is None:
        return
    if isinstance(value, BaseModel):
        for field, inner in value:
            yield from leaves(field, inner)
    elif isinstance(value, dict):
        for field, inner in value.items():
            yield from leaves(str(field), inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from leaves(name, inner)
    else:
        yield name, bare(written(value))


def written(value: object) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    return value.isoformat(" ", "minutes") if isinstance(value, datetime) else str(value)


def bare(text: str) -> str:
    return "".join("".join(mark if mark.isprintable() else "?" for mark in text).split())

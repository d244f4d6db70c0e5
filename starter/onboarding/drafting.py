"""A partner's page deduced from its sample documents alone, with a question wherever a person must decide."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from adapters.partners import Language
from domain.identifiers import Code
from starter.onboarding.deducing import Deduced, Sample
from starter.onboarding.drafting_cxml import draft_cxml
from starter.onboarding.drafting_fhir import draft_fhir
from starter.onboarding.drafting_hl7 import draft_hl7
from starter.onboarding.drafting_ubl import draft_ubl
from starter.onboarding.drafting_x12 import draft_x12
from starter.onboarding.page import Entry, questions, written
from starter.onboarding.recognising import language_of

DRAFTERS: dict[Language, Callable[[Sequence[Sample]], Deduced]] = {
    Language.X12: draft_x12,
    Language.UBL: draft_ubl,
    Language.CXML: draft_cxml,
    Language.HL7: draft_hl7,
    Language.FHIR: draft_fhir,
}
"""Who deduces what, by language."""
LONGEST_CODE = 40
_CODE: TypeAdapter[str] = TypeAdapter(Code)


class NothingDeducedError(Exception):
    """No page can be drafted from the samples: why."""


@dataclass(frozen=True)
class Draft:
    """A page, and what is to be decided before it is used."""

    code: str
    language: Language
    page: str
    questions: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    """Files that are of another language, or of none."""


def draft(
    samples: Sequence[Sample], *, code: str | None = None, supplier: str | None = None, language: Language | None = None
) -> Draft:
    """Return the page the samples suggest. Raises NothingDeducedError."""
    spoken = {sample: language_of(sample.body) for sample in samples}
    chosen = language or _most_common([found for found in spoken.values() if found is not None])
    if chosen is None:
        raise NothingDeducedError("none of the files is X12, UBL, cXML, HL7, FHIR or JSON")
    if chosen not in DRAFTERS:
        known = ", ".join(DRAFTERS)
        raise NothingDeducedError(f"the files are {chosen}; pages are drafted for {known}, others written by hand")
    for name, given in (("code", code), ("supplier", supplier)):
        _check_code(name, given)
    used = [sample for sample in samples if spoken[sample] is chosen]
    deduced = DRAFTERS[chosen](used)
    code = code or _code(deduced.name)
    entries = _entries(deduced, chosen, code, supplier)
    return Draft(
        code=code,
        language=chosen,
        page=written(_title(chosen, used), entries),
        questions=tuple(questions(entries)),
        left_out=tuple(sample.name for sample in samples if spoken[sample] is not chosen),
    )


def _check_code(name: str, given: str | None) -> None:
    try:
        _CODE.validate_python(given or "ANY")
    except ValidationError as error:
        rule = "must be 1 to 40 ASCII letters, digits, dots, underscores and dashes, a letter or digit at both ends"
        raise NothingDeducedError(f"{name} {rule}") from error


def _entries(deduced: Deduced, language: Language, code: str, supplier: str | None) -> list[Entry]:
    decide = "the code of this supplier in the ERP" if supplier is None else ""
    speaks_for = Entry("supplier", supplier or code.upper(), check=decide)
    if deduced.kind == "inventory":
        speaks_for = Entry("facilities", ["FACILITY"], check="our codes of the facilities whose stock it keeps")
    return [
        Entry("code", code, check="how we call it; the last part of its address at our gateway, and this file's name"),
        Entry("kind", deduced.kind),
        speaks_for,
        *([Entry("name", deduced.name)] if deduced.name else []),
        Entry("language", language.value),
        *deduced.entries,
        *_transport(code),
    ]


def _transport(code: str) -> list[Entry]:
    """A transport that needs no address and no secret, so that the page can be checked at once."""
    places = {name: f"/srv/partners/{code}/{name}" for name in ("outbox", "inbox", "archive", "refused")}
    decide = (
        "how documents travel: sftp, as2, https or folder, with its address, its secrets as env:NAME or file:/path "
        "(docs/partner-profiles.md); this folder stands in until then"
    )
    return [
        Entry("transport", check=decide, inside=(Entry("kind", "folder"), *(Entry(*place) for place in places.items())))
    ]


def _title(language: Language, used: Sequence[Sample]) -> tuple[str, ...]:
    count = f"{len(used)} sample files" if len(used) > 1 else "one sample file"
    return (
        f"Drafted from {count} of {language}: what the samples say is filled in.",
        "Decide every line marked check, then read the samples with it: p2p partner check PAGE FILES",
    )


def _most_common(found: Sequence[Language]) -> Language | None:
    return Counter(found).most_common(1)[0][0] if found else None


def _code(name: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower())[:LONGEST_CODE].strip("-")
    return plain or "partner"

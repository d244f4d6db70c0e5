"""Samples read for a draft, and the draft put where it is wanted."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from starter.onboarding.deducing import Sample
from starter.onboarding.drafting import Draft


def samples_of(files: Sequence[Path]) -> tuple[list[Sample], list[str]]:
    """Return the samples, and what is wrong with files that cannot be read."""
    samples, problems = [], []
    for path in files:
        try:
            samples.append(Sample(str(path), path.read_bytes()))
        except OSError as error:
            problems.append(f"{path}: {error.strerror}")
    return samples, problems


def as_document(draft: Draft) -> dict[str, Any]:
    """Return a draft for programs."""
    return {
        "code": draft.code,
        "language": draft.language.value,
        "page": draft.page,
        "questions": draft.questions,
        "left_out": draft.left_out,
    }


def put(page: str, out: Path) -> None:
    """Write a page where there is none yet. Raises OSError."""
    with out.open("x", encoding="utf-8") as file:
        file.write(page)

"""Real documents that lie beside the project: read in place where they are, never copied."""

import json
from pathlib import Path
from typing import Any


def samples(language: str) -> tuple[Path, ...]:
    """Return the sample documents of a language, none where the folder is absent."""
    for folder in Path(__file__).resolve().parents:
        place = folder / "shared" / "samples" / language
        if place.is_dir():
            found = (path for path in place.rglob("*") if path.is_file() and not path.name.endswith(".facts.json"))
            return tuple(sorted(found))
    return ()


def facts_of(path: Path) -> Any:
    """Return the business facts known of a sample, or None."""
    beside = path.with_name(path.name + ".facts.json")
    return json.loads(beside.read_text()) if beside.exists() else None

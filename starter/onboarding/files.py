"""Which files a person means: names, folders and patterns."""

import glob
from collections.abc import Iterator, Sequence
from pathlib import Path


def files_of(names: Sequence[str]) -> tuple[Path, ...]:
    """Return the files, each once, as they were named; what does not exist is returned as it is, to be reported."""
    return tuple(dict.fromkeys(path for name in names for path in _files(name)))


def _files(name: str) -> Iterator[Path]:
    path = Path(name)
    if path.is_dir():
        yield from sorted(found for found in path.rglob("*") if _is_sample(found.relative_to(path), found))
    elif path.exists() or not glob.has_magic(name):
        yield path
    else:
        found = sorted(Path(match) for match in glob.glob(name, recursive=True) if Path(match).is_file())  # noqa: PTH207 - a pattern may be absolute
        yield from found or [path]


def _is_sample(inside: Path, path: Path) -> bool:
    """Hidden files and folders are nobody's samples."""
    return path.is_file() and not any(part.startswith(".") for part in inside.parts)

"""Partners' pages held against their rules, each problem by file, field and rule."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml
from pydantic import ValidationError

from adapters.partners import PartnerProfile
from domain.document import Document


class Problem(Document):
    """What is wrong with a page. `field` is empty where it is the whole file."""

    file: str
    field: str = ""
    rule: str

    def __str__(self) -> str:
        return f"{self.file}: {self.field or 'the file'}: {self.rule}"


def pages_of(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Return the pages: files as they are named, of a folder its YAML files or those of its folder `partners`."""
    return tuple(dict.fromkeys(page for path in paths for page in _pages(path)))


def problems_of(pages: Sequence[Path]) -> tuple[Problem, ...]:
    """Return everything that is wrong with the pages, each by itself and beside the others."""
    found: list[Problem] = []
    codes: dict[str, Path] = {}
    for path in pages:
        try:
            profile = PartnerProfile.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
            found.extend(_problems(path, error))
            continue
        first = codes.setdefault(profile.code, path)
        if first != path:
            found.append(Problem(file=str(path), field="code", rule=f"is used by {first.name} already"))
    return tuple(found)


def _pages(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    folder = path / "partners" if (path / "partners").is_dir() else path
    yield from sorted(folder.glob("*.yaml"))


def _problems(path: Path, error: OSError | UnicodeDecodeError | yaml.YAMLError | ValidationError) -> Iterator[Problem]:
    if isinstance(error, ValidationError):
        for fault in error.errors(include_url=False, include_input=False, include_context=False):
            field = ".".join(map(str, fault["loc"]))
            yield Problem(file=str(path), field=field, rule=fault["msg"].removeprefix("Value error, "))
    elif isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        yield Problem(file=str(path), field=f"line {error.problem_mark.line + 1}", rule=f"is not YAML: {error.problem}")
    elif isinstance(error, OSError):
        yield Problem(file=str(path), rule=f"cannot be read: {error.strerror}")
    else:
        yield Problem(file=str(path), rule="must be YAML in UTF-8")

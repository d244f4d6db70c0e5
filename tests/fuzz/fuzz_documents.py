"""Coverage-guided fuzzing of the readers: `python tests/fuzz/fuzz_documents.py --seconds 600 x12|ubl|cxml|hl7|hibc`.

Needs atheris, which the tests do not: `pip install atheris` in an environment of its own, with the project's packages
to be seen. Whatever a reader raises but BadDocumentError is a finding: the input is kept and shown. Two processes at
most, so that the machine stays usable.
"""

import argparse
import importlib
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

Read = Callable[[bytes], object]
LONGEST = 16_384


@dataclass(frozen=True)
class Target:
    """A reader and where it is: its module, the function, the options it wants, and what it is seeded with."""

    module: str
    function: str = "read"
    options: str = ""
    """`module:Class` of the options, made without arguments."""
    seeds: str = ""
    """`module:NAME` of documents, a mapping or sequence of text or bytes."""
    only: str = ""
    """Which packages coverage is measured in."""

    def reader(self) -> Read:
        """Import the reader and return it with its options."""
        function: Callable[..., object] = getattr(importlib.import_module(self.module), self.function)
        if not self.options:
            return function
        options = _named(self.options)()
        return lambda body: function(body, options)

    def documents(self) -> list[bytes]:
        """Return the seeds, none where there are none yet."""
        found = _named(self.seeds) if self.seeds else ()
        found = found() if callable(found) else found
        documents = list(found.values()) if isinstance(found, dict) else list(found)
        return [document.encode() if isinstance(document, str) else document for document in documents]


def _named(path: str) -> Any:
    module, _, name = path.partition(":")
    return getattr(importlib.import_module(module), name)


TARGETS = {
    "x12": Target(
        module="adapters.supplier.x12.reading",
        options="adapters.supplier.x12.options:X12Options",
        seeds="tests.fuzz.seeds:x12",
        only="adapters.supplier.x12",
    ),
    "ubl": Target(
        module="adapters.supplier.ubl.reading",
        options="adapters.supplier.ubl.options:UblOptions",
        seeds="tests.fuzz.seeds:ubl",
        only="adapters.supplier.ubl",
    ),
    "cxml": Target(
        module="adapters.supplier.cxml.reading",
        options="adapters.supplier.cxml.options:CxmlOptions",
        seeds="tests.fuzz.seeds:cxml",
        only="adapters.supplier.cxml",
    ),
    "hl7": Target(
        module="adapters.inventory.hl7.reading",
        options="adapters.inventory.hl7.options:Hl7Options",
        seeds="tests.fuzz.seeds:hl7",
        only="adapters.inventory.hl7",
    ),
    "hibc": Target(module="adapters.barcodes.reading", seeds="tests.fuzz.seeds:barcodes", only="adapters.barcodes"),
}


def main() -> None:
    """Fuzz one reader for so many seconds."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    asked.add_argument("--seconds", type=int, default=60)
    asked.add_argument("--corpus", type=Path, help="keep what was found to be interesting here")
    asked.add_argument("target", choices=sorted(TARGETS))
    chosen = asked.parse_args()
    try:
        atheris: Any = importlib.import_module("atheris")
    except ModuleNotFoundError:
        sys.exit("atheris is not installed: pip install atheris")
    target = TARGETS[chosen.target]
    try:
        with atheris.instrument_imports(include=[target.only, "adapters.documents"]):
            read = target.reader()
    except ModuleNotFoundError as error:
        sys.exit(f"there is no reader of {chosen.target} yet: {error.name}")
    corpus = chosen.corpus or Path(tempfile.mkdtemp(prefix=f"fuzz-{chosen.target}-"))
    corpus.mkdir(parents=True, exist_ok=True)
    for number, document in enumerate(target.documents()):
        (corpus / f"seed-{number:03d}").write_bytes(document)
    os.chdir(corpus.parent)
    limits = [f"-max_total_time={chosen.seconds}", f"-max_len={LONGEST}", "-timeout=20", "-rss_limit_mb=1024"]
    atheris.Setup([sys.argv[0], str(corpus), *limits, "-print_final_stats=1"], _accepting(read))
    atheris.Fuzz()


def _accepting(read: Read) -> Callable[[bytes], None]:
    """Wrap a reader: to refuse a document is its right."""
    bad_document: type[Exception] = _named("adapters.strict_json:BadDocumentError")

    def once(body: bytes) -> None:
        try:
            read(body)
        except bad_document:
            return

    return once


if __name__ == "__main__":
    main()

"""Coverage-guided fuzzing: `python tests/fuzz/fuzz_documents.py --seconds 600 x12|ubl|cxml|hl7|fhir|hibc`.

Needs atheris, which the tests do not: install it beside the project's packages in an environment of its own. Whatever a
reader raises but BadDocumentError stops the run: the input is kept beside the corpus, and shown. One process, one core.
"""

import argparse
import importlib
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.fuzz import seeds
from tests.fuzz.readers import READERS, Read

LONGEST = 16_384
LIMITS = [f"-max_len={LONGEST}", "-timeout=20", "-rss_limit_mb=1024", "-print_final_stats=1"]


def main() -> None:
    """Fuzz one reader for so many seconds."""
    asked = argparse.ArgumentParser(description="Coverage-guided fuzzing of the readers.")
    asked.add_argument("--seconds", type=int, default=60)
    asked.add_argument("--corpus", type=Path, help="where what was found to be interesting is kept for the next run")
    asked.add_argument("target", choices=sorted(READERS))
    chosen = asked.parse_args()
    try:
        atheris: Any = importlib.import_module("atheris")
    except ModuleNotFoundError:
        sys.exit("atheris is not installed: pip install atheris")
    make, package = READERS[chosen.target]
    try:
        with atheris.instrument_imports(include=[package, "adapters.documents"]):
            read = make()
    except ModuleNotFoundError as error:
        sys.exit(f"there is no reader of {chosen.target} here: no module {error.name}")
    corpus = _seeded(chosen.corpus or Path(tempfile.mkdtemp(prefix=f"fuzz-{chosen.target}-")), chosen.target)
    os.chdir(corpus.parent)
    atheris.Setup([sys.argv[0], str(corpus), f"-max_total_time={chosen.seconds}", *LIMITS], _accepting(read))
    atheris.Fuzz()


def _seeded(corpus: Path, target: str) -> Path:
    corpus = corpus.resolve()
    corpus.mkdir(parents=True, exist_ok=True)
    for number, document in enumerate(getattr(seeds, target)()):
        (corpus / f"seed-{number:03d}").write_bytes(document)
    return corpus


def _accepting(read: Read) -> Callable[[bytes], None]:
    """Wrap a reader: to refuse a document is its right."""
    from adapters.bad_document import BadDocumentError  # noqa: PLC0415 - after the instrumented imports

    def once(body: bytes) -> None:
        try:
            read(body)
        except BadDocumentError:
            return

    return once


if __name__ == "__main__":
    main()

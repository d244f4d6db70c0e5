"""How fast X12 is read, and in how much memory: `python -m tests.benchmarks.x12 [SEGMENTS]`.

Interchanges are made while they are read, piece by piece, so that what is measured is the reader's memory alone. The
codec is the tokenizer and the envelope; a full reading adds the grammar, the meaning and the document's own model.
"""

import resource
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator

from adapters.supplier.x12.envelope import TransactionSet, read_sets
from adapters.supplier.x12.options import X12Options
from adapters.supplier.x12.reading import ReadSet, read_parts

LINES_OF_A_SET = 23
USUAL, LARGE = 100_000, 1_000_000
HEAD = (
    "ISA*00*          *00*          *ZZ*MEDL           *ZZ*HOSP           *261126*0915*U*00401*000000001*0*P*>~\n"
    "GS*PR*MEDL*HOSP*20261126*0915*1*X*004010~\n"
)


def answers(segments: int) -> Iterator[bytes]:
    """Yield an interchange of order answers, each of about a hundred segments."""
    yield HEAD.encode()
    sets = max(1, segments // (4 * LINES_OF_A_SET + 8))
    for number in range(1, sets + 1):
        yield _answer(number).encode()
    yield f"GE*{sets}*1~\nIEA*1*000000001~\n".encode()


def one_answer(segments: int) -> Iterator[bytes]:
    """Yield an interchange with one set of so many segments."""
    yield (HEAD + "ST*855*0001~\nBAK*00*AC*PO-1*20261120~\n").encode()
    lines = segments // 4
    for line in range(1, lines + 1):
        yield _line(line).encode()
    yield f"SE*{4 * lines + 3}*0001~\nGE*1*1~\nIEA*1*000000001~\n".encode()


def _answer(number: int) -> str:
    lines = "".join(_line(line) for line in range(1, LINES_OF_A_SET + 1))
    header = f"ST*855*{number:06d}~\nBAK*00*AC*PO-{number}*20261120****SO-{number}*20261121~\nCUR*SE*USD~\n"
    parties = "REF*IA*12345~\nN1*SE*Midland Medical Supply*92*MEDL~\nN1*ST*North Hospital*UL*0614141000036~\n"
    trailer = f"CTT*{LINES_OF_A_SET}~\nSE*{4 * LINES_OF_A_SET + 8}*{number:06d}~\n"
    return header + parties + lines + trailer


def _line(number: int) -> str:
    return (
        f"PO1*{number}*10*BX*12.50*PE*VP*GLV-{number}*UK*10614141000415~\n"
        "PID*F****Gloves, nitrile, medium, powder free~\n"
        "ACK*IA*6*BX*067*20261201~\nACK*IB*4*BX*067*20261215~\n"
    )


def tokenized(chunks: Iterator[bytes]) -> int:
    """Return how many segments the tokenizer and the envelope find."""
    return sum(len(part.segments) for part in read_sets(chunks) if isinstance(part, TransactionSet))


def understood(chunks: Iterator[bytes]) -> int:
    """Return how many segments are in the sets that are read to the end."""
    parts = read_parts(chunks, X12Options())
    return sum(len(part.source.segments) for part in parts if isinstance(part, ReadSet))


def measure(
    name: str, read: Callable[[Iterator[bytes]], int], make: Callable[[int], Iterator[bytes]], size: int
) -> None:
    """Print segments a second of a file that is already there, then the most memory while it is made and read."""
    chunks = list(make(size)) if size <= USUAL else None
    began = time.process_time()
    found = read(iter(chunks) if chunks else make(size))
    seconds = time.process_time() - began
    tracemalloc.start()
    read(make(size))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    rate = f"{found / seconds:>9,.0f} segments/s" if chunks else f"{seconds:>5.1f} s with making it"
    print(f"{name:<34} {found:>9,} segments  {rate:>24}  peak {most / 1e6:6.1f} MB")


def main() -> None:
    """Measure the codec and full readings, of many sets and of one."""
    large = int(sys.argv[1]) if len(sys.argv) > 1 else LARGE
    measure("codec, many sets", tokenized, answers, USUAL)
    measure("codec, many sets", tokenized, answers, large)
    measure("codec, one set (kept up to a limit)", tokenized, one_answer, large)
    measure("full readings, many sets", understood, answers, USUAL)
    measure("full readings, one set", understood, one_answer, USUAL)
    print(f"peak resident memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()

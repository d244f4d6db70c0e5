"""The fuzzing harness, without its engine: seeds that are read, and readers that are found."""

import pytest

from tests.fuzz import seeds
from tests.fuzz.readers import READERS


def test_every_seed_of_x12_is_read() -> None:
    make, _ = READERS["x12"]
    read = make()

    assert len(seeds.x12()) > 20
    assert all(read(document) for document in seeds.x12())


@pytest.mark.parametrize("target", sorted(READERS))
def test_every_reader_has_seeds_or_is_not_here_yet(target: str) -> None:
    assert all(isinstance(document, bytes) for document in getattr(seeds, target)())

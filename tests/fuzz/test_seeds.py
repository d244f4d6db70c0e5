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
def test_every_reader_begins_with_documents_it_understands(target: str) -> None:
    make, _ = READERS[target]
    read = make()
    documents = getattr(seeds, target)()
    assert len(documents) > 1
    assert all(read(document) for document in documents)

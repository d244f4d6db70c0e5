"""Ids of transmissions and documents: readable where they can be, distinct always, fit for addresses and keys."""

import re

from hypothesis import given
from hypothesis import strategies as st

from adapters.documents.channel import plain_id


def test_plain_names_stay_as_they_are() -> None:
    assert plain_id("isa", "000000042", "1", "855", "0001") == "isa-000000042-1-855-0001"
    assert plain_id("cxml", "1234@opus.example") == "cxml-1234@opus.example"


def test_content_tells_documents_apart_that_their_names_do_not() -> None:
    assert plain_id("isa", content=b"one") != plain_id("isa", content=b"two")


@given(st.lists(st.text(max_size=200), min_size=1, max_size=4))
def test_an_id_is_short_and_plain_whatever_a_partner_calls_its_document(names: list[str]) -> None:
    made = plain_id("ubl", *names)
    assert re.fullmatch(r"[A-Za-z0-9._@-]{1,120}", made)
    assert made == plain_id("ubl", *names)


@given(st.text(min_size=1, max_size=200), st.text(min_size=1, max_size=200))
def test_two_names_are_never_one_id(one: str, other: str) -> None:
    assert (plain_id("ubl", one) == plain_id("ubl", other)) == (one == other)

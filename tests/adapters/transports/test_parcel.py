"""A parcel's name is safe anywhere, and differs wherever its key does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.transports.parcel import LONGEST_KEY, Parcel, file_name_of, is_code, is_safe_name

KEYS = st.text(min_size=1, max_size=LONGEST_KEY)


@given(KEYS)
def test_a_name_made_of_any_key_is_safe(key: str) -> None:
    assert is_safe_name(file_name_of(key, "edi"))


@given(KEYS, KEYS)
def test_different_keys_have_different_names_on_a_file_system_without_capitals(one: str, other: str) -> None:
    names = {file_name_of(key, "edi").lower() for key in (one, other)}

    assert len(names) == len({one, other})


def test_a_name_reads_like_its_key() -> None:
    assert file_name_of("purchase-order/PO-4711/1", "edi").startswith("purchase-order-PO-4711-1-")


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../x", "a/b", "a\\b", "a:b", ".hidden", "-x", "con", "NUL.edi", "x.", "a b", "ä", "x" * 121],
)
def test_an_unsafe_name_is_no_name_of_a_parcel(name: str) -> None:
    with pytest.raises(ValueError, match="not safe"):
        Parcel(key="k", name=name, content_type="application/edi-x12", body=b"")


@pytest.mark.parametrize("key", ["", "k" * (LONGEST_KEY + 1)])
def test_a_key_is_neither_missing_nor_endless(key: str) -> None:
    with pytest.raises(ValueError, match="key"):
        Parcel(key=key, name="a.edi", content_type="application/edi-x12", body=b"")


def test_a_content_type_cannot_start_another_header() -> None:
    with pytest.raises(ValueError, match="content type"):
        Parcel(key="k", name="a.edi", content_type="text/plain\r\nX-Evil: 1", body=b"")


@pytest.mark.parametrize(
    ("code", "is_one"), [("not-x12", True), ("Not", False), ("a--b", False), ("a/b", False), ("", False)]
)
def test_a_reason_is_a_short_code(code: str, *, is_one: bool) -> None:
    assert is_code(code) is is_one

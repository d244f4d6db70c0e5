"""The partners' pages: checked when they are read, and named by file and rule where they are wrong."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from adapters.partners import load_partners
from adapters.yaml_files import ConfigurationError
from tests.adapters.events import WEBHOOKS

X12: dict[str, Any] = {
    "code": "midland",
    "kind": "supplier",
    "supplier": "MEDL",
    "language": "x12",
    "transport": {"kind": "folder", "outbox": "/srv/out"},
}
JSON: dict[str, Any] = {"code": "medl", "kind": "supplier", "supplier": "MEDL", "transport": WEBHOOKS}


def written(folder: Path, *pages: dict[str, Any]) -> Path:
    (folder / "partners").mkdir()
    for number, page in enumerate(pages):
        (folder / "partners" / f"{number}.yaml").write_text(yaml.safe_dump(page))
    return folder


@pytest.mark.parametrize(
    ("pages", "rule"),
    [
        ((X12, X12), "two pages are of partner midland"),
        ((X12, JSON), "two pages say how orders go to supplier MEDL"),
        (({**X12, "cxml": {}},), "only the page of its own language belongs here"),
        (({**X12, "language": "hl7"},), "the language of this kind of partner is one of"),
        (({**X12, "language": "cxml"},), "shared_secret"),
        (({**X12, "language": "cxml", "shared_secret": "env:X", "lines_echo_ours": False},), "lines_echo_ours"),
        (({**X12, "supplier": None},), "names the supplier it speaks for"),
        (({**JSON, "transport": X12["transport"]},), "signed both ways"),
        (({**X12, "unknown": 1},), "unknown"),
        (({**X12, "time_zone": "Chicago"},), "time_zone: .*IANA"),
        (({**X12, "kind": "inventory", "facilities": ["NORTH"], "language": "hl7"},), "case_key"),
    ],
)
def test_a_wrong_page_stops_the_start_and_is_named(
    tmp_path: Path, pages: tuple[dict[str, Any], ...], rule: str
) -> None:
    with pytest.raises(ConfigurationError, match=rule):
        load_partners(written(tmp_path, *pages))


def test_two_partners_may_speak_for_one_supplier_where_one_of_them_takes_the_orders(tmp_path: Path) -> None:
    only_in = {"kind": "folder", "inbox": "/srv/in", "archive": "/srv/archive", "refused": "/srv/refused"}
    found = load_partners(written(tmp_path, JSON, {**X12, "transport": only_in}))
    assert [partner.takes_orders for partner in found.partners] == [True, False]


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="partners is missing"):
        load_partners(tmp_path)

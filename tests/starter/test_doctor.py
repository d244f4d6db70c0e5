"""p2p doctor looks at every secret and every way to a partner, and names what is wrong."""

from pathlib import Path

import pytest

from adapters.partners import PartnerProfile, Partners
from adapters.yaml_files import ConfigurationError
from starter.cli.doctor_partners import check_secrets, reach


def a_partner(folder: Path, **changes: object) -> Partners:
    places = {name: str(folder / name) for name in ("outbox", "inbox", "archive", "refused")}
    page = {
        "code": "van",
        "kind": "supplier",
        "supplier": "MEDL",
        "language": "x12",
        "transport": {"kind": "folder", **places},
        **changes,
    }
    return Partners(partners=(PartnerProfile.model_validate(page),))


async def test_a_missing_secret_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="OPUS_SHARED is not set"):
        await check_secrets(a_partner(tmp_path, language="cxml", shared_secret="env:OPUS_SHARED"))


async def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="van: its folder does not answer"):
        await reach(a_partner(tmp_path / "nowhere"))


async def test_what_is_in_order_is_counted(tmp_path: Path) -> None:
    for name in ("outbox", "inbox", "archive", "refused"):
        (tmp_path / name).mkdir()
    partners = a_partner(tmp_path)
    await check_secrets(partners)
    assert await reach(partners) == 1

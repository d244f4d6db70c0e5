"""The pages that integrators copy: every example loads, and every field is explained."""

import re
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel

from adapters.documents.correspondents import Correspondent
from adapters.partners import PartnerProfile
from adapters.supplier.cxml.options import CxmlOptions
from adapters.supplier.ubl.options import UblOptions
from adapters.supplier.x12.options import X12Options

GUIDE = (Path(__file__).resolve().parents[3] / "docs" / "partner-profiles.md").read_text(encoding="utf-8")
EXAMPLES = [block for block in re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL) if block.startswith("code:")]


def test_every_page_of_the_guide_loads() -> None:
    pages = [PartnerProfile.model_validate(yaml.safe_load(block)) for block in EXAMPLES]
    assert [page.language.value for page in pages][:1] == ["x12"]


@pytest.mark.parametrize("model", [PartnerProfile, Correspondent, X12Options, UblOptions, CxmlOptions])
def test_every_field_of_a_page_is_explained(model: type[BaseModel]) -> None:
    explained = set(re.findall(r"`([a-z0-9_]+)`", GUIDE))
    assert set(model.model_fields) - explained == set()

"""What the page shows can be written in a configuration file as it stands."""

import re
from pathlib import Path

import yaml
from pydantic import TypeAdapter

from adapters.transports.options import Transport

PAGE = Path(__file__).parents[3] / "docs" / "transports.md"


def test_every_example_is_a_transport_and_every_kind_has_one() -> None:
    examples = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    adapter: TypeAdapter[Transport] = TypeAdapter(Transport)
    transports = [adapter.validate_python(yaml.safe_load(example)) for example in examples]

    assert [transport.kind for transport in transports] == ["https", "as2", "sftp", "folder"]

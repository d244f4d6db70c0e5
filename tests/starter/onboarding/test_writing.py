"""What we would send a partner, before anything is connected: readable by the readers of its own language."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from adapters.channels import channel_of
from adapters.documents.reading import DocumentKind
from adapters.partners import PartnerProfile
from adapters.yaml_files import ConfigurationError
from starter.cli.app import app
from starter.onboarding.writing import Sample, Subject, sample_order, written

AT = datetime(2026, 11, 26, 8, tzinfo=UTC)
PAGE = {
    "code": "midland",
    "kind": "supplier",
    "supplier": "MEDL",
    "transport": {"kind": "folder", "outbox": "/srv/out"},
    "us": {"name": "North Hospital", "ids": {"gln": "0614141000012"}},
    "them": {"name": "Midland", "ids": {"gln": "0614141000029"}},
}
LANGUAGES: dict[str, dict[str, object]] = {
    "x12": {"x12": {"wants_remittance_advice": True}},
    "ubl": {},
    "cxml": {"shared_secret": "env:NOT_SET"},
}
KINDS = {
    Sample.ORDER: DocumentKind.PURCHASE_ORDER,
    Sample.CHANGE: DocumentKind.PURCHASE_ORDER_CHANGE,
    Sample.CANCELLATION: DocumentKind.PURCHASE_ORDER_CANCELLATION,
}


def a_page(language: str) -> PartnerProfile:
    return PartnerProfile.model_validate({**PAGE, "language": language, **LANGUAGES[language]})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sample", KINDS)
def test_every_order_document_reads_back_as_what_it_is(language: str, sample: Sample) -> None:
    page = a_page(language)
    body = written(page, sample, Subject(sample_order(page)), AT)
    channel = channel_of(page)
    assert channel is not None
    [reading] = channel.read(body)
    assert (reading.kind, reading.po_number) == (KINDS[sample], "PO-000001")
    if sample is not Sample.CANCELLATION:
        assert [str(line.quantity.value) for line in reading.lines if line.quantity] == ["20", "3"]


def test_a_remittance_and_an_acknowledgement_are_written_where_the_page_wants_them() -> None:
    page = a_page("x12")
    subject = Subject(sample_order(page))
    assert b"ST*820*" in written(page, Sample.REMITTANCE, subject, AT)
    theirs = written(page, Sample.ORDER, subject, AT).replace(
        b"SUPPLYLINE     *ZZ*PARTNER   ", b"PARTNER        *ZZ*SUPPLYLINE"
    )
    assert b"ST*997*" in written(page, Sample.ACKNOWLEDGEMENT, Subject(subject.order, theirs), AT)
    with pytest.raises(ConfigurationError, match="is sent no remittance"):
        written(a_page("ubl"), Sample.REMITTANCE, subject, AT)
    with pytest.raises(ConfigurationError, match="tell the supplier yourself"):
        written(page, Sample.INVOICE_REJECTION, subject, AT)


def test_the_command_writes_a_file_or_says_what_the_page_lacks(tmp_path: Path) -> None:
    page, out = tmp_path / "page.yaml", tmp_path / "order.x12"
    page.write_text(yaml.safe_dump({**PAGE, "language": "x12"}))
    assert CliRunner().invoke(app, ["partner", "write", str(page), "--out", str(out)]).exit_code == 0
    assert out.read_bytes().startswith(b"ISA*00*")
    lacking = {**PAGE, "language": "ubl", "us": {"name": "North Hospital"}}
    page.write_text(yaml.safe_dump(lacking))
    refused = CliRunner().invoke(app, ["partner", "write", str(page)])
    assert refused.exit_code == 2
    assert "EndpointID" in refused.output

"""Schemas and schematron of a profile's own, as small as can be."""

import subprocess
import sys
from pathlib import Path

import pytest

from adapters.supplier.ubl.options import UblOptions
from adapters.supplier.ubl.reading import read
from adapters.supplier.ubl.rules import RulesNotInstalledError
from tests.adapters.ubl.documents import document

STATEMENT = document("Statement", "<cbc:ID>S-1</cbc:ID><cbc:Note>one</cbc:Note><cbc:Note>secret</cbc:Note>")
MAIN = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified"
  targetNamespace="urn:oasis:names:specification:ubl:schema:xsd:Statement-2"
  xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <xs:import namespace="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
    schemaLocation="../common/basic.xsd"/>
  <xs:element name="Statement"><xs:complexType><xs:sequence>
    <xs:element ref="cbc:ID"/><xs:element ref="cbc:IssueDate" minOccurs="{}"/><xs:element ref="cbc:Note" maxOccurs="2"/>
  </xs:sequence></xs:complexType></xs:element></xs:schema>"""
BASIC = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified"
  targetNamespace="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <xs:element name="ID" type="xs:string"/><xs:element name="IssueDate" type="xs:date"/>
  <xs:element name="Note" type="xs:string"/></xs:schema>"""
STYLESHEET = """<xsl:stylesheet version="2.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
  xmlns:svrl="http://purl.oclc.org/dsdl/svrl"
  xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <xsl:template match="/"><svrl:schematron-output>
    <xsl:if test="count(//cbc:Note) gt 1"><svrl:failed-assert id="OUR-1" flag="fatal"
      location="/*:Statement[namespace-uri()='urn:oasis:names:specification:ubl:schema:xsd:Statement-2'][1]/*:Note[namespace-uri()='urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2'][2]">
      <svrl:text>One   note is enough.</svrl:text></svrl:failed-assert></xsl:if>
    <xsl:if test="not(//cbc:IssueDate)"><svrl:failed-assert id="OUR-2" flag="warning"
      location="/Q{{urn:oasis:names:specification:ubl:schema:xsd:Statement-2}}Statement[1]">
      <svrl:text>A date would be kind.</svrl:text></svrl:failed-assert></xsl:if>
    <xsl:if test="//cbc:ID = 'crash'"><xsl:value-of select="number(//cbc:ID) idiv 0"/></xsl:if>
  </svrl:schematron-output></xsl:template></xsl:stylesheet>"""


def schemas(folder: Path, *, date_needed: int) -> UblOptions:
    for name, text in (("maindoc/UBL-Statement-2.1.xsd", MAIN.format(date_needed)), ("common/basic.xsd", BASIC)):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    return UblOptions(schemas=folder)


def schematron(folder: Path, text: str = STYLESHEET) -> UblOptions:
    path = folder / "statement.xslt"
    path.write_text(text)
    return UblOptions(schematron={"Statement": (path,)})


def found(body: bytes, options: UblOptions) -> list[tuple[str, str, str, str]]:
    [reading] = read(body, options)
    told = [one for one in reading.findings if one.code != "document"]
    return [(str(one.severity), one.code, one.position, one.message) for one in told]


def test_a_document_its_schema_allows_has_no_findings(tmp_path: Path) -> None:
    assert found(STATEMENT, schemas(tmp_path, date_needed=0)) == []


def test_what_a_schema_does_not_allow_is_an_error_at_its_place(tmp_path: Path) -> None:
    [(severity, code, position, message)] = found(STATEMENT, schemas(tmp_path, date_needed=1))
    assert (severity, code, position) == ("error", "SCHEMAV_ELEMENT_CONTENT", "/Statement/cbc:Note[1]")
    assert message == "is not as the schema wants it: expected is ( IssueDate )"


def test_a_kind_of_document_without_a_schema_is_not_judged(tmp_path: Path) -> None:
    assert found(document("Tender", "<cbc:ID>1</cbc:ID>"), schemas(tmp_path, date_needed=1)) == []


def test_a_schema_that_cannot_be_read_is_said_to_be_so(tmp_path: Path) -> None:
    options = schemas(tmp_path, date_needed=1)
    (tmp_path / "maindoc/UBL-Statement-2.1.xsd").write_text("<not-a-schema/>")
    with pytest.raises(RulesNotInstalledError, match="cannot be read"):
        found(STATEMENT, options)


def test_what_a_schematron_asserts_in_vain_is_found_with_its_flag_and_place(tmp_path: Path) -> None:
    pytest.importorskip("saxonche")
    assert found(STATEMENT, schematron(tmp_path)) == [
        ("error", "OUR-1", "/Statement/cbc:Note[2]", "One note is enough."),
        ("warning", "OUR-2", "/Statement", "A date would be kind."),
    ]


def test_a_document_a_schematron_stumbles_over_is_an_error(tmp_path: Path) -> None:
    pytest.importorskip("saxonche")
    [(severity, code, *_)] = found(STATEMENT.replace(b"S-1", b"crash"), schematron(tmp_path))
    assert (severity, code) == ("error", "schematron")


def test_a_schematron_that_is_not_there_or_not_compiled_is_said_to_be_so(tmp_path: Path) -> None:
    pytest.importorskip("saxonche")
    with pytest.raises(RulesNotInstalledError, match="no such file"):
        found(STATEMENT, UblOptions(schematron={"Statement": (tmp_path / "missing.xslt",)}))
    with pytest.raises(RulesNotInstalledError, match="does not compile"):
        found(STATEMENT, schematron(tmp_path, "<schema/>"))


def test_a_schematron_without_its_processor_says_what_to_install(tmp_path: Path) -> None:
    schematron(tmp_path)
    (tmp_path / "statement.xml").write_bytes(STATEMENT)
    run = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", WITHOUT_SAXON, str(tmp_path)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert (
        run.stdout.strip() == "schematron is configured, and saxonche is not installed: install the extra `schematron`"
    )


ROOT = Path(__file__).parents[3]
WITHOUT_SAXON = """
import sys
from pathlib import Path
sys.modules["saxonche"] = None
from adapters.supplier.ubl.options import UblOptions
from adapters.supplier.ubl.reading import read
from adapters.supplier.ubl.rules import RulesNotInstalledError
folder = Path(sys.argv[1])
try:
    options = UblOptions(schematron={"Statement": (folder / "statement.xslt",)})
    read((folder / "statement.xml").read_bytes(), options)
except RulesNotInstalledError as error:
    print(error)
"""

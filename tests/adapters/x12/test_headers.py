"""Envelopes as they should not be: still kept by themselves, still answered."""

from datetime import UTC, datetime

import pytest

from adapters.documents.channel import Envelope
from adapters.documents.correspondents import Correspondent, Correspondents
from adapters.documents.outbox import ControlNumbers
from adapters.supplier.x12.channel import X12Channel
from adapters.supplier.x12.options import X12Options
from adapters.supplier.x12.reading import read

WHO = Correspondents(us=Correspondent(name="North Hospital"), them=Correspondent(name="Midland"), places={})
OPTIONS = X12Options(their_id="MIDLAND", our_id="NORTHHOSP")
NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
ANSWER = "ST*855*0001~BAK*00*AD*PO-000001*20261126~PO1*1*20*BX*1.1**VP*M-GLV-M~ACK*IA*20*BX~CTT*1~SE*6*0001~"


def interchange(*, control: str = "000000001", note: str = "0", version: str = "004010", last: str = ">") -> bytes:
    who = "ZZ*MIDLAND        *ZZ*NORTHHOSP      "
    isa = f"ISA*00*          *00*          *{who}*261126*0800*U*00401*{control}*{note}*P*{last}~"
    group = f"GS*PR*MIDLAND*NORTHHOSP*20261126*0800*1*X*{version}~{ANSWER}GE*1*1~"
    return f"{isa}{group}IEA*1*{control}~".encode("latin-1")


def received(body: bytes) -> Envelope:
    [envelope] = X12Channel("edi", OPTIONS, WHO).receive(body)
    return envelope


def test_a_set_under_a_header_without_isa16_can_be_read_again_by_itself() -> None:
    body = interchange(last="").replace(b"~", b"~\n")
    [part] = received(body).parts
    assert read(part.body, OPTIONS) == read(body, OPTIONS)


@pytest.mark.parametrize("version", ["\x80004010", "", "4010", "004010~ST"])
def test_a_group_of_a_release_nobody_can_write_is_acknowledged_in_our_own(version: str) -> None:
    [answer] = received(interchange(version=version)).answers
    [reading] = read(answer.write(ControlNumbers(1, 1), NOON), OPTIONS)
    assert reading.language == "x12 997 004010"


def test_an_interchange_note_repeats_a_control_number_without_what_is_not_ascii() -> None:
    note, _ = received(interchange(control="00000000\x80", note="1")).answers
    assert b"~TA1*00000000*261126*0800*A*000~" in note.write(ControlNumbers(1, 1), NOON)

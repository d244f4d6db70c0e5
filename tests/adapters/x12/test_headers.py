"""Envelopes as they should not be: still kept by themselves."""

from adapters.documents.channel import Envelope
from adapters.documents.correspondents import Correspondent, Correspondents
from adapters.supplier.x12.channel import X12Channel
from adapters.supplier.x12.options import X12Options
from adapters.supplier.x12.reading import read

WHO = Correspondents(us=Correspondent(name="North Hospital"), them=Correspondent(name="Midland"), places={})
OPTIONS = X12Options(their_id="MIDLAND", our_id="NORTHHOSP")
ANSWER = "ST*855*0001~BAK*00*AD*PO-000001*20261126~PO1*1*20*BX*1.1**VP*M-GLV-M~ACK*IA*20*BX~CTT*1~SE*6*0001~"


def interchange(*, last: str = ">") -> bytes:
    who = "ZZ*MIDLAND        *ZZ*NORTHHOSP      "
    isa = f"ISA*00*          *00*          *{who}*261126*0800*U*00401*000000001*0*P*{last}~"
    group = f"GS*PR*MIDLAND*NORTHHOSP*20261126*0800*1*X*004010~{ANSWER}GE*1*1~"
    return f"{isa}{group}IEA*1*000000001~".encode("latin-1")


def received(body: bytes) -> Envelope:
    [envelope] = X12Channel("edi", OPTIONS, WHO).receive(body)
    return envelope


def test_a_set_under_a_header_without_isa16_can_be_read_again_by_itself() -> None:
    body = interchange(last="").replace(b"~", b"~\n")
    [part] = received(body).parts
    assert read(part.body, OPTIONS) == read(body, OPTIONS)

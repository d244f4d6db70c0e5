"""The functional acknowledgements of the X12 supplier, and what it makes of ours."""

from adapters.documents.channel import OrderMessageKind
from adapters.documents.outbox import ControlNumbers
from adapters.supplier.x12.channel import X12Channel
from adapters.supplier.x12.options import X12Options
from sandbox.partners import edi
from sandbox.partners.edi import Names
from sandbox.partners.trading import Behaviour, answer_of
from tests.sandbox.trades import NOW, TODAY, WHO, a_message, what_was_ordered

NUMBERS = ControlNumbers(interchange=41, group=41, transaction_set=1)
CHANNEL = X12Channel("heartland", X12Options(their_id="HLIN"), WHO)


def said(code: str, body: list[edi.Segment]) -> str:
    return edi.interchange(code, body, Names("HLIN", "SUPPLYLINE"), 5, NOW)


def test_our_group_is_confirmed_under_its_own_number() -> None:
    ours = CHANNEL.draft(OrderMessageKind.ORDER, a_message()).write(NUMBERS, NOW)
    (reading,) = CHANNEL.read(said("997", edi.functional(edi.read(ours.decode()))).encode())
    assert reading.findings == ()
    assert (reading.details["acknowledged group"], reading.details["group verdict"]) == ("41", "A")
    assert [(line.number, line.raw_codes) for line in reading.lines] == [("0001", ("A",))]


def test_our_verdict_on_its_group_is_understood() -> None:
    whole = said("855", edi.acknowledgement(answer_of(what_was_ordered(), Behaviour(), TODAY), NOW))
    for document, verdict in ((whole, "A"), (edi.broken(whole), "R")):
        (envelope,) = CHANNEL.receive(document.encode())
        (answer,) = envelope.answers
        (received,) = edi.read(answer.write(NUMBERS, NOW).decode())
        assert edi.verdict_of(received) == ("5", verdict)

"""What we would send a partner, written by its page: for its own people to look at before anything is connected."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from pydantic import SecretStr

from adapters.channels import channel_of
from adapters.documents.channel import Channel, NoSuchMessageError, OrderMessageKind
from adapters.documents.outbox import CannotBeWrittenError, ControlNumbers, Draft
from adapters.partners import PartnerProfile
from adapters.yaml_files import ConfigurationError
from domain.ports import OrderMessage, RemittanceAdvice
from domain.purchase_order import OrderLine, PurchaseOrder
from domain.quantities import Quantity

SAMPLE_INVOICE = "INV-1"
STAND_IN = SecretStr("stand-in-for-the-secret")
NUMBERS = ControlNumbers(interchange=1, group=1)


class Sample(StrEnum):
    """What can be written."""

    ORDER = "order"
    CHANGE = "change"
    CANCELLATION = "cancellation"
    INVOICE_REJECTION = "invoice-rejection"
    REMITTANCE = "remittance"
    ACKNOWLEDGEMENT = "acknowledgement"
    """Of the partner's own documents."""


MESSAGES = {
    Sample.ORDER: (OrderMessageKind.ORDER, "placed"),
    Sample.CHANGE: (OrderMessageKind.CHANGE, "changed/1"),
    Sample.CANCELLATION: (OrderMessageKind.CANCELLATION, "cancelled"),
    Sample.INVOICE_REJECTION: (OrderMessageKind.INVOICE_REJECTION, f"invoice-rejected/{SAMPLE_INVOICE}"),
}


@dataclass(frozen=True)
class Subject:
    """What a sample is about: an order, or bytes of the partner that are to be acknowledged."""

    order: PurchaseOrder
    received: bytes = b""


def written(profile: PartnerProfile, sample: Sample, subject: Subject, at: datetime) -> bytes:
    """Return the bytes, under the first control numbers and with stand-ins for secrets.

    Raises ConfigurationError where the page, its language or the order leave it unsaid.
    """
    channel = channel_of(profile, secret_of=lambda _: STAND_IN)
    if channel is None:
        raise ConfigurationError(f"{profile.code} is sent events, not documents: see docs/supplier-webhooks.md")
    try:
        drafts = list(_drafts(channel, sample, subject, at.date()))
        if not drafts:
            raise ConfigurationError(f"by its page, {profile.code} is sent no {sample.value}")
        return b"".join(draft.write(NUMBERS, at) for draft in drafts)
    except (NoSuchMessageError, CannotBeWrittenError) as error:
        raise ConfigurationError(str(error)) from error


def _drafts(channel: Channel, sample: Sample, subject: Subject, today: date) -> Iterator[Draft]:
    order = subject.order
    if sample is Sample.ACKNOWLEDGEMENT:
        for envelope in channel.receive(subject.received):
            yield from envelope.answers
    elif sample is Sample.REMITTANCE:
        message = OrderMessage(key=f"{order.key}/paid/{SAMPLE_INVOICE}", order=order)
        advice = RemittanceAdvice(message=message, invoice_number=SAMPLE_INVOICE, amount=order.total, paid_on=today)
        draft = channel.remittance(advice)
        yield from [draft] if draft else []
    else:
        kind, step = MESSAGES[sample]
        message = OrderMessage(key=f"{order.key}/{step}", order=order, reason="A sample, not an order")
        yield channel.draft(kind, message, invoice_number=SAMPLE_INVOICE)


def sample_order(profile: PartnerProfile) -> PurchaseOrder:
    """Return an order of two lines, in boxes and single units, for a page without one."""
    packs = {"EA": Decimal(1), "BX": Decimal(10)}
    facility = next(iter(profile.places), "NORTH")
    supplier = profile.supplier or profile.code
    lines = (("GLV-M", "M-GLV-M", "Nitrile gloves, medium", "20", "BX", "1.10"),
             ("CATH-16", "C-16FR", "Foley catheters 16 Fr", "3", "EA", "24.805"))  # fmt: skip
    return PurchaseOrder(
        key=f"RQ-000001-{supplier}",
        po_number="PO-000001",
        requisition="RQ-000001",
        facility=facility,
        deliver_to=facility,
        supplier=supplier,
        requester="sample",
        currency="USD",
        lines=tuple(
            OrderLine(
                number=number,
                item=item,
                supplier_item=theirs,
                description=description,
                quantity=Quantity(value=Decimal(many), unit=unit),
                unit_price=Decimal(price),
                packs=packs,
            )
            for number, (item, theirs, description, many, unit, price) in enumerate(lines, start=1)
        ),
    )

"""A supplier that is sent documents: each message written once, kept, and handed over as the same bytes until it is."""

from adapters.documents.channel import Channel, NoSuchMessageError, OrderMessageKind
from adapters.documents.outbox import CannotBeWrittenError, Draft, Outbox, Written
from adapters.transports.parcel import Parcel, Receipt, Sender
from domain.errors import RejectedError
from domain.ports import OrderMessage, RemittanceAdvice


class PostedSupplier:
    """`domain.ports.Supplier` for one partner that speaks X12, UBL or cXML."""

    def __init__(self, channel: Channel, outbox: Outbox, sender: Sender) -> None:
        self._channel = channel
        self._outbox = outbox
        self._sender = sender

    async def send_purchase_order(self, message: OrderMessage) -> None:
        """Place the order."""
        await self._post(OrderMessageKind.ORDER, message)

    async def send_order_change(self, message: OrderMessage) -> None:
        """Say what the order has been changed to."""
        await self._post(OrderMessageKind.CHANGE, message)

    async def send_reminder(self, message: OrderMessage) -> None:
        """Send the order once more, byte for byte: no language has a reminder, and a copy is never a second order."""
        placed = message.model_copy(update={"key": f"{message.order.key}/placed"})
        await self._hand_over(await self._written(self._draft(OrderMessageKind.ORDER, placed)))

    async def send_cancellation(self, message: OrderMessage) -> None:
        """Take the order back."""
        await self._post(OrderMessageKind.CANCELLATION, message)

    async def send_invoice_rejection(self, message: OrderMessage, invoice_number: str) -> None:
        """Say that an invoice will not be paid. Raises RejectedError where the language cannot say it."""
        await self._post(OrderMessageKind.INVOICE_REJECTION, message, invoice_number=invoice_number)

    async def send_remittance_advice(self, advice: RemittanceAdvice) -> None:
        """Say that an invoice has been paid, where the partner's page wants that said."""
        draft = self._channel.remittance(advice)
        if draft is not None:
            await self._hand_over_once(await self._written(draft))

    async def _post(self, kind: OrderMessageKind, message: OrderMessage, *, invoice_number: str = "") -> None:
        draft = self._draft(kind, message, invoice_number=invoice_number)
        await self._hand_over_once(await self._written(draft))

    async def _written(self, draft: Draft) -> Written:
        """Return the kept document. Raises RejectedError where it cannot be written: its page lacks something."""
        try:
            return await self._outbox.write(draft)
        except CannotBeWrittenError as error:
            raise RejectedError(f"{draft.kind} {draft.about} cannot be written for {draft.partner}: {error}") from error

    async def _hand_over_once(self, written: Written) -> None:
        if not written.is_sent:
            await self._hand_over(written)

    def _draft(self, kind: OrderMessageKind, message: OrderMessage, *, invoice_number: str = "") -> Draft:
        try:
            return self._channel.draft(kind, message, invoice_number=invoice_number)
        except NoSuchMessageError as error:
            raise RejectedError(str(error)) from error

    async def _hand_over(self, written: Written) -> None:
        await self._sender.send(parcel_of(written))
        await self._outbox.sent(written.key)


class JudgedSender:
    """A sender whose partner answers in its own language: only what that answer takes has been sent."""

    def __init__(self, sender: Sender, channel: Channel) -> None:
        self._sender = sender
        self._channel = channel

    async def send(self, parcel: Parcel) -> Receipt:
        """Hand a parcel over. Raises UnavailableError and RejectedError."""
        receipt = await self._sender.send(parcel)
        self._channel.judge(receipt.body)
        return receipt


def parcel_of(written: Written) -> Parcel:
    """Return a kept document as it travels."""
    return Parcel(key=written.key, name=written.name, content_type=written.content_type, body=written.body)

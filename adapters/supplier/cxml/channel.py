"""cXML as a channel: one document a body, proven by the shared secret in it, answered by a Response."""

from collections.abc import Callable, Sequence
from datetime import datetime
from http import HTTPStatus

from pydantic import SecretStr

from adapters.bad_document import BadDocumentError
from adapters.documents.channel import OrderMessageKind, Reply, plain_id
from adapters.documents.correspondents import Correspondents
from adapters.documents.outbox import ControlNumbers, Draft
from adapters.documents.reading import Reading
from adapters.documents.single import SingleDocuments
from adapters.supplier.cxml.credentials import CxmlCredentialError, check_sender
from adapters.supplier.cxml.options import CxmlOptions
from adapters.supplier.cxml.reading import read, transmission_id
from adapters.supplier.cxml.responding import respond
from adapters.supplier.cxml.writing import (
    write_invoice_rejection,
    write_order,
    write_order_cancellation,
    write_order_change,
)
from domain.errors import RejectedError, UnavailableError
from domain.identifiers import PartnerCode
from domain.ports import OrderMessage

CONTENT_TYPE = "text/xml; charset=UTF-8"
WRITERS = {
    OrderMessageKind.ORDER: write_order,
    OrderMessageKind.CHANGE: write_order_change,
    OrderMessageKind.CANCELLATION: write_order_cancellation,
}
COME_AGAIN = frozenset({"409", "560"})
"""Status codes that ask for the same document later, besides 5xx."""


class CxmlChannel(SingleDocuments):
    """`adapters.documents.channel.Channel` for one partner's cXML. `secret` is fetched when something is written."""

    def __init__(
        self, partner: PartnerCode, options: CxmlOptions, who: Correspondents, secret: Callable[[], SecretStr]
    ) -> None:
        self._partner = partner
        self._options = options
        self._who = who
        self._secret = secret

    def read(self, body: bytes) -> tuple[Reading, ...]:
        """Return what the document says. Raises BadDocumentError."""
        return read(body, self._options)

    def identity(self, reading: Reading) -> str:
        """Return the payloadID, with a digest where it alone says too little."""
        return plain_id("cxml", reading.message_id)

    def proves_itself(self, body: bytes, secrets: Sequence[SecretStr]) -> bool:
        """Return whether From and Sender are the partner's and its shared secret is one of these."""
        try:
            check_sender(body, self._options, secrets)
        except (CxmlCredentialError, BadDocumentError):
            return False
        return True

    def reply(self, body: bytes, *, status: int, text: str, at: datetime) -> Reply | None:
        """Return the Response its sender waits for."""
        code = HTTPStatus.OK if status < HTTPStatus.BAD_REQUEST else self._code(status)
        answer = respond(self._answered(body), at, int(code), options=self._options, detail=text)
        return Reply(answer, CONTENT_TYPE)

    def judge(self, answer: bytes | None) -> None:
        """Raise RejectedError or UnavailableError where the Response to a document of ours says no, or later."""
        if not answer:
            return
        try:
            code = read(answer, self._options)[0].raw_type
        except BadDocumentError:
            return
        if code.startswith("5") or code in COME_AGAIN:
            raise UnavailableError(f"{self._partner} answered {code}")
        if code.startswith("4"):
            raise RejectedError(f"{self._partner} answered {code}")

    def draft(self, kind: OrderMessageKind, message: OrderMessage, *, invoice_number: str = "") -> Draft:
        """Return an OrderRequest, or a StatusUpdateRequest about an invoice."""

        def write(_: ControlNumbers, at: datetime) -> bytes:
            if kind is OrderMessageKind.INVOICE_REJECTION:
                return write_invoice_rejection(message, invoice_number, self._options, self._secret(), at)
            return WRITERS[kind](message, self._who, self._options, self._secret(), at)

        return Draft(
            key=message.key,
            partner=self._partner,
            kind=kind.value,
            about=message.order.name,
            content_type=CONTENT_TYPE,
            suffix=".xml",
            write=write,
        )

    def _answered(self, body: bytes) -> str:
        try:
            return transmission_id(body, self._options)
        except BadDocumentError:
            return plain_id("unreadable", content=body or b"\x00")

    def _code(self, status: int) -> HTTPStatus:
        """A conflict is final here: cXML's own 409 would ask the sender to come again."""
        return HTTPStatus.NOT_ACCEPTABLE if status == HTTPStatus.CONFLICT else HTTPStatus.BAD_REQUEST

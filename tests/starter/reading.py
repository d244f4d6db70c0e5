"""How the tests' partners write: the body is the canonical document itself."""

from pydantic import TypeAdapter

from adapters.store.events import StoredEvent
from domain.order_state import PartnerDocument
from domain.par_breach import ParBreach
from domain.usage import Usage

_DOCUMENT: TypeAdapter[PartnerDocument] = TypeAdapter(PartnerDocument)


def reading_of_tests(event: StoredEvent) -> PartnerDocument | ParBreach | Usage:
    if event.kind == "par breach":
        return ParBreach.model_validate_json(event.body)
    if event.kind == "usage":
        return Usage.model_validate_json(event.body)
    return _DOCUMENT.validate_json(event.body)

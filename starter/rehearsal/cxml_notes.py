"""What a partner's cXML samples show that its page says otherwise, or that somebody has to decide."""

from collections.abc import Iterator

from adapters.supplier.cxml.amounts import CENT
from adapters.supplier.cxml.tree import Element, attribute, child, text
from adapters.supplier.cxml.values import number_of
from starter.rehearsal.cxml_templates import Template
from starter.rehearsal.hand import PLAIN

_CHARGES = ("Tax", "ShippingAmount", "SpecialHandlingAmount", "InvoiceDetailDiscount", "TotalCharges")


def notes_of(template: Template, mode: str) -> Iterator[str]:
    """Yield remarks about one sample; a plain template shows nothing of the partner."""
    if template.origin == PLAIN:
        return
    here, carrier = template.origin, child(template.root, "Request")
    written = attribute(carrier, "deploymentMode")
    if written and written.casefold() != mode:
        yield f"{here}: deploymentMode is {written}, the page {mode}, which the rehearsal wrote (in_production)"
    payload = child(carrier, template.name)
    if child(payload, "InvoiceDetailSummary") is not None:
        yield from _invoice(here, child(payload, "InvoiceDetailSummary"))
    if template.name == "ConfirmationRequest" and child(payload, "ConfirmationItem") is None:
        yield f"{here}: answers the order as a whole; how it answers lines that differ is not shown"
    if template.name == "ShipNoticeRequest" and child(payload, "ShipNoticePortion/ShipNoticeItem") is None:
        yield f"{here}: ships the order as a whole; how it names a part of it is not shown"


def _invoice(here: str, summary: Element | None) -> Iterator[str]:
    charged = [name for name in _CHARGES if (number_of(text(summary, f"{name}/Money")) or 0) >= CENT]
    if charged:
        names = ", ".join(charged)
        yield (
            f"{here}: bills charges or tax ({names}), which the rehearsal left out; such an invoice is held for "
            "accounts payable, because no order expects them"
        )

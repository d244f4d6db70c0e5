"""What a partner's UBL samples show that its page says otherwise, or that somebody has to decide."""

from collections.abc import Iterator
from decimal import Decimal

from adapters.supplier.ubl.fields import decimal_of, every, text, texts
from adapters.supplier.ubl.order_response import HEADERS
from starter.rehearsal.hand import PLAIN
from starter.rehearsal.ubl_templates import Template


def notes_of(template: Template) -> Iterator[str]:
    """Yield remarks about one sample; a plain template shows nothing of the partner."""
    if template.origin == PLAIN:
        return
    here, root = template.origin, template.root
    if template.name == "OrderResponse" and not every(root, "cac:OrderLine"):
        code = text(root, "cbc:OrderResponseCode")
        said = (
            "says only that it has the order" if code in HEADERS and HEADERS[code] is None else "answers it as a whole"
        )
        yield f"{here}: {said}; how it answers lines that differ is not shown"
    if template.name == "Invoice":
        yield from _invoice(template)


def _invoice(template: Template) -> Iterator[str]:
    root = template.root
    taxes = [decimal_of(amount) or Decimal(0) for amount in texts(root, "cac:TaxTotal/cbc:TaxAmount")]
    if any(taxes) or every(root, ".//cac:AllowanceCharge"):
        yield (
            f"{template.origin}: bills tax, charges or allowances, which the rehearsal left out (zero-rated); such an "
            "invoice is held for accounts payable, because no order expects them"
        )
    if not texts(root, "cac:OrderReference/cbc:ID") and not texts(root, ".//cac:OrderReference/cbc:ID"):
        yield f"{template.origin}: names no order (cac:OrderReference); such invoices are tied by hand"

"""The hospital's own people in Tryton: the treasury that pays, the auditor who reads the database itself."""

import json
from dataclasses import dataclass
from decimal import Decimal

from adapters.erp.tryton.client import TrytonClient
from sandbox.postgres import Postgres

LEDGER = """
SELECT coalesce(json_agg(row_to_json(line) ORDER BY line.po_number, line.number), '[]') FROM (
  SELECT p.number AS po_number, p.reference AS order_key, p.state AS order_state, party.code AS supplier,
         l.sequence AS number, product.code AS item, split_part(unit.symbol, '/', 1) AS unit,
         l.quantity::numeric AS ordered,
         (SELECT coalesce(sum(m.quantity::numeric * u.factor::numeric / unit.factor::numeric), 0)
            FROM stock_move m JOIN product_uom u ON u.id = m.unit
           WHERE m.origin = 'purchase.line,' || l.id AND m.state = 'done') AS received,
         (SELECT coalesce(sum(il.quantity::numeric), 0) FROM account_invoice_line il
            JOIN account_invoice i ON i.id = il.invoice
           WHERE il.origin = 'purchase.line,' || l.id AND i.state IN ('posted', 'paid')) AS invoiced
    FROM purchase_line l
    JOIN purchase_purchase p ON p.id = l.purchase
    JOIN party_party party ON party.id = p.party
    JOIN product_product product ON product.id = l.product
    JOIN product_uom unit ON unit.id = l.unit
   WHERE p.state <> 'cancelled') AS line
"""

INVOICES = """
SELECT coalesce(json_agg(row_to_json(invoice) ORDER BY invoice.po_number, invoice.number), '[]') FROM (
  SELECT DISTINCT p.number AS po_number, i.id AS record, i.number, i.reference, i.state,
         (SELECT sum(round(il.quantity::numeric * il.unit_price, 2)) FROM account_invoice_line il
           WHERE il.invoice = i.id) AS amount
    FROM account_invoice i
    JOIN account_invoice_line l ON l.invoice = i.id
    JOIN purchase_line pl ON l.origin = 'purchase.line,' || pl.id
    JOIN purchase_purchase p ON p.id = pl.purchase
   WHERE i.state <> 'cancelled') AS invoice
"""


@dataclass(frozen=True)
class LedgerLine:
    """One purchase line in Tryton's tables."""

    po_number: str
    order_key: str
    order_state: str
    supplier: str
    number: int
    item: str
    unit: str
    ordered: Decimal
    received: Decimal
    invoiced: Decimal


@dataclass(frozen=True)
class LedgerInvoice:
    """One supplier invoice in Tryton's tables."""

    po_number: str
    record: int
    number: str | None
    reference: str | None
    state: str
    amount: Decimal


def ledger(postgres: Postgres, database: str = "tryton") -> tuple[LedgerLine, ...]:
    """Read every purchase line from Tryton's own tables, past its RPC and past our adapter."""
    rows = json.loads(postgres.sql(LEDGER, database), parse_float=Decimal, parse_int=_number)
    return tuple(LedgerLine(**row) for row in rows)


def invoices(postgres: Postgres, database: str = "tryton") -> tuple[LedgerInvoice, ...]:
    """Read every supplier invoice from Tryton's own tables."""
    rows = json.loads(postgres.sql(INVOICES, database), parse_float=Decimal, parse_int=_number)
    return tuple(LedgerInvoice(**row) for row in rows)


async def pay(tryton: TrytonClient, record: int) -> None:
    """Pay a posted invoice in full, by Tryton's wizard."""
    method = (await tryton.find("account.invoice.payment.method", [], ["id"], limit=1))[0]["id"]
    await tryton.wizard_with_form(
        "account.invoice.pay",
        "start",
        "choice",
        {"payment_method": method},
        active_model="account.invoice",
        active_id=record,
    )


def _number(text: str) -> Decimal:
    return Decimal(text)

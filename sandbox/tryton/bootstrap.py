"""Fills a fresh Tryton over its own RPC: company, accounts, years, units, places, suppliers, items."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from adapters.erp.tryton.client import TrytonClient
from sandbox.tryton.catalogue import COMPANY, FACILITIES, ITEMS, SUPPLIERS, UNITS, CatalogueItem

Ids = dict[str, int]


async def bootstrap(tryton: TrytonClient) -> None:
    """Make the demo's hospital. Run once, on a database that has the modules and nothing else."""
    currency = await _currency(tryton)
    company = await _company(tryton, currency)
    accounts = await _accounts(tryton, company)
    for year in range(_today().year - 1, _today().year + 2):
        await _fiscal_year(tryton, company, year)
    term = await _payment(tryton, company, accounts)
    units = await _units(tryton)
    await _places(tryton)
    await _number_orders(tryton)
    suppliers = {code: await _supplier(tryton, code, name, term) for code, name in SUPPLIERS.items()}
    category = await tryton.create(
        "product.category",
        {
            "name": "Medical supplies",
            "accounting": True,
            "account_expense": accounts["expense"],
            "account_revenue": accounts["revenue"],
        },
    )
    for item in ITEMS:
        await _item(tryton, item, category=category, units=units, suppliers=suppliers, currency=currency)


async def _xml_id(tryton: TrytonClient, module: str, name: str) -> int:
    identifier: int = await tryton.model("ir.model.data", "get_id", module, name)
    return identifier


async def _currency(tryton: TrytonClient) -> int:
    known = await tryton.find("currency.currency", [["code", "=", "USD"]], ["id"])
    if known:
        return int(known[0]["id"])
    return await tryton.create(
        "currency.currency",
        {"name": "US Dollar", "code": "USD", "symbol": "$", "digits": 2, "rounding": Decimal("0.01")},
    )


async def _company(tryton: TrytonClient, currency: int) -> int:
    party = await tryton.create("party.party", {"name": COMPANY})
    form = {"party": party, "currency": currency, "timezone": "UTC"}
    await tryton.wizard("company.company.config", [("company", {}), ("add", {"company": form})])
    company = int((await tryton.find("company.company", [["party", "=", party]], ["id"]))[0]["id"])
    clerk = await tryton.create("party.party", {"name": "Supplyline"})
    employee = await tryton.create("company.employee", {"party": clerk, "company": company})
    user = (await tryton.find("res.user", [["login", "=", "admin"]], ["id"]))[0]["id"]
    await tryton.write(
        "res.user",
        [user],
        {
            "companies": [["add", [company]]],
            "company": company,
            "employees": [["add", [employee]]],
            "employee": employee,
        },
    )
    tryton.context = await tryton.call("model.res.user.get_preferences", True)  # noqa: FBT003 - Tryton's "context only"
    return company


async def _accounts(tryton: TrytonClient, company: int) -> Ids:
    template = await _xml_id(tryton, "account", "account_template_root_en")
    chart = {"company": company, "account_template": template}
    session, _, _ = await tryton.call("wizard.account.create_chart.create")
    forms: dict[str, Any] = {}
    await tryton.call("wizard.account.create_chart.execute", session, forms, "account")
    forms["account"] = chart
    await tryton.call("wizard.account.create_chart.execute", session, forms, "create_account")
    accounts = {kind: await _account(tryton, company, kind) for kind in ("receivable", "payable", "revenue", "expense")}
    forms["properties"] = {
        "company": company,
        "account_receivable": accounts["receivable"],
        "account_payable": accounts["payable"],
        "category_account_expense": accounts["expense"],
        "category_account_revenue": accounts["revenue"],
    }
    await tryton.call("wizard.account.create_chart.execute", session, forms, "create_properties")
    await tryton.call("wizard.account.create_chart.delete", session)
    cash = await tryton.find("account.account", [["code", "=", "1.1.1"], ["company", "=", company]], ["id"])
    return {**accounts, "cash": int(cash[0]["id"])}


async def _account(tryton: TrytonClient, company: int, kind: str) -> int:
    domain = [[f"type.{kind}", "=", True], ["company", "=", company], ["closed", "!=", True]]
    return int((await tryton.find("account.account", domain, ["id"], limit=1))[0]["id"])


async def _fiscal_year(tryton: TrytonClient, company: int, year: int) -> None:
    moves = await _sequence(tryton, company, "Account Move", {"name": f"Moves {year}"})
    invoices = await _sequence(
        tryton, company, "Invoice", {"name": f"Invoices {year}", "prefix": f"BILL{year}-", "padding": 5}
    )
    kinds = ("out_invoice", "in_invoice", "out_credit_note", "in_credit_note")
    identifier = await tryton.create(
        "account.fiscalyear",
        {
            "name": str(year),
            "company": company,
            "start_date": date(year, 1, 1),
            "end_date": date(year, 12, 31),
            "move_sequence": moves,
            "invoice_sequences": [
                ["create", [{"company": company, **{f"{kind}_sequence": invoices for kind in kinds}}]]
            ],
        },
    )
    await tryton.press("account.fiscalyear", "create_period", identifier)


async def _sequence(tryton: TrytonClient, company: int, kind: str, values: dict[str, Any]) -> int:
    of_kind = (await tryton.find("ir.sequence.type", [["name", "=", kind]], ["id"]))[0]["id"]
    return await tryton.create("ir.sequence.strict", {"sequence_type": of_kind, "company": company, **values})


async def _payment(tryton: TrytonClient, company: int, accounts: Ids) -> int:
    journal = (await tryton.find("account.journal", [["type", "=", "cash"]], ["id"], limit=1))[0]["id"]
    await tryton.create(
        "account.invoice.payment.method",
        {
            "name": "Cash",
            "journal": journal,
            "credit_account": accounts["cash"],
            "debit_account": accounts["cash"],
            "company": company,
        },
    )
    deltas = [["create", [{"days": 30}]]]
    return await tryton.create(
        "account.invoice.payment_term",
        {"name": "Net 30", "lines": [["create", [{"type": "remainder", "relativedeltas": deltas}]]]},
    )


async def _units(tryton: TrytonClient) -> Ids:
    each = await _xml_id(tryton, "product", "uom_unit")
    category = await _xml_id(tryton, "product", "uom_cat_unit")
    await tryton.write("product.uom", [each], {"symbol": "EA"})
    units = {"EA": each}
    for symbol, (name, factor) in UNITS.items():
        values = {"name": name, "symbol": symbol, "category": category, "rounding": 1.0, "digits": 0}
        units[symbol] = await tryton.create(
            "product.uom", {**values, "factor": float(factor), "rate": round(1 / factor, 12)}
        )
    return units


async def _places(tryton: TrytonClient) -> None:
    first = await _xml_id(tryton, "stock", "location_warehouse")
    rooms = await tryton.get("stock.location", first, ["input_location", "storage_location", "output_location"])
    (north, north_name), *others = FACILITIES.items()
    await tryton.write("stock.location", [first], {"code": north, "name": north_name})
    for code, name in others:
        values: dict[str, Any] = {}
        for room in ("input", "storage", "output"):
            kind = "storage"
            parent = rooms[f"{room}_location"]
            template = await tryton.get("stock.location", parent, ["name"])
            room_values = {"name": f"{name} {template['name']}", "code": f"{code}-{room.upper()}", "type": kind}
            values[f"{room}_location"] = await tryton.create("stock.location", room_values)
        await tryton.create("stock.location", {"name": name, "code": code, "type": "warehouse", **values})


async def _number_orders(tryton: TrytonClient) -> None:
    known = await tryton.find("ir.sequence", [["sequence_type.name", "=", "Purchase"]], ["id"])
    await tryton.write("ir.sequence", [known[0]["id"]], {"prefix": "PO-", "padding": 6})


async def _supplier(tryton: TrytonClient, code: str, name: str, term: int) -> int:
    address = {"street_unstructured": "1 Main St", "city": "Dublin", "postal_code": "43017"}
    return await tryton.create(
        "party.party",
        {"name": name, "code": code, "supplier_payment_term": term, "addresses": [["create", [address]]]},
    )


async def _item(
    tryton: TrytonClient, item: CatalogueItem, *, category: int, units: Ids, suppliers: Ids, currency: int
) -> None:
    cost = (item.price / UNITS.get(item.purchase_unit, ("", 1))[1]).quantize(Decimal("0.0001"))
    values: dict[str, Any] = {
        "name": item.name,
        "type": "goods",
        "default_uom": units["EA"],
        "purchase_uom": units[item.purchase_unit],
        "purchasable": True,
        "list_price": cost,
        "cost_price_method": "fixed",
        "account_category": category,
        "products": [["create", [{"suffix_code": item.code, "cost_price": cost}]]],
    }
    if item.lots:
        values |= {
            "lot_required": ["supplier", "storage"],
            "expiration_state": "optional",
            "shelf_life_state": "optional",
        }
    template = await tryton.create("product.template", values)
    product = (await tryton.get("product.template", template, ["products"]))["products"][0]
    prices = [["create", [{"quantity": 0.0, "unit_price": item.price}]]]
    await tryton.create(
        "purchase.product_supplier",
        {
            "template": template,
            "product": product,
            "party": suppliers[item.supplier],
            "code": item.supplier_item,
            "name": item.name,
            "currency": currency,
            "company": tryton.context["company"],
            "prices": prices,
        },
    )


def _today() -> date:
    return datetime.now(UTC).date()

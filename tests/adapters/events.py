"""Partners' events as they come over the wire, written for tests."""

from typing import Any

Event = dict[str, Any]

WEBHOOKS = {
    "kind": "https",
    "url": "https://partner.example",
    "inbound": {"kind": "signature", "secrets": ["env:TEST_INBOUND"]},
    "outbound": {"kind": "signature", "secret": "env:TEST_OUTBOUND"},
}
AT = "2026-11-20T08:00:00Z"


def acknowledged(po_number: str = "PO-000001") -> Event:
    parts = [
        {"answer": "accepted", "quantity": "12", "unit": "BX", "promised_on": "2026-11-22"},
        {"answer": "backordered", "quantity": "8", "unit": "BX"},
    ]
    data = {"acknowledgement": "A-1", "po_number": po_number, "lines": [{"line": 1, "parts": parts}]}
    return {"type": "order.acknowledged", "timestamp": AT, "data": data}


def shipped(po_number: str = "PO-000001") -> Event:
    lines = [{"line": 1, "quantity": 20, "unit": "BX", "gtin": "4006381333931"}]
    data = {"ship_notice": "ASN-1", "po_number": po_number, "expected_on": "2026-11-22", "lines": lines}
    return {"type": "order.shipped", "timestamp": AT, "data": data}


def invoiced(
    po_number: str = "PO-000001", *, number: str = "INV-1", price: str = "1.10", total: str = "22.00"
) -> Event:
    line = {"line": 1, "order_line": 1, "quantity": "20", "unit": "BX", "unit_price": price, "amount": total}
    data = {"invoice": number, "po_number": po_number, "issued_on": "2026-11-21", "currency": "USD", "lines": [line]}
    return {"type": "invoice.issued", "timestamp": AT, "data": {**data, "total": total}}


def credited(po_number: str = "PO-000001") -> Event:
    event = invoiced(po_number, number="CN-1")
    return {**event, "type": "credit_note.issued", "data": {**event["data"], "credited_invoice": "INV-1"}}


def cloud_event(kind: str, event_id: str, data: Event) -> Event:
    return {"specversion": "1.0", "id": event_id, "source": "/stockroom", "type": kind, "time": AT, "data": data}


def breached(event_id: str = "b-1", *, on_hand: str = "180", item: str = "GLV-M") -> Event:
    item_under_par = {"item": item, "unit": "EA", "par_level": "400", "on_hand": on_hand}
    data = {"facility": "NORTH", "location": "NORTH", "items": [item_under_par]}
    return cloud_event("supplyline.inventory.par-breached", event_id, data)


def received(event_id: str = "r-1", po_number: str = "PO-000001") -> Event:
    lots = [{"lot": "L1", "quantity": "20", "expires_on": "2028-01-31"}]
    line = {"line": 1, "item": "GLV-M", "unit": "BX", "accepted": "20", "lots": lots}
    place = {"facility": "NORTH", "location": "NORTH", "receiver": "dock"}
    data = {"goods_receipt": "GR-1", "po_number": po_number, **place, "lines": [line]}
    return cloud_event("supplyline.inventory.goods-received", event_id, data)

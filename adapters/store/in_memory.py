"""The store's twin: the same promises, for tests that are not about PostgreSQL."""

from collections import defaultdict

from domain.exception_case import ExceptionCase
from domain.identifiers import EventKey, OrderKey
from domain.invoice import CreditNote, SupplierInvoice
from domain.match import PriorInvoice
from domain.purchase_order import PurchaseOrder
from domain.snapshot import EventDisposition, OrderSnapshot, RequisitionSnapshot, TimelineEntry


class InMemoryStore:
    """Keeps what lifecycles publish, as `domain.ports.Store` promises."""

    def __init__(self) -> None:
        self.workflow_ids: dict[str, str] = {}
        self.orders: dict[OrderKey, OrderSnapshot] = {}
        self.requisitions: dict[str, RequisitionSnapshot] = {}
        self.dispositions: dict[EventKey, EventDisposition] = {}
        self.timelines: defaultdict[str, dict[int, TimelineEntry]] = defaultdict(dict)
        self._claims: dict[tuple[str, str], list[PriorInvoice]] = defaultdict(list)

    async def register_order(self, order: PurchaseOrder, workflow_id: str) -> None:
        """Make the order findable by its PO number."""
        self.workflow_ids[order.name] = workflow_id

    async def publish_order(self, snapshot: OrderSnapshot) -> None:
        """Show the snapshot, unless a later version is shown."""
        key = snapshot.order.key
        shown = self.orders.get(key)
        if shown is None or shown.version <= snapshot.version:
            self.orders[key] = snapshot
        self.dispositions |= {disposition.key: disposition for disposition in snapshot.dispositions}
        self.timelines[key] |= {entry.number: entry for entry in snapshot.timeline}

    async def publish_requisition(self, snapshot: RequisitionSnapshot) -> None:
        """Show the snapshot, unless a later version is shown."""
        number = snapshot.requisition.number
        shown = self.requisitions.get(number)
        if shown is None or shown.version <= snapshot.version:
            self.requisitions[number] = snapshot
        self.timelines[number] |= {entry.number: entry for entry in snapshot.timeline}

    async def claim_invoice(
        self, order: PurchaseOrder, document: SupplierInvoice | CreditNote
    ) -> tuple[PriorInvoice, ...]:
        """Claim the document's number; return the earlier ones it could repeat."""
        claim = PriorInvoice(
            order_key=order.key,
            number=document.number,
            normalised_number=document.normalised_number,
            issued_on=document.issued_on,
            total=document.payable,
        )
        claims = self._claims[document.supplier, document.kind]
        if claim not in claims:
            claims.append(claim)
        earlier = claims[: claims.index(claim)]
        return tuple(known for known in earlier if _could_repeat(known, claim))

    def open_cases(self) -> tuple[ExceptionCase, ...]:
        """Return what somebody must decide, on any order or requisition."""
        of_orders = [case for order in self.orders.values() for case in order.cases]
        of_requisitions = [case for requisition in self.requisitions.values() for case in requisition.cases]
        return tuple(case for case in [*of_requisitions, *of_orders] if case.is_open)


def _could_repeat(known: PriorInvoice, claim: PriorInvoice) -> bool:
    same_number = known.normalised_number == claim.normalised_number
    return same_number or (known.issued_on, known.total) == (claim.issued_on, claim.total)

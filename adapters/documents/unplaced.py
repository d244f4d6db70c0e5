"""A document as the inbox keeps it: read, and understood only beside the order it is about."""

from dataclasses import dataclass

from adapters.documents.conventions import Conventions
from adapters.documents.placing import place, refuse_unusable
from adapters.documents.points_of_use import PointOfUse, replenishment_request_of, usage_of
from adapters.documents.reading import DocumentKind, Reading
from domain.order_state import PartnerDocument
from domain.purchase_order import PurchaseOrder
from domain.usage import ReplenishmentRequest, Usage


@dataclass(frozen=True, slots=True)
class UnplacedDocument:
    """A reading and the partner's conventions; `point_of_use` where it is one."""

    reading: Reading
    conventions: Conventions
    point_of_use: PointOfUse | None = None

    @property
    def kind(self) -> DocumentKind:
        """What it is."""
        return self.reading.kind

    def beside(self, order: PurchaseOrder) -> PartnerDocument:
        """Return it as the order's lifecycle hears it.

        Raises BadDocumentError where a person must look, and NothingToTellError where there is nothing to tell.
        """
        return place(self.reading, order, self.conventions)

    def of_stock(self) -> Usage | ReplenishmentRequest | None:
        """Return what a point of use reports; None where it is about an order, or nothing. Raises BadDocumentError."""
        if self.point_of_use is None:
            return None
        if self.kind is DocumentKind.USAGE:
            return usage_of(self.reading, self.point_of_use)
        if self.kind is DocumentKind.REPLENISHMENT_REQUEST:
            return replenishment_request_of(self.reading, self.point_of_use)
        return None

    def refuse_unless_usable(self) -> None:
        """Raise as `beside` does where the document by itself is reason enough."""
        refuse_unusable(self.reading, self.conventions)

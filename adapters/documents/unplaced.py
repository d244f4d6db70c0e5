"""A document as the inbox keeps it: read, and understood only beside the order it is about."""

from dataclasses import dataclass

from adapters.documents.conventions import Conventions
from adapters.documents.placing import place, refuse_unusable
from adapters.documents.reading import DocumentKind, Reading
from domain.order_state import PartnerDocument
from domain.purchase_order import PurchaseOrder


@dataclass(frozen=True, slots=True)
class UnplacedDocument:
    """A reading and the partner's conventions."""

    reading: Reading
    conventions: Conventions

    @property
    def kind(self) -> DocumentKind:
        """What it is."""
        return self.reading.kind

    def beside(self, order: PurchaseOrder) -> PartnerDocument:
        """Return it as the order's lifecycle hears it.

        Raises BadDocumentError where a person must look, and NothingToTellError where there is nothing to tell.
        """
        return place(self.reading, order, self.conventions)

    def refuse_unless_usable(self) -> None:
        """Raise as `beside` does where the document by itself is reason enough."""
        refuse_unusable(self.reading, self.conventions)

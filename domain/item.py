"""What the ERP's master data says of items, suppliers and places."""

from domain.document import Document
from domain.identifiers import Gtin, ItemCode, LocationCode, SupplierCode
from domain.quantities import CurrencyCode, PackFactors, UnitCode, UnitPrice


class CatalogueEntry(Document):
    """An item as one supplier sells it; entries are listed in the ERP's order of preference."""

    supplier: SupplierCode
    supplier_item: str | None = None
    unit: UnitCode
    unit_price: UnitPrice
    currency: CurrencyCode


class Item(Document):
    """Something we buy and keep, with the pack factors of every unit it is bought, kept or used in."""

    code: ItemCode
    description: str
    gtin: Gtin | None = None
    stock_unit: UnitCode
    purchase_unit: UnitCode
    packs: PackFactors
    lot_required: bool = False
    catalogue: tuple[CatalogueEntry, ...] = ()


class SupplierRecord(Document):
    """A supplier as the ERP knows it."""

    code: SupplierCode
    name: str


class Location(Document):
    """A warehouse or storeroom as the ERP knows it."""

    code: LocationCode
    name: str

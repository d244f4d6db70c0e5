"""What the demo's hospital buys, from whom, at what price."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class CatalogueItem:
    """An item, its supplier's number for it, and the price of one purchase unit."""

    code: str
    name: str
    supplier: str
    supplier_item: str
    price: Decimal
    purchase_unit: str
    lots: bool = False
    gtin: str | None = None


COMPANY = "Mercy General Health System"
FACILITIES = {"NORTH": "Mercy General North", "SOUTH": "Mercy General South"}
SUPPLIERS = {
    "MEDL": "Midland Medical Supply",
    "CARD": "Cardwell Surgical",
    "HLIN": "Heartland Drapes",
    "NORD": "Nordvik Wound Care",
    "OPUS": "Opus Infusion",
}
UNITS = {
    "BX/10": ("Box of 10", 10),
    "BX/12": ("Box of 12", 12),
    "BX/50": ("Box of 50", 50),
    "CA/100": ("Case of 100", 100),
}
ITEMS = (
    CatalogueItem("GLV-M", "Nitrile gloves, medium", "MEDL", "M-GLV-M", Decimal("1.10"), "BX/10"),
    CatalogueItem("GLV-L", "Nitrile gloves, large", "MEDL", "M-GLV-L", Decimal("1.15"), "BX/10"),
    CatalogueItem("MSK-3", "Surgical masks, three-ply", "MEDL", "M-MSK3", Decimal("4.20"), "BX/50"),
    CatalogueItem("GWN-L", "Isolation gowns, large", "MEDL", "M-GWNL", Decimal("88.00"), "CA/100"),
    CatalogueItem("SUT-30", "Sutures 3-0, absorbable", "CARD", "C-30110", Decimal("36.50"), "BX/12"),
    CatalogueItem("CATH-16", "Foley catheters 16 Fr", "CARD", "C-16FR", Decimal("24.80"), "BX/10", lots=True),
    CatalogueItem("STN-35", "Coronary stents 3.5 mm", "CARD", "C-STN35", Decimal("640.00"), "EA", lots=True),
    CatalogueItem("SYR-10", "Syringes 10 mL", "CARD", "C-SYR10", Decimal("2.30"), "BX/10"),
    CatalogueItem("DRP-S", "Surgical drapes, small, sterile", "HLIN", "H-2101", Decimal("18.50"), "BX/10", lots=True),
    CatalogueItem("DRP-L", "Surgical drapes, large, sterile", "HLIN", "H-2104", Decimal("31.00"), "BX/10", lots=True),
    CatalogueItem("WND-10", "Wound dressings 10 x 10 cm", "NORD", "NV-1010", Decimal("22.40"), "BX/10", lots=True),
    CatalogueItem("INF-20", "Infusion sets, 20 drops", "OPUS", "OP-IS20", Decimal("46.00"), "BX/50", lots=True),
)

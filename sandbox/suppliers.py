"""The demo's suppliers: who they are, what each speaks, and how its documents travel."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Trader:
    """A supplier: the ERP's code of it, the code of its partner page, and the module that plays it."""

    code: str
    partner: str
    module: str
    speaks: str
    """What the board says of it."""
    identity: str = ""
    """What it is known by in its language."""
    buyer: str = ""
    """What the hospital is known by in that language."""


TRADERS = (
    Trader("MEDL", "medl", "supplier", "JSON over HTTPS"),
    Trader("CARD", "card", "supplier", "JSON over HTTPS"),
    Trader("HLIN", "heartland", "edi_supplier", "X12 over SFTP", "HLIN", "SUPPLYLINE"),
    Trader("NORD", "nordic", "ubl_supplier", "UBL over HTTPS", "0088:0614141000029", "0088:0614141000012"),
    Trader("OPUS", "opus", "cxml_supplier", "cXML over HTTPS", "OPUS", "MERCY"),
)

SPEAKS = {trader.code: trader.speaks for trader in TRADERS}

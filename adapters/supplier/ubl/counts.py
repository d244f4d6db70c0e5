"""EN 16931 in UBL: what may stand in an invoice once only (UBL-SR), and amounts of two decimals (UBL-DT-01)."""

from collections.abc import Callable

from lxml import etree

from adapters.supplier.ubl.categories import ALLOWED, CHARGED
from adapters.supplier.ubl.names import CBC
from adapters.supplier.ubl.presence import AGENT, BUYER, LINE, SELLER, SUBTOTAL, VAT
from adapters.supplier.ubl.rulebook import Rule

_OTHER_THAN_VAT = "cac:TaxScheme[translate(cbc:ID,'vat','VAT')!='VAT']"

ONCE: dict[str, dict[int, str]] = {
    "/*": {
        1: "cac:ContractDocumentReference/cbc:ID",
        2: "cac:ReceiptDocumentReference/cbc:ID",
        3: "cac:DespatchDocumentReference/cbc:ID",
        4: "cac:AdditionalDocumentReference[cbc:DocumentTypeCode='130']/cbc:ID",
        5: "cac:PaymentTerms/cbc:Note",
        8: "cac:InvoicePeriod",
        9: f"{SELLER}/cac:PartyLegalEntity/cbc:RegistrationName",
        10: f"{SELLER}/cac:PartyName/cbc:Name",
        11: f"{SELLER}/cac:PartyLegalEntity/cbc:CompanyID",
        12: f"{SELLER}/cac:PartyTaxScheme[{VAT}]/cbc:CompanyID",
        13: f"{SELLER}/cac:PartyTaxScheme[{_OTHER_THAN_VAT}]/cbc:CompanyID",
        14: f"{SELLER}/cac:PartyLegalEntity/cbc:CompanyLegalForm",
        15: f"{BUYER}/cac:PartyLegalEntity/cbc:RegistrationName",
        16: f"{BUYER}/cac:PartyIdentification/cbc:ID",
        17: f"{BUYER}/cac:PartyLegalEntity/cbc:CompanyID",
        18: f"{BUYER}/cac:PartyTaxScheme[{VAT}]/cbc:CompanyID",
        24: "cac:Delivery",
        39: "cac:ProjectReference/cbc:ID",
        40: f"{BUYER}/cac:PartyName/cbc:Name",
        45: "cac:PaymentMeans/cbc:PaymentDueDate",
        46: "cac:PaymentMeans/cbc:PaymentMeansCode/@name",
        49: "cac:InvoicePeriod/cbc:DescriptionCode",
        54: "cac:PaymentMeans/cac:CardAccount",
        55: "cac:PaymentMeans/cac:PaymentMandate",
    },
    LINE: {
        34: "cbc:Note",
        35: "cac:OrderLineReference/cbc:LineID",
        36: "cac:InvoicePeriod",
        37: "cac:Price/cac:AllowanceCharge/cbc:Amount",
        50: "cac:Item/cbc:Description",
        52: "cac:DocumentReference",
    },
    "//cac:AdditionalDocumentReference": {33: "cbc:DocumentDescription"},
    "//cac:Delivery": {25: "cac:DeliveryParty/cac:PartyName/cbc:Name"},
    f"//{ALLOWED}": {30: "cbc:AllowanceChargeReason"},
    f"//{CHARGED}": {31: "cbc:AllowanceChargeReason"},
    "//cac:PaymentMeans": {26: "cbc:PaymentID", 27: "cbc:PaymentMeansCode", 28: "cac:PaymentMandate/cbc:ID"},
    "//cac:BillingReference": {6: "cac:InvoiceDocumentReference"},
    AGENT: {22: "cac:PartyName/cbc:Name", 23: "cac:Party/cac:PartyTaxScheme/cbc:CompanyID"},
    SUBTOTAL: {32: "cac:TaxCategory/cbc:TaxExemptionReason"},
    "//cac:PostalAddress|//cac:Address": {51: "cac:AddressLine"},
}
"""By where it is asked: the number of the rule, and what may be there once at most."""

_AMOUNTS = (
    "//*[substring(local-name(),string-length(local-name())-5)='Amount'"
    " and substring(local-name(),string-length(local-name())-10)!='PriceAmount'"
    " and not(ancestor::cac:Price/ancestor-or-self::cac:Price[cac:AllowanceCharge] and parent::cac:AllowanceCharge)]"
)


def _one_value(name: str) -> Callable[[etree._Element], bool]:
    """Several elements may say the same, no two may say different things."""

    def holds(root: etree._Element) -> bool:
        return len({found.text or "" for found in root.iter(f"{{{CBC}}}{name}")}) <= 1

    return holds


RULES = (
    *(
        Rule(f"UBL-SR-{number:02}", context, f"count({path})<=1", "there may be one at most")
        for context, once in ONCE.items()
        for number, path in once.items()
    ),
    Rule("UBL-SR-07", "//cac:BillingReference", "cac:InvoiceDocumentReference/cbc:ID", "must name the earlier invoice"),
    Rule("UBL-SR-42", f"//{SELLER}", "count(cac:PartyTaxScheme)<=2", "there may be two tax schemes at most"),
    Rule("UBL-SR-44", "/*", _one_value("PaymentID"), "there may be one PaymentID at most"),
    Rule("UBL-SR-47", "/*", _one_value("PaymentMeansCode"), "there may be one PaymentMeansCode at most"),
    Rule("UBL-SR-48", LINE, "count(cac:Item/cac:ClassifiedTaxCategory)=1", "there must be one tax category"),
    Rule(
        "UBL-SR-53", "//cac:PartyTaxScheme", "cac:TaxScheme/cbc:ID and cbc:CompanyID", "must have a number and a scheme"
    ),
    Rule("UBL-DT-01", _AMOUNTS, "string-length(substring-after(.,'.'))<=2", "must have at most two decimals"),
)

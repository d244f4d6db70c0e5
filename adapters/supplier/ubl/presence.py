"""EN 16931: what an invoice must have, and how its parts must look (BR-01 to BR-65, BR-CO, BR-DEC)."""

from adapters.supplier.ubl.rulebook import Rule

VAT = "normalize-space(translate(cac:TaxScheme/cbc:ID,'vat','VAT'))='VAT'"
LINE = "//cac:InvoiceLine|//cac:CreditNoteLine"
_ALLOWANCE = "[cbc:ChargeIndicator[normalize-space()='false' or normalize-space()='0']]"
_CHARGE = "[cbc:ChargeIndicator[normalize-space()='true' or normalize-space()='1']]"
ALLOWANCE, CHARGE = f"/*/cac:AllowanceCharge{_ALLOWANCE}", f"/*/cac:AllowanceCharge{_CHARGE}"
LINE_ALLOWANCE = (
    f"//cac:InvoiceLine/cac:AllowanceCharge{_ALLOWANCE}|//cac:CreditNoteLine/cac:AllowanceCharge{_ALLOWANCE}"
)
LINE_CHARGE = f"//cac:InvoiceLine/cac:AllowanceCharge{_CHARGE}|//cac:CreditNoteLine/cac:AllowanceCharge{_CHARGE}"
SELLER, BUYER = "cac:AccountingSupplierParty/cac:Party", "cac:AccountingCustomerParty/cac:Party"
LINE_PERIOD = "//cac:InvoiceLine/cac:InvoicePeriod|//cac:CreditNoteLine/cac:InvoicePeriod"
SELLER_COUNTRY, BUYER_COUNTRY = f"//{SELLER}/cac:PostalAddress", f"//{BUYER}/cac:PostalAddress"
COUNTRY = "normalize-space(cac:Country/cbc:IdentificationCode)!=''"
TOTAL, SUBTOTAL = "//cac:LegalMonetaryTotal", "//cac:TaxTotal/cac:TaxSubtotal"
AGENT = "//cac:TaxRepresentativeParty"

COUNTRIES = (
    "1A AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ "
    "CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH EL ER ES ET FI FJ FK FM FO "
    "FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM "
    "JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ "
    "MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE "
    "RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT "
    "TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XI YE YT ZA ZM ZW"
)
"""ISO 3166-1, with what VAT numbers use beside it: 1A for Kosovo, EL for Greece, XI for Northern Ireland."""


def _filled(path: str) -> str:
    return f"normalize-space({path})!=''"


def _two_decimals(path: str) -> str:
    return f"string-length(substring-after({path},'.'))<=2"


def _ordered(start: str = "cbc:StartDate", end: str = "cbc:EndDate") -> str:
    return f"not({start}) or not({end}) or number(translate({end},'-','')) >= number(translate({start},'-',''))"


def _decimals(rule: str, context: str, element: str) -> Rule:
    holds, says = _two_decimals(f"cbc:{element}"), f"{element} must have at most two decimals"
    return Rule(rule, context, holds, says, about_money=True)


REASON = "cbc:AllowanceChargeReason or cbc:AllowanceChargeReasonCode"
IN_CATEGORY = f"cac:TaxCategory[{VAT}]/cbc:ID"

RULES = (
    Rule("BR-01", "/*", _filled("cbc:CustomizationID"), "must name the specification it follows (CustomizationID)"),
    Rule("BR-02", "/*", _filled("cbc:ID"), "must have a number (ID)"),
    Rule("BR-03", "/*", _filled("cbc:IssueDate"), "must have an IssueDate"),
    Rule(
        "BR-04", "/*", f"{_filled('cbc:InvoiceTypeCode')} or {_filled('cbc:CreditNoteTypeCode')}",
        "must have a type code",
    ),
    Rule("BR-05", "/*", _filled("cbc:DocumentCurrencyCode"), "must have a DocumentCurrencyCode", about_money=True),
    Rule("BR-06", "/*", _filled(f"{SELLER}/cac:PartyLegalEntity/cbc:RegistrationName"), "must name the seller"),
    Rule("BR-07", "/*", _filled(f"{BUYER}/cac:PartyLegalEntity/cbc:RegistrationName"), "must name the buyer"),
    Rule("BR-08", "/*", f"{SELLER}/cac:PostalAddress", "must have the seller's address"),
    Rule("BR-09", SELLER_COUNTRY, COUNTRY, "must name the country"),
    Rule("BR-10", "/*", f"{BUYER}/cac:PostalAddress", "must have the buyer's address"),
    Rule("BR-11", BUYER_COUNTRY, COUNTRY, "must name the country"),
    Rule("BR-12", TOTAL, "cbc:LineExtensionAmount", "must have a LineExtensionAmount", about_money=True),
    Rule("BR-13", TOTAL, "cbc:TaxExclusiveAmount", "must have a TaxExclusiveAmount", about_money=True),
    Rule("BR-14", TOTAL, "cbc:TaxInclusiveAmount", "must have a TaxInclusiveAmount", about_money=True),
    Rule("BR-15", TOTAL, "cbc:PayableAmount", "must have a PayableAmount", about_money=True),
    Rule("BR-16", "/*", "cac:InvoiceLine or cac:CreditNoteLine", "must have a line", about_money=True),
    Rule(
        "BR-17", "//cac:PayeeParty",
        f"cac:PartyName/cbc:Name and not(cac:PartyName/cbc:Name=../{SELLER}/cac:PartyName/cbc:Name)"
        f" and not(cac:PartyIdentification/cbc:ID=../{SELLER}/cac:PartyIdentification/cbc:ID)",
        "must have a name, and be somebody else than the seller",
    ),
    Rule("BR-18", AGENT, _filled("cac:PartyName/cbc:Name"), "must have a name"),
    Rule("BR-19", AGENT, "cac:PostalAddress", "must have an address"),
    Rule("BR-20", f"{AGENT}/cac:PostalAddress", COUNTRY, "must name the country"),
    Rule("BR-21", LINE, _filled("cbc:ID"), "must have an ID"),
    Rule("BR-22", LINE, "cbc:InvoicedQuantity or cbc:CreditedQuantity", "must have a quantity"),
    Rule("BR-23", LINE, "cbc:InvoicedQuantity/@unitCode or cbc:CreditedQuantity/@unitCode", "must have a unit"),
    Rule("BR-24", LINE, "cbc:LineExtensionAmount", "must have a LineExtensionAmount", about_money=True),
    Rule("BR-25", LINE, _filled("cac:Item/cbc:Name"), "must name the item"),
    Rule("BR-26", LINE, "cac:Price/cbc:PriceAmount", "must have a price", about_money=True),
    Rule("BR-27", LINE, "cac:Price/cbc:PriceAmount >= 0", "the price must not be below zero", about_money=True),
    Rule(
        "BR-28", LINE,
        "cac:Price/cac:AllowanceCharge/cbc:BaseAmount >= 0 or not(cac:Price/cac:AllowanceCharge/cbc:BaseAmount)",
        "the gross price must not be below zero", about_money=True,
    ),
    Rule(
        "BR-29", "//cac:InvoicePeriod[not(parent::cac:InvoiceLine or parent::cac:CreditNoteLine)]", _ordered(),
        "must not end before it starts",
    ),
    Rule("BR-30", LINE_PERIOD, _ordered(), "must not end before it starts"),
    Rule("BR-31", ALLOWANCE, "cbc:Amount", "must have an Amount", about_money=True),
    Rule("BR-32", ALLOWANCE, IN_CATEGORY, "must have a VAT category"),
    Rule("BR-33", ALLOWANCE, REASON, "must have a reason"),
    Rule("BR-36", CHARGE, "cbc:Amount", "must have an Amount", about_money=True),
    Rule("BR-37", CHARGE, IN_CATEGORY, "must have a VAT category"),
    Rule("BR-38", CHARGE, REASON, "must have a reason"),
    Rule("BR-41", LINE_ALLOWANCE, "cbc:Amount", "must have an Amount", about_money=True),
    Rule("BR-42", LINE_ALLOWANCE, REASON, "must have a reason"),
    Rule("BR-43", LINE_CHARGE, "cbc:Amount", "must have an Amount", about_money=True),
    Rule("BR-44", LINE_CHARGE, REASON, "must have a reason"),
    Rule("BR-45", SUBTOTAL, "cbc:TaxableAmount", "must have a TaxableAmount", about_money=True),
    Rule("BR-46", SUBTOTAL, "cbc:TaxAmount", "must have a TaxAmount", about_money=True),
    Rule("BR-47", SUBTOTAL, IN_CATEGORY, "must have a VAT category"),
    Rule(
        "BR-48", SUBTOTAL, f"cac:TaxCategory[{VAT}]/cbc:Percent or normalize-space(cac:TaxCategory[{VAT}]/cbc:ID)='O'",
        "must have a rate", about_money=True,
    ),
    Rule("BR-49", "//cac:PaymentMeans", "cbc:PaymentMeansCode", "must have a PaymentMeansCode"),
    Rule(
        "BR-50", "//cac:PaymentMeans[cbc:PaymentMeansCode='30' or cbc:PaymentMeansCode='58']/cac:PayeeFinancialAccount",
        _filled("cbc:ID"), "must have the number of the account",
    ),
    Rule(
        "BR-51", "//cac:PaymentMeans/cac:CardAccount/cbc:PrimaryAccountNumberID",
        "string-length(normalize-space())<=10",
        "must show the last digits of the card only", is_fatal=False,
    ),
    Rule("BR-52", "//cac:AdditionalDocumentReference", _filled("cbc:ID"), "must have an ID"),
    Rule("BR-54", "//cac:AdditionalItemProperty", "cbc:Name and cbc:Value", "must have a name and a value"),
    Rule("BR-55", "//cac:BillingReference", "cac:InvoiceDocumentReference/cbc:ID", "must name the earlier invoice"),
    Rule("BR-56", AGENT, f"cac:PartyTaxScheme[{VAT}]/cbc:CompanyID", "must have a VAT number"),
    Rule(
        "BR-57", "//cac:Delivery/cac:DeliveryLocation/cac:Address", "cac:Country/cbc:IdentificationCode",
        "must name the country",
    ),
    Rule(
        "BR-61", "//cac:PaymentMeans",
        "cac:PayeeFinancialAccount/cbc:ID"
        " or (normalize-space(cbc:PaymentMeansCode)!='30' and normalize-space(cbc:PaymentMeansCode)!='58')",
        "a credit transfer must name the account",
    ),
    Rule("BR-62", f"//{SELLER}/cbc:EndpointID", "@schemeID", "must have a schemeID"),
    Rule("BR-63", f"//{BUYER}/cbc:EndpointID", "@schemeID", "must have a schemeID"),
    Rule(
        "BR-64", "//cac:InvoiceLine/cac:Item/cac:StandardItemIdentification/cbc:ID"
        "|//cac:CreditNoteLine/cac:Item/cac:StandardItemIdentification/cbc:ID", "@schemeID", "must have a schemeID",
    ),
    Rule(
        "BR-65", "//cac:InvoiceLine/cac:Item/cac:CommodityClassification/cbc:ItemClassificationCode"
        "|//cac:CreditNoteLine/cac:Item/cac:CommodityClassification/cbc:ItemClassificationCode",
        "@listID", "must have a listID",
    ),
    Rule(
        "BR-CO-03", "/*", "not(cbc:TaxPointDate and cac:InvoicePeriod/cbc:DescriptionCode)",
        "must have the date of the tax point, or a code for it, not both",
    ),
    Rule("BR-CO-04", LINE, f"cac:Item/cac:ClassifiedTaxCategory[{VAT}]/cbc:ID", "must have a VAT category"),
    Rule(
        "BR-CO-09", f"//cac:PartyTaxScheme[{VAT}]", f"contains(' {COUNTRIES} ',substring(cbc:CompanyID,1,2))",
        "a VAT number must begin with the code of its country",
    ),
    Rule("BR-CO-18", "/*", "cac:TaxTotal/cac:TaxSubtotal", "must have a VAT breakdown", about_money=True),
    Rule(
        "BR-CO-19", "//cac:InvoicePeriod[not(parent::cac:InvoiceLine or parent::cac:CreditNoteLine)]",
        "cbc:StartDate or cbc:EndDate or cbc:DescriptionCode", "must have a start or an end",
    ),
    Rule("BR-CO-20", LINE_PERIOD, "cbc:StartDate or cbc:EndDate", "must have a start or an end"),
    Rule("BR-CO-21", ALLOWANCE, REASON, "must have a reason"),
    Rule("BR-CO-22", CHARGE, REASON, "must have a reason"),
    Rule("BR-CO-23", LINE_ALLOWANCE, REASON, "must have a reason"),
    Rule("BR-CO-24", LINE_CHARGE, REASON, "must have a reason"),
    Rule(
        "BR-CO-26", "//cac:AccountingSupplierParty",
        f"cac:Party/cac:PartyTaxScheme[{VAT}]/cbc:CompanyID or cac:Party/cac:PartyIdentification/cbc:ID"
        " or cac:Party/cac:PartyLegalEntity/cbc:CompanyID",
        "must have the seller's VAT number, legal number or another number of its",
    ),
    _decimals("BR-DEC-01", ALLOWANCE, "Amount"),
    _decimals("BR-DEC-02", ALLOWANCE, "BaseAmount"),
    _decimals("BR-DEC-05", CHARGE, "Amount"),
    _decimals("BR-DEC-06", CHARGE, "BaseAmount"),
    _decimals("BR-DEC-09", TOTAL, "LineExtensionAmount"),
    _decimals("BR-DEC-10", TOTAL, "AllowanceTotalAmount"),
    _decimals("BR-DEC-11", TOTAL, "ChargeTotalAmount"),
    _decimals("BR-DEC-12", TOTAL, "TaxExclusiveAmount"),
    _decimals("BR-DEC-14", TOTAL, "TaxInclusiveAmount"),
    _decimals("BR-DEC-16", TOTAL, "PrepaidAmount"),
    _decimals("BR-DEC-17", TOTAL, "PayableRoundingAmount"),
    _decimals("BR-DEC-18", TOTAL, "PayableAmount"),
    _decimals("BR-DEC-19", SUBTOTAL, "TaxableAmount"),
    _decimals("BR-DEC-20", SUBTOTAL, "TaxAmount"),
    _decimals("BR-DEC-23", LINE, "LineExtensionAmount"),
    _decimals("BR-DEC-24", LINE_ALLOWANCE, "Amount"),
    _decimals("BR-DEC-25", LINE_ALLOWANCE, "BaseAmount"),
    _decimals("BR-DEC-27", LINE_CHARGE, "Amount"),
    _decimals("BR-DEC-28", LINE_CHARGE, "BaseAmount"),
)  # fmt: skip

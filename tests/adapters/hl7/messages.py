"""HL7 v2 messages written for tests. The patient in them does not exist, and must not be found anywhere else."""

PATIENT = ("Zebulonsky", "Quirina", "MRN8812", "19440209", "ACC-5521", "V-90017", "555-0199", "Elmtree", "900-55-1234")
"""Names, numbers and the birth date of the patient in every message."""

PEOPLE = (
    "PID|1|900-55-1234|MRN8812^^^NORTH^MR~V-90017||Zebulonsky^Quirina^A||19440209|F|||1 Elmtree||555-0199|||||ACC-5521",
    "NK1|1|Zebulonsky^Otto|SPO|1 Elmtree St|555-0199",
    "PV1|1|I|ICU^12^A||||4711^Goodhands^Ada||||||||||||V-90017",
    "GT1|1||Zebulonsky^Otto",
    "IN1|1|PLAN|HMO|||||||||||||Zebulonsky^Quirina||19440209||||||||||||||||||MRN8812",
    "DG1|1||S72.0^Fracture, Zebulonsky",
    "NTE|1||Quirina Zebulonsky asked for latex free",
)


def message(kind: str, *segments: str, charset: str = "", control: str = "M-77") -> bytes:
    header = f"MSH|^~\\&|CABINET|NORTH|SUPPLYLINE|HUB|20261120081500-0600||{kind}|{control}|P|2.5.1|||AL|NE||{charset}"
    return "\r".join((header, *segments, "")).encode()


def charge(item: str = "GLV-M^Glove^L", *, kind: str = "CG", quantity: str = "4", tail: str = "") -> str:
    return f"FT1|1|T-1||20261120081000||{kind}|{item}|||{quantity}|10.00|2.50||||OR-3^^^^^^^{tail}"


CHARGES = message("DFT^P03^DFT_P03", "EVN|P03|20261120081500", *PEOPLE, charge())

ORDER = message(
    "OMS^O05^OMS_O05",
    *PEOPLE,
    "ORC|NW|RQ-9|||||^^^^^S||20261120080000",
    "RQD|1||07613336^Glove, medium^X|GLV-M^Glove^L|20|BX|CC-7||OR-3^^|20261125",
    "RQ1|1.25|ACME|MFR-1|V-8|VEND-77",
    "ORC|NW|RQ-10|||||||20261120080500",
    "RQD|2|||CATH-16|2|EA",
)

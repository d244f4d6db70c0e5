"""The namespaces of UBL 2 and the names its documents have."""

OASIS = "urn:oasis:names:specification:ubl:schema:xsd:"
CBC = f"{OASIS}CommonBasicComponents-2"
CAC = f"{OASIS}CommonAggregateComponents-2"
EXT = f"{OASIS}CommonExtensionComponents-2"
NAMESPACES = {"cbc": CBC, "cac": CAC, "ext": EXT}
PREFIXES = {CBC: "cbc", CAC: "cac", EXT: "ext"}


def namespace_of(document: str) -> str:
    """Return the namespace of a document: every one has its own."""
    return f"{OASIS}{document}-2"

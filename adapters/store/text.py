"""Text as PostgreSQL can hold it: valid Unicode, without NUL."""


def is_storable(text: str) -> bool:
    """True when PostgreSQL could hold this text; what it cannot hold is in no table."""
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def storable(text: str) -> str:
    """Return the text with a replacement character for everything PostgreSQL cannot hold."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()

"""GS1 element strings, their bracketed form and Digital Links, checked as the GS1 syntax dictionary says.

biip does the arithmetic of a GTIN (through `domain.identifiers`); the syntax is our own, because biip takes strings
the GS1 engine refuses and reads its dates by the clock.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from urllib.parse import parse_qsl, unquote, urlsplit

from adapters.bad_document import BadDocumentError
from adapters.barcodes.checks import CHECKS, has_characters
from adapters.barcodes.dates import day_of
from adapters.barcodes.dictionary import (
    NO_SEPARATOR,
    QUALIFIERS,
    Component,
    components_of,
    excluded_by,
    identifier_at,
    matches,
    needs_of,
)
from adapters.barcodes.scanned import Element, Precision, Scan, Symbols

SEPARATORS = ("\x1d", "^")
"""FNC1 as scanners send it: group separator, or the caret of those that cannot."""

_UNSERIALISED = {"253": 13, "255": 13, "8003": 14}
_TRADE_ITEMS = "01 02 03 8006 8026"
_BRACKETED = {"(": re.compile(r"(?<!\\)\(([0-9]{2,4})\)"), "{": re.compile(r"\{([0-9]{2,4})\}")}
_OPENING = re.compile(r"(?<!\\)\(")
_HOST = re.compile(r"^[A-Za-z0-9._:\-\[\]]+$")
_ESCAPED = re.compile(r"\\([(){}])")


def read_elements(data: str, *, separators: tuple[str, ...] = SEPARATORS, year: int) -> Scan:
    """Return what an element string says. Raises BadDocumentError."""
    for stand_in in separators[1:]:
        data = data.replace(stand_in, separators[0])
    return scan_of(tuple(_elements(data.removeprefix(separators[0]), separators[0])), year)


def read_bracketed(text: str, *, year: int) -> Scan:
    """Return what a human readable string `(01)...(10)...` says. Raises BadDocumentError."""
    return scan_of(tuple(_bracketed(text)), year)


def read_link(uri: str, *, year: int) -> Scan:
    """Return what a GS1 Digital Link says. Raises BadDocumentError."""
    return scan_of(tuple(_linked(uri)), year)


def scan_of(elements: tuple[Element, ...], year: int) -> Scan:
    """Return what some elements say together. Raises BadDocumentError."""
    if not elements:
        raise BadDocumentError("the scan", "must hold an application identifier with data", "scan the package again")
    for element in elements:
        _check(element)
    _check_together(elements)
    return _scan(elements, {element.ai: element.value for element in elements}, year)


def _elements(data: str, separator: str) -> Iterator[Element]:
    while data:
        ai = identifier_at(data)
        if ai is None:
            rule = "must begin with a GS1 application identifier after each element"
            raise BadDocumentError("the scan", rule, "send the scan with its FNC1 separators, or type it with brackets")
        data = data[len(ai) :]
        length = NO_SEPARATOR.get(ai[:2])
        value = data[:length].partition(separator)[0] if length else data.partition(separator)[0]
        data = data[len(value) :].lstrip(separator)
        yield Element(ai=ai, value=value)


def _bracketed(text: str) -> Iterator[Element]:
    pattern = _BRACKETED[text[:1]]
    places = list(pattern.finditer(text))
    if not places or places[0].start():
        raise BadDocumentError("the scan", "must begin with an application identifier in brackets", "write (01)...")
    ends = [found.start() for found in places[1:]] + [len(text)]
    for found, end in zip(places, ends, strict=True):
        ai, value = found[1], text[found.end() : end]
        if identifier_at(ai) != ai:
            rule = "names an application identifier GS1 does not have"
            raise BadDocumentError("the scan", rule, "check the brackets")
        if _OPENING.search(value) and text.startswith("("):
            raise BadDocumentError(
                f"AI {ai}", "must write an opening bracket inside data with a backslash", "escape it"
            )
        yield Element(ai=ai, value=_ESCAPED.sub(r"\1", value.rstrip(" ") if end < len(text) else value))


def _linked(uri: str) -> Iterator[Element]:
    try:
        parts = urlsplit(uri)
        asked = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=50, separator="&")
    except ValueError as error:
        raise BadDocumentError("the link", "must be a URI with at most 50 attributes", "correct the link") from error
    if not _HOST.match(parts.netloc):
        raise BadDocumentError("the link", "must name a host", "correct the link")
    steps = [unquote(step) for step in parts.path.removeprefix("/").split("/")]
    place = _key_place(steps)
    path = list(zip(steps[place::2], steps[place + 1 :: 2], strict=True))
    attributes = [(ai, value) for ai, value in asked if ai.isascii() and ai.isdigit()]
    _check_attributes([ai for ai, _ in path], [ai for ai, _ in attributes])
    yield from (Element(ai=ai, value=value) for ai, value in path)
    yield from (Element(ai=ai, value=value.zfill(14) if ai == "01" else value) for ai, value in attributes)


def _check_attributes(path: list[str], attributes: list[str]) -> None:
    key, *qualifiers = path
    in_path = {ai for sequence in QUALIFIERS[key] if _is_part_of(qualifiers, sequence) for ai in sequence}
    for ai in attributes:
        if identifier_at(ai) != ai:
            raise BadDocumentError(
                "the link", "has an attribute GS1 does not have", "name attributes of your own in letters"
            )
        if ai in in_path or attributes.count(ai) > 1 or ai == key:
            rule = "must stand once, and in the path where it qualifies the key"
            raise BadDocumentError(f"AI {ai}", rule, "correct the link")


def _key_place(steps: list[str]) -> int:
    """Return where the rightmost key is that all after it belongs to, in the order GS1 gives."""
    for place in range(len(steps) - 2, -1, -2):
        if steps[place] in QUALIFIERS and _in_order(steps[place], steps[place + 2 :: 2]):
            return place
    rule = "must hold a GS1 key, as /01/ and a GTIN of 14 digits, and after it its qualifiers in their order"
    raise BadDocumentError("the link", rule, "scan the barcode of the package")


def _in_order(key: str, qualifiers: list[str]) -> bool:
    return any(_is_part_of(qualifiers, sequence) for sequence in QUALIFIERS[key])


def _is_part_of(qualifiers: list[str], sequence: tuple[str, ...]) -> bool:
    remaining = iter(sequence)
    return all(ai in remaining for ai in qualifiers)


def _check(element: Element) -> None:
    rest, components = element.value, components_of(element.ai)
    where = f"AI {element.ai}"
    for number, component in enumerate(components):
        part, rest = _cut(rest, component, is_last=number == len(components) - 1)
        if not part and component.is_optional:
            continue
        _check_part(where, part, component)
    if rest:
        raise BadDocumentError(where, "is longer than GS1 allows", "check that FNC1 separates it from what follows")


def _cut(text: str, component: Component, *, is_last: bool) -> tuple[str, str]:
    length = component.longest if component.shortest == component.longest or not is_last else len(text)
    return text[:length], text[length:]


def _check_part(where: str, part: str, component: Component) -> None:
    if not component.shortest <= len(part) <= component.longest:
        raise BadDocumentError(where, f"must have {_length(component)} in its place", "scan the package again")
    if not has_characters(part, component.characters):
        rule = "must be digits" if component.characters == "N" else "has a character GS1 does not allow there"
        raise BadDocumentError(where, rule, "scan the package again")
    for name in component.checks:
        holds, rule = CHECKS[name]
        if not holds(part):
            raise BadDocumentError(where, rule, "scan the package again; if it stays, the label is wrong")


def _length(component: Component) -> str:
    if component.shortest == component.longest:
        return f"{component.longest} characters"
    return f"{component.shortest} to {component.longest} characters"


def _check_together(elements: tuple[Element, ...]) -> None:
    values: dict[str, str] = {}
    for element in elements:
        if values.setdefault(element.ai, element.value) != element.value:
            raise BadDocumentError(
                f"AI {element.ai}", "is given twice with different data", "scan one package at a time"
            )
    for ai in values:
        _check_beside(ai, values)
    _check_signature(values)


def _check_beside(ai: str, values: dict[str, str]) -> None:
    other = next((other for other in values if other != ai and excluded_by(ai, other)), None)
    if other is not None:
        raise BadDocumentError(f"AI {ai}", f"may not stand beside AI {other}", "the label is wrong: ask its supplier")
    missing = next((group for group in needs_of(ai) if not _has_one(group, values)), None)
    if missing is not None and _must_be_complete(ai, values):
        rule = f"needs one of AI {', '.join(missing.split())} beside it"
        raise BadDocumentError(f"AI {ai}", rule, "scan the whole label")


def _has_one(group: str, values: dict[str, str]) -> bool:
    return any(all(any(matches(ai, one) for ai in values) for one in part.split("+")) for part in group.split())


def _must_be_complete(ai: str, values: dict[str, str]) -> bool:
    """True where what an identifier needs cannot be in another barcode of the package.

    A lot or a date may have a barcode of its own, a serial number by itself may not; and a scan that names the item has
    all that belongs to it.
    """
    if matches(ai, "02 8026 8030") or (ai == "21" and len(values) == 1):
        return True
    return any(matches(key, _TRADE_ITEMS) for key in values)


def _check_signature(values: dict[str, str]) -> None:
    """A digital signature signs one very thing: a key that can have a serial number must have it."""
    bare = next((ai for ai, length in _UNSERIALISED.items() if len(values.get(ai, "")) == length), None)
    if bare is not None and "8030" in values:
        raise BadDocumentError(f"AI {bare}", "must have a serial number beside AI 8030", "the label is wrong")


def _scan(elements: tuple[Element, ...], values: dict[str, str], year: int) -> Scan:
    expires_on, expires_at = _expiry(values, year)
    count = values.get("30") or values.get("37")
    return Scan(
        symbols=Symbols.GS1,
        gtin=values.get("01") or values.get("03") or values.get("8006", "")[:14] or None,
        contained_gtin=values.get("02"),
        sscc=values.get("00"),
        gln=values.get("414"),
        lot=values.get("10"),
        serial=values.get("21"),
        expires_on=expires_on,
        expires_at=expires_at,
        precision=_precision(values, expires_at) if expires_on else None,
        made_on=_day(values.get("11") or values.get("8008"), year),
        best_before=_day(values.get("15"), year),
        quantity=int(count) if count else None,
        elements=elements,
    )


def _expiry(values: dict[str, str], year: int) -> tuple[date | None, datetime | None]:
    written = values.get("7003") or values.get("17")
    day = _day(written, year)
    clock = written[6:] if written else ""
    if day is None or not clock:
        return day, None
    return day, datetime.combine(day, time(int(clock[:2]), int(clock[2:])))


def _precision(values: dict[str, str], expires_at: datetime | None) -> Precision:
    if expires_at is not None:
        return Precision.HOUR
    return Precision.MONTH if values.get("17", "").endswith("00") else Precision.DAY


def _day(written: str | None, year: int) -> date | None:
    return day_of(written[:6], year) if written else None

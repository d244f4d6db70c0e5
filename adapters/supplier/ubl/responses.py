"""ApplicationResponse and Catalogue, read and kept: invoice responses, message level responses, price lists."""

from collections.abc import Iterator

from lxml import etree

from adapters.documents.reading import DocumentKind, NamedReference, Reading, ReadLine
from adapters.supplier.ubl.fields import DocumentReader, every, one, text, texts
from adapters.supplier.ubl.header import header_of
from adapters.supplier.ubl.items import item_of, price_of

ABOUT_SYNTAX = ("trns:mlr", "trns:mls", "poacc:bis:mlr", "peppol:mls")
"""What the customization of a response to a message, not to its business, has in it."""


def read_application_response(reader: DocumentReader) -> Reading:
    """Return what an ApplicationResponse says of which document."""
    root = reader.root
    header = header_of(reader)
    about = text(root, "cbc:CustomizationID")
    responses = every(root, "cac:DocumentResponse")
    codes = [found for response in responses if (found := text(response, "cac:Response/cbc:ResponseCode"))]
    header["references"] = (*header["references"], *_documents(responses))
    header["notes"] = (*header["notes"], *(said for response in responses for said in _said(response)))
    is_syntax = any(part in about for part in ABOUT_SYNTAX)
    return Reading(
        **header,
        kind=DocumentKind.FUNCTIONAL_ACKNOWLEDGEMENT if is_syntax else DocumentKind.UNKNOWN,
        raw_type=" ".join(codes),
        lines=tuple(
            _response_line(line, number)
            for number, line in enumerate(
                (line for one in responses for line in every(one, "cac:LineResponse")), start=1
            )
        ),
        findings=reader.all(),
    )


def read_catalogue(reader: DocumentReader) -> Reading:
    """Return what a Catalogue offers, at which prices."""
    found = every(reader.root, "cac:CatalogueLine")
    return Reading(
        **header_of(reader),
        kind=DocumentKind.PRICE_CATALOGUE,
        raw_type=text(reader.root, "cbc:ActionCode"),
        lines=tuple(_offer(reader, line, number) for number, line in enumerate(found, start=1)),
        findings=reader.all(),
    )


def read_unknown(reader: DocumentReader) -> Reading:
    """Return the header of a document we keep and do not act on."""
    remedy = "it is kept; nothing is done with it"
    reader.warning("document", reader.root, "is a kind of document that is not processed", remedy)
    return Reading(**header_of(reader), kind=DocumentKind.UNKNOWN, findings=reader.all())


def _documents(responses: list[etree._Element]) -> Iterator[NamedReference]:
    for response in responses:
        for document in every(response, "cac:DocumentReference"):
            number = text(document, "cbc:ID")
            if number:
                yield NamedReference(meaning="document", raw=text(document, "cbc:DocumentTypeCode"), value=number)


def _said(response: etree._Element) -> Iterator[str]:
    yield from texts(response, "cac:Response/cbc:Description")
    for status in every(response, "cac:Response/cac:Status"):
        code, reason = text(status, "cbc:StatusReasonCode"), " ".join(texts(status, "cbc:StatusReason"))
        if code or reason:
            yield ": ".join(filter(None, (code, reason)))


def _response_line(line: etree._Element, number: int) -> ReadLine:
    code = text(line, "cac:Response/cbc:ResponseCode")
    return ReadLine(
        position=number,
        number=text(line, "cac:LineReference/cbc:LineID") or None,
        raw_codes=(code,) if code else (),
        notes=tuple(_said(line)),
    )


def _offer(reader: DocumentReader, line: etree._Element, number: int) -> ReadLine:
    price = one(line, "cac:RequiredItemLocationQuantity")
    code = text(line, "cbc:ActionCode")
    return ReadLine(
        position=number,
        number=text(line, "cbc:ID") or None,
        **item_of(reader, line),
        quantity=reader.quantity(line, "cbc:MinimumOrderQuantity"),
        **price_of(reader, line if price is None else price),
        change=code or None,
        raw_codes=tuple(filter(None, (code, text(line, "cbc:OrderableUnit")))),
    )

"""What is wrong with a document, said to whoever sent it."""


class BadDocumentError(Exception):
    """A document that cannot be accepted: where it is wrong, which rule it breaks, what to do.

    `pointer` is in the language's own terms: a JSON pointer, an XPath, a segment and element.
    The value itself is never repeated. `is_syntax` where it is not even of its language.
    """

    def __init__(self, pointer: str, rule: str, remedy: str = "", *, is_syntax: bool = False) -> None:
        super().__init__(f"{pointer or 'the document'}: {rule}")
        self.pointer = pointer
        self.rule = rule
        self.remedy = remedy
        self.is_syntax = is_syntax

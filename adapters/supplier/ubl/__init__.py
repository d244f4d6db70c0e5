"""UBL 2.x and Peppol BIS: documents read leniently, written strictly, and checked by the rules they claim."""

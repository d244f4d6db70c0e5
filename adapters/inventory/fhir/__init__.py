"""FHIR from points of use: R4 (as R4B) and R5, by the partner's profile."""

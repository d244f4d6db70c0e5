"""The ERPs we know."""

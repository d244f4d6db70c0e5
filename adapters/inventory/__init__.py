"""The inventory platforms."""

"""Suppliers and an inventory platform, with their own code for the wire: a mistake in our mapping shows."""

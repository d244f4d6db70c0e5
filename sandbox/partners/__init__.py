"""Suppliers and an inventory platform, as processes with their own code for the wire: a mistake in our mapping shows."""

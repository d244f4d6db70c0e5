"""Inventory platforms that speak CloudEvents in and HTTP out; see docs/inventory-events.md."""

"""Suppliers that speak JSON webhooks, both ways; see docs/supplier-webhooks.md."""

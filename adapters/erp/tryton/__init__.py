"""Tryton 8.2 over its JSON-RPC; see docs/erp-tryton.md."""

"""Suppliers that speak X12: reading leniently, with findings; writing strictly; see docs/x12.md."""

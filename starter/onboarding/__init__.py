"""Bringing a partner on from its sample documents alone: drafted, checked, and only then gone live with."""

"""The suppliers' channels."""

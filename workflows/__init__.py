"""The story: one file per lifecycle, one per phase."""

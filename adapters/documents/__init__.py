"""What every document language has in common: the reading, its findings, units, identifiers and dates."""

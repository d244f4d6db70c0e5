"""The words and the rules of procure-to-pay: pure, synchronous, with no I/O, no clock and no Temporal."""

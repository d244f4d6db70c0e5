"""The world outside, for the demo, tests and load: embedded servers, a real ERP, partners."""

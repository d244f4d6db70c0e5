"""The ways in: gateway, dispatcher, replenishment, command line."""

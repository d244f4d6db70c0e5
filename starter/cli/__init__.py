"""`p2p`: what operators do from a terminal. It asks the API and formats the answers; it does not think."""

from starter.cli.app import main

__all__ = ["main"]

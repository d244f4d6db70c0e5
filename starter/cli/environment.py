"""`NAME=value` files, as the demo leaves them."""

from pathlib import Path


def read_env_file(path: Path) -> dict[str, str]:
    """Return what a file sets."""
    lines = (line.partition("=") for line in path.read_text(encoding="utf-8").splitlines() if "=" in line)
    return {name: value for name, _, value in lines}

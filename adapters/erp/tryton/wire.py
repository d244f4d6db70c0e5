"""Tryton's JSON: how its RPC writes decimals, dates and bytes, and how its errors look."""

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

Json = Any
"""What Tryton sends, once decoded. It goes no further than this folder."""


def encode(value: Json) -> bytes:
    """Write a request the way trytond's JSON-RPC reads it."""
    return json.dumps(value, default=_tagged, separators=(",", ":")).encode()


def decode(body: bytes) -> Json:
    """Read an answer, with its decimals and dates as ours."""
    return json.loads(body, object_hook=_untagged)


def _tagged(value: object) -> Json:
    match value:
        case Decimal():
            return {"__class__": "Decimal", "decimal": str(value)}
        case datetime():
            parts = ("year", "month", "day", "hour", "minute", "second", "microsecond")
            return {"__class__": "datetime", **{part: getattr(value, part) for part in parts}}
        case date():
            return {"__class__": "date", "year": value.year, "month": value.month, "day": value.day}
        case _:
            raise TypeError(f"{type(value).__name__} cannot be sent to Tryton")


def _untagged(value: dict[str, Json]) -> Json:
    match value.get("__class__"):
        case "Decimal":
            return Decimal(value["decimal"])
        case "date":
            return date(value["year"], value["month"], value["day"])
        case "datetime":
            return datetime(  # noqa: DTZ001 - Tryton sends naive UTC
                value["year"], value["month"], value["day"], value["hour"], value["minute"], value["second"]
            )
        case _:
            return value

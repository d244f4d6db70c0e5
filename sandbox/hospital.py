"""The demo's hospital: its rules, its people, its partners, its stock, written as a deployment's configuration."""

import base64
import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml

from adapters.operators import Role, hash_of, new_token
from domain.policy import CaseKind, Policy

PARTNERS = ("medl", "card", "stockroom")

PEOPLE = {
    "nadia.okafor": (Role.APPROVER,),
    "tom.reyes": (Role.BUYER, Role.REQUESTER),
    "amara.singh": (Role.ACCOUNTS_PAYABLE,),
    "kim.larsen": (Role.OPERATOR, Role.AUDITOR),
}
"""Who approves, who buys, who pays, who keeps it running."""

POLICY = Policy(
    version="demo-1",
    answer_within=timedelta(minutes=5),
    deliver_within=timedelta(days=2),
    payment_check_every=timedelta(seconds=1),
    owners={
        CaseKind.APPROVAL: "nadia.okafor",
        CaseKind.INVOICE_MATCH: "amara.singh",
        CaseKind.CREDIT_NOTE: "amara.singh",
        CaseKind.UNPAID_INVOICE: "amara.singh",
    },
    default_owner="tom.reyes",
    escalate_to="kim.larsen",
)

STOCK: dict[str, Any] = {
    "NORTH": {
        "facility": "NORTH",
        "items": {
            "GLV-M": {"par": 400, "on_hand": 420, "pack": 10},
            "SUT-30": {"par": 96, "on_hand": 100, "pack": 12},
            "CATH-16": {"par": 100, "on_hand": 110, "pack": 10, "lots": True},
        },
    },
    "SOUTH": {
        "facility": "SOUTH",
        "items": {
            "GLV-M": {"par": 600, "on_hand": 640, "pack": 10},
            "CATH-16": {"par": 500, "on_hand": 510, "pack": 10, "lots": True},
        },
    },
}
"""Single units on hand, par levels, and units per box."""

A_BUSY_MORNING = {
    "NORTH": {"GLV-M": 240, "SUT-30": 52, "CATH-16": 70},
    "SOUTH": {"GLV-M": 360, "CATH-16": 450},
}
"""What is used, and so falls under par: SOUTH's order is above the approval limit."""


@dataclass(frozen=True)
class Addresses:
    """Where the hospital's partners are called."""

    suppliers: dict[str, str]
    inventory: str


def write_configuration(place: Path, addresses: Addresses, policy: Policy = POLICY) -> None:
    """Write what a deployment's config_dir holds, with fresh secrets; what is there already stays."""
    place.mkdir(parents=True, exist_ok=True)
    _write_secrets(place / "secrets")
    _write_people(place)
    (place / "stock.json").write_text(json.dumps(STOCK))
    versions = {"current": policy.version, "versions": [policy.model_dump(mode="json")]}
    (place / "policy.yaml").write_text(yaml.safe_dump(versions, sort_keys=False))
    (place / "partners").mkdir(exist_ok=True)
    for code, url in addresses.suppliers.items():
        _write_page(place, _supplier(place, code, url))
    stockroom = {"code": "stockroom", "kind": "inventory", "name": "The stockrooms' own system"}
    transport = _signed(place, "stockroom", addresses.inventory)
    _write_page(place, {**stockroom, "facilities": sorted(STOCK), "transport": transport})


def token_of(place: Path, person: str) -> str:
    """Return the token of one of the hospital's people."""
    return (place / "tokens" / person).read_text().strip()


def _supplier(place: Path, code: str, url: str) -> dict[str, Any]:
    partner = code.lower()
    transport = _signed(place, partner, url)
    return {"code": partner, "kind": "supplier", "supplier": code, "name": code, "transport": transport}


def _signed(place: Path, partner: str, url: str) -> dict[str, Any]:
    """Webhooks, both ways, on this machine."""
    secret = f"file:{place / 'secrets' / partner}"
    return {
        "kind": "https",
        "url": url,
        "allow_http": True,
        "outbound": {"kind": "signature", "secret": f"{secret}-outbound"},
        "inbound": {"kind": "signature", "secrets": [f"{secret}-inbound"]},
    }


def _write_page(place: Path, profile: dict[str, Any]) -> None:
    (place / "partners" / f"{profile['code']}.yaml").write_text(yaml.safe_dump(profile, sort_keys=False))


def _write_secrets(place: Path) -> None:
    place.mkdir(exist_ok=True)
    for partner in PARTNERS:
        for direction in ("inbound", "outbound"):
            _write_once(place / f"{partner}-{direction}", "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode())


def _write_people(place: Path) -> None:
    (place / "tokens").mkdir(exist_ok=True)
    people = []
    for name, roles in PEOPLE.items():
        token = _write_once(place / "tokens" / name, new_token())
        people.append({"name": name, "roles": [role.value for role in roles], "token_sha256": hash_of(token)})
    (place / "operators.yaml").write_text(yaml.safe_dump({"operators": people}, sort_keys=False))


def _write_once(path: Path, secret: str) -> str:
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secret)
    return path.read_text().strip()

"""The demo's hospital: its rules, its people, its partners, its stock, written as a deployment's configuration."""

import base64
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncssh
import yaml

from adapters.operators import Role, hash_of, new_token
from domain.policy import CaseKind, Policy
from sandbox.suppliers import TRADERS, Trader
from sandbox.tryton.catalogue import COMPANY, SUPPLIERS

HOST_KEY = "ssh-ed25519"

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
            "DRP-S": {"par": 60, "on_hand": 64, "pack": 10, "lots": True},
            "DRP-L": {"par": 40, "on_hand": 42, "pack": 10, "lots": True},
            "INF-20": {"par": 300, "on_hand": 310, "pack": 50, "lots": True},
        },
    },
    "SOUTH": {
        "facility": "SOUTH",
        "items": {
            "GLV-M": {"par": 600, "on_hand": 640, "pack": 10},
            "CATH-16": {"par": 500, "on_hand": 510, "pack": 10, "lots": True},
            "WND-10": {"par": 80, "on_hand": 85, "pack": 10, "lots": True},
        },
    },
}
"""Single units on hand, par levels, and units per box."""

A_BUSY_MORNING = {
    "NORTH": {"GLV-M": 240, "SUT-30": 52, "CATH-16": 70, "DRP-S": 44, "DRP-L": 22, "INF-20": 200},
    "SOUTH": {"GLV-M": 360, "CATH-16": 450, "WND-10": 55},
}
"""What is used, and so falls under par: SOUTH's order is above the approval limit."""


@dataclass(frozen=True)
class Addresses:
    """Where the hospital's partners are called; `mailboxes` are the ports of those reached by SFTP."""

    suppliers: dict[str, str]
    inventory: str
    mailboxes: dict[str, int] = field(default_factory=dict)


def write_configuration(place: Path, addresses: Addresses, policy: Policy = POLICY) -> None:
    """Write what a deployment's config_dir holds, with fresh secrets; what is there already stays."""
    place.mkdir(parents=True, exist_ok=True)
    _write_secrets(place / "secrets")
    _write_people(place)
    (place / "stock.json").write_text(json.dumps(STOCK))
    versions = {"current": policy.version, "versions": [policy.model_dump(mode="json")]}
    (place / "policy.yaml").write_text(yaml.safe_dump(versions, sort_keys=False))
    (place / "partners").mkdir(exist_ok=True)
    for trader in TRADERS:
        if trader.code in addresses.suppliers:
            _write_page(place, _supplier(place, trader, addresses))
    stockroom = {"code": "stockroom", "kind": "inventory", "name": "The stockrooms' own system"}
    transport = _signed(place, "stockroom", addresses.inventory)
    _write_page(place, {**stockroom, "facilities": sorted(STOCK), "transport": transport})


def token_of(place: Path, person: str) -> str:
    """Return the token of one of the hospital's people."""
    return (place / "tokens" / person).read_text().strip()


def _supplier(place: Path, trader: Trader, addresses: Addresses) -> dict[str, Any]:
    who = {"code": trader.partner, "kind": "supplier", "supplier": trader.code, "name": SUPPLIERS[trader.code]}
    return {**who, **PAGES[trader.module](place, trader, addresses)}


def _json(place: Path, trader: Trader, addresses: Addresses) -> dict[str, Any]:
    return {"transport": _signed(place, trader.partner, addresses.suppliers[trader.code])}


def _x12(place: Path, trader: Trader, addresses: Addresses) -> dict[str, Any]:
    """A mailbox behind SFTP, looked into often; its host key is known beforehand, as it should be."""
    return {
        "language": "x12",
        "x12": {"our_id": trader.buyer, "their_id": trader.identity},
        "transport": {
            "kind": "sftp",
            "host": "127.0.0.1",
            "port": addresses.mailboxes[trader.code],
            "user": "supplyline",
            "password": f"file:{place / 'secrets' / trader.partner}-mailbox",
            "host_keys": [(place / "secrets" / f"{trader.partner}-host-key.pub").read_text().strip()],
            "outbox": "/in",
            "inbox": "/out",
            "archive": "/fetched",
            "refused": "/refused",
            "poll_seconds": 0.3,
            "settle_seconds": 0.2,
        },
    }


def _ubl(place: Path, trader: Trader, addresses: Addresses) -> dict[str, Any]:
    """Posts with a password, both ways."""
    secret = f"file:{place / 'secrets' / trader.partner}"
    return {
        "language": "ubl",
        "us": {"name": COMPANY, "endpoint": trader.buyer},
        "them": {"name": SUPPLIERS[trader.code], "endpoint": trader.identity},
        "transport": {
            "kind": "https",
            "url": f"{addresses.suppliers[trader.code]}/documents",
            "allow_http": True,
            "outbound": {"kind": "basic", "user": "supplyline", "password": f"{secret}-outbound"},
            "inbound": {"kind": "basic", "user": trader.partner, "passwords": [f"{secret}-inbound"]},
        },
    }


def _cxml(place: Path, trader: Trader, addresses: Addresses) -> dict[str, Any]:
    """Posts that carry the shared secret themselves."""
    secret = f"file:{place / 'secrets' / trader.partner}-shared"
    return {
        "language": "cxml",
        "us": {"name": COMPANY},
        "cxml": {
            "ours": {"party": {"identity": trader.buyer}},
            "theirs": {"party": {"identity": trader.identity}},
        },
        "shared_secret": secret,
        "transport": {
            "kind": "https",
            "url": f"{addresses.suppliers[trader.code]}/cxml",
            "allow_http": True,
            "inbound": {"kind": "in_document", "secrets": [secret]},
        },
    }


PAGES: dict[str, Callable[[Path, Trader, Addresses], dict[str, Any]]] = {
    "supplier": _json,
    "edi_supplier": _x12,
    "ubl_supplier": _ubl,
    "cxml_supplier": _cxml,
}
"""What the page of a supplier says of its language, by the module that plays it."""


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
    for partner in (*(trader.partner for trader in TRADERS if trader.module == "supplier"), "stockroom"):
        for direction in ("inbound", "outbound"):
            _write_once(place / f"{partner}-{direction}", "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode())
    for name in ("heartland-mailbox", "nordic-inbound", "nordic-outbound", "opus-shared"):
        _write_once(place / name, secrets.token_urlsafe(32))
    key = asyncssh.generate_private_key(HOST_KEY)
    kept = asyncssh.import_private_key(_write_once(place / "heartland-host-key", key.export_private_key().decode()))
    (place / "heartland-host-key.pub").write_bytes(kept.export_public_key())


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

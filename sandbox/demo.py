"""The main job before your eyes: from items under par to paid invoices, on real servers. Run by `make demo`."""

import argparse
import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import httpx
from rich.console import Console
from rich.live import Live
from rich.table import Table

from sandbox.board import Board
from sandbox.hospital import A_BUSY_MORNING, PEOPLE, token_of
from sandbox.processes import CHECKOUT, ProcessError
from sandbox.stack import THE_STORY, Stack
from sandbox.suppliers import SPEAKS
from sandbox.tryton import treasury

RUN_DIR = CHECKOUT / ".run" / "demo"
PATIENCE_SECONDS = 120.0
ORDERS = 7

console = Console()


class Demo:
    """Drives the story: uses goods, approves, decides, pays; everything else happens by itself."""

    def __init__(self, stack: Stack, board: Board, began: float) -> None:
        self._stack = stack
        self._board = board
        self._began = began
        self._buyer = stack.api("tom.reyes")
        self._acted: set[str] = set()
        self.first_order_after: float | None = None

    def run(self) -> None:
        """Play the story to its end. Raises TimeoutError when it does not get there."""
        self._use_goods()
        end = time.monotonic() + PATIENCE_SECONDS
        while not self._is_over():
            if time.monotonic() > end:
                raise TimeoutError("the demo did not end in time; the logs are in .run/demo/logs")
            time.sleep(0.25)

    def _use_goods(self) -> None:
        for place, used in A_BUSY_MORNING.items():
            goods = ", ".join(f"{quantity} {item}" for item, quantity in used.items())
            self._board.say(f"A busy morning in {place} uses {goods}: under par, says the stockroom's system")
            content = {"location": place, "used": used}
            httpx.post(f"{self._stack.inventory_url}/use", json=content, timeout=10).raise_for_status()

    def _is_over(self) -> bool:
        requisitions = self._read("/v1/requisitions")
        orders = self._read("/v1/orders")
        self._board.show(requisitions, orders)
        self._time_first_order(orders)
        for requisition in requisitions:
            if requisition["status"] == "awaiting approval":
                self._once(requisition["requisition"]["number"], partial(self._approve, requisition))
        for case in self._read("/v1/exceptions"):
            if case["kind"] == "invoice match":
                self._once(case["id"], partial(self._release, case))
        if len(orders) == ORDERS and all(order["status"] in {"awaiting payment", "closed"} for order in orders):
            self._once("payment", self._pay)
        return len(orders) == ORDERS and all(shown["status"] == "closed" for shown in [*orders, *requisitions])

    def _read(self, path: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self._buyer.get(path, params={"limit": 200}).raise_for_status().json()["items"]
        return items

    def _time_first_order(self, orders: list[dict[str, Any]]) -> None:
        if self.first_order_after is None and any(order["order"]["po_number"] for order in orders):
            self.first_order_after = time.monotonic() - self._began
            self._board.say(f"The first order is in Tryton {self.first_order_after:.1f} s after the demo began", "bold")

    def _once(self, what: str, act: Callable[[], None]) -> None:
        if what not in self._acted:
            self._acted.add(what)
            act()

    def _approve(self, shown: dict[str, Any]) -> None:
        number, total = shown["requisition"]["number"], shown["total"]["amount"]
        self._board.say(
            f"You are Nadia Okafor: requisition {number} over USD {total} is above the limit; you approve it", "yellow"
        )
        path, content = f"/v1/requisitions/{number}/approve", {"reason": "Needed for tomorrow's list"}
        self._stack.api("nadia.okafor").post(path, json=content).raise_for_status()

    def _release(self, case: dict[str, Any]) -> None:
        self._board.say(f"{case['summary']}; it is {case['owner']}'s to decide", "red")
        for discrepancy in case["discrepancies"]:
            self._board.say(f"  {discrepancy['explanation']}", "red")
        self._board.say("You are Amara Singh: the supplier announced the price; you accept it", "yellow")
        content = {"resolution": "accept", "reason": "New contract price, announced last week"}
        self._stack.api("amara.singh").post(f"/v1/exceptions/{case['id']}/resolve", json=content).raise_for_status()

    def _pay(self) -> None:
        posted = [invoice for invoice in treasury.invoices(self._stack.postgres) if invoice.state == "posted"]
        self._board.say(f"The hospital's treasury pays {len(posted)} invoices in Tryton", "green")
        asyncio.run(_pay_all(self._stack, [int(invoice.record) for invoice in posted]))


async def _pay_all(stack: Stack, records: list[int]) -> None:
    async with stack.tryton.client() as tryton:
        for record in records:
            await treasury.pay(tryton, record)


def read_back(stack: Stack) -> tuple[Table, Table]:
    """Return what Tryton's own tables, our store and Temporal say at the end: nothing from the demo's memory."""
    return _goods_table(stack), _orders_table(stack)


def _goods_table(stack: Stack) -> Table:
    table = Table(title="Goods, read back from Tryton's own tables", title_justify="left")
    for column in ("PO", "item", "ordered", "received", "invoiced"):
        table.add_column(column, justify="left" if column in {"PO", "item"} else "right")
    for line in treasury.ledger(stack.postgres):
        quantities = (line.ordered, line.received, line.invoiced)
        table.add_row(line.po_number, line.item, *(f"{_short(quantity):f} {line.unit}" for quantity in quantities))
    return table


def _orders_table(stack: Stack) -> Table:
    table = Table(title="Orders, read back from Tryton, the store and Temporal", title_justify="left")
    for column in ("PO", "supplier", "invoice", "USD", "Tryton", "store", "Temporal"):
        table.add_column(column, justify="right" if column == "USD" else "left")
    shown = {order["order"]["po_number"]: order for order in stack.api("tom.reyes").get("/v1/orders").json()["items"]}
    suppliers = {line.po_number: (line.supplier, line.order_key) for line in treasury.ledger(stack.postgres)}
    running = asyncio.run(_in_temporal(stack))
    for bill in treasury.invoices(stack.postgres):
        supplier, key = suppliers[bill.po_number]
        numbers = bill.number or "", f"{bill.amount:,.2f}", bill.state
        where = shown[bill.po_number]["status"], running.get(key, "")
        table.add_row(bill.po_number, supplier, *numbers, *where)
    return table


def _short(number: Any) -> Any:  # noqa: ANN401 - Decimal in, Decimal out
    return number.quantize(1) if number == number.to_integral_value() else number.normalize()


async def _in_temporal(stack: Stack) -> dict[str, str]:
    """Return every order's execution status in Temporal, by the order's key."""
    from temporalio.client import Client  # noqa: PLC0415 - Temporal's runtime starts only where it is needed

    client = await Client.connect(stack.temporal.address)
    found = {}
    async for execution in client.list_workflows("WorkflowType = 'PurchaseOrderWorkflow'"):
        found[execution.id.rsplit("/", 1)[1]] = execution.status.name.lower() if execution.status else ""
    return found


def write_access(stack: Stack) -> None:
    """Leave what `p2p` needs to find the running demo."""
    people = RUN_DIR / "operators"
    people.mkdir(parents=True, exist_ok=True)
    for name in PEOPLE:
        lines = {"SUPPLYLINE_API_URL": stack.gateway_url, "SUPPLYLINE_TOKEN": token_of(stack.config_dir, name)}
        _write(people / f"{name}.env", lines)
    _write(RUN_DIR / "deployment.env", stack.environment)


def _write(path: Path, lines: dict[str, str]) -> None:
    path.touch(mode=0o600)
    path.write_text("".join(f"{name}={value}\n" for name, value in lines.items()))


def main() -> NoReturn:
    """Run the demo, and stop every process of it unless it is to be kept."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--keep", action="store_true", help="leave everything running until Ctrl-C")
    keep = options.parse_args().keep
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    stack = Stack(RUN_DIR)
    status = 1
    try:
        play(stack, keep=keep)
        status = 0
    except (ProcessError, TimeoutError, httpx.HTTPError) as error:
        console.print(f"[bold red]The demo failed:[/] {error}")
    except KeyboardInterrupt:
        console.print("Stopping ...")
        status = 130
    finally:
        stack.stop()
        sys.stdout.flush()
        os._exit(status)  # Temporal's runtime may abort a normal exit (temporalio/sdk-python#300)


def play(stack: Stack, *, keep: bool) -> None:
    """Start everything, play the story, print what is read back."""
    began = time.monotonic()
    with console.status("Starting ...") as status:

        def progress(step: str) -> None:
            console.print(f"[dim]{time.monotonic() - began:5.1f} s[/]  {step}")
            status.update(step)

        stack.start(progress, THE_STORY)
        write_access(stack)
    board = Board(SPEAKS)
    demo = Demo(stack, board, began)
    with Live(board, console=console, refresh_per_second=4):
        demo.run()
    console.print(*read_back(stack), sep="\n")
    console.print(f"Temporal UI  {stack.temporal.ui_url}")
    console.print(f"API          {stack.gateway_url}/v1/openapi.json")
    total = time.monotonic() - began
    console.print(f"First order in Tryton after {demo.first_order_after or 0:.1f} s, all closed after {total:.1f} s")
    if keep:
        console.print()
        console.print("Everything is left running; Ctrl-C stops it all. In another terminal:")
        console.print("  .venv/bin/p2p order list", highlight=False)
        signal.pause()


if __name__ == "__main__":
    main()

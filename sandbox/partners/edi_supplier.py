"""A supplier that speaks X12 and keeps a mailbox: 850 and 860 come in by SFTP, 855, 856, 810 and 997 lie to be fetched.

python -m sandbox.partners.edi_supplier --code HLIN --partner heartland --port 9004 --mailbox-port 9022 --gateway URL
    --dock URL --state DIR --secrets DIR --identity HLIN --buyer SUPPLYLINE
"""

import asyncio
from datetime import UTC, datetime
from itertools import groupby

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.partners import edi
from sandbox.partners.edi import Names, Received, Segment
from sandbox.partners.mailbox import Ledger, Mailbox
from sandbox.partners.serving import Choices, chosen_by, serve
from sandbox.partners.trading import Answer, Bill, Dock, Shipment, Trade


class Interchanges:
    """Says everything in interchanges left in the mailbox, each as often as the supplier repeats itself."""

    def __init__(self, mailbox: Mailbox, ledger: Ledger, names: Names, copies: int) -> None:
        self._mailbox = mailbox
        self._ledger = ledger
        self._names = names
        self._copies = copies

    def acknowledge(self, answer: Answer) -> None:
        """Leave an 855."""
        now = datetime.now(UTC)
        self._leave(f"855 {answer.order.po_number}", "855", edi.acknowledgement(answer, now), now)

    def announce(self, shipment: Shipment) -> None:
        """Leave an 856."""
        now = datetime.now(UTC)
        self._leave(f"856 {shipment.number}", "856", edi.ship_notice(shipment, now), now)

    def bill(self, bill: Bill) -> None:
        """Leave an 810."""
        now = datetime.now(UTC)
        self._leave(f"810 {bill.number}", "810", edi.invoice(bill, now), now)

    def blunder(self, answer: Answer) -> None:
        """Leave an 855 whose trailer is of another set."""
        now = datetime.now(UTC)

        def write(number: int) -> str:
            return edi.broken(edi.interchange("855", edi.acknowledgement(answer, now), self._names, number, now))

        number, text = self._ledger.once(f"blunder {answer.order.po_number}", write)
        self._mailbox.leave(f"{number:09d}.x12", text)

    def confirm(self, group: list[Received]) -> None:
        """Leave the 997 of a group; a group that comes again gets the same again."""
        now, first = datetime.now(UTC), group[0]
        self._leave(f"997 {first.interchange}-{first.group}", "997", edi.functional(group), now)

    def _leave(self, name: str, code: str, body: list[Segment], now: datetime) -> None:
        number, text = self._ledger.once(name, lambda number: edi.interchange(code, body, self._names, number, now))
        for copy in range(1, self._copies + 1):
            self._mailbox.leave(f"{number:09d}{f'-{copy}' if copy > 1 else ''}.x12", text)


class Clerk:
    """Opens the letters: confirms each group and takes the orders in it."""

    def __init__(self, trade: Trade, interchanges: Interchanges) -> None:
        self._trade = trade
        self._interchanges = interchanges

    def read(self, text: str) -> None:
        """Act on one interchange; what only confirms our own is kept and not answered."""
        for _, sets in groupby(edi.read(text), key=lambda one: one.group):
            group = list(sets)
            if group[0].code != "997":
                self._interchanges.confirm(group)
                for received in group:
                    self._act(received)

    def _act(self, received: Received) -> None:
        taken_back = edi.po_number_taken_back(received)
        if taken_back is not None:
            self._trade.cancelled(received.name, taken_back)
        elif received.code == "860":
            self._trade.changed(received.name, edi.order_of(received))
        else:
            self._trade.placed(received.name, edi.order_of(received))


def verdicts(mailbox: Mailbox) -> dict[str, list[str]]:
    """Return what the 997s that came say of our groups, by number."""
    said: dict[str, list[str]] = {}
    for letter in mailbox.read_letters():
        for received in edi.read(letter):
            if received.code == "997":
                number, verdict = edi.verdict_of(received)
                said.setdefault(number, []).append(verdict)
    return said


def app_of(trade: Trade, mailbox: Mailbox) -> Starlette:
    """Return the books, for whoever tests it."""

    async def books(_: Request) -> Response:
        return JSONResponse({"orders": trade.orders, "verdicts": verdicts(mailbox)})

    return Starlette(routes=[Route("/books", books)])


async def run(chosen: Choices) -> None:
    """Run one supplier and its mailbox."""
    mailbox, ledger = Mailbox(chosen.state / "mailbox"), Ledger(chosen.state / "written.json")
    interchanges = Interchanges(mailbox, ledger, Names(chosen.identity, chosen.buyer), chosen.behaviour.copies)
    trade = Trade(chosen.code, chosen.state, interchanges, Dock(chosen.dock), chosen.behaviour)
    clerk = Clerk(trade, interchanges)
    password = (chosen.secrets / f"{chosen.partner}-mailbox").read_text().strip()
    host_key = chosen.secrets / f"{chosen.partner}-host-key"
    async with await mailbox.open(chosen.mailbox_port, host_key, "supplyline", password):
        trade.resume()
        await serve(app_of(trade, mailbox), chosen.port, mailbox.read_for_ever(clerk.read))


if __name__ == "__main__":
    asyncio.run(run(chosen_by()))

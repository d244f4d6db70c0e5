"""p2p punch-out."""

import asyncio
import secrets
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
import yaml
from pydantic import ValidationError

from adapters.bad_document import BadDocumentError
from adapters.partners import Language, PartnerProfile, load_profile
from adapters.secrets import read_text_secret
from adapters.supplier.cxml.options import CxmlOptions
from adapters.supplier.cxml.reading import read
from adapters.supplier.cxml.shopping import (
    Cart,
    Shopping,
    cart_of,
    posted_document,
    requisition_lines_of,
    write_punch_out_setup,
)
from adapters.transports.opening import sender_of
from adapters.transports.parcel import Parcel
from adapters.yaml_files import ConfigurationError
from domain.errors import RejectedError, UnavailableError
from starter.cli import showing
from starter.cli.options import InJson
from starter.cli.refusing import refuse

app = typer.Typer(help="Shop in a supplier's own shop (cXML) and bring the cart home.", no_args_is_help=True)

Page = Annotated[Path, typer.Argument(metavar="PROFILE", help="The supplier's page, of language cxml")]
FAILURES = (ConfigurationError, BadDocumentError, ValidationError, UnavailableError, RejectedError)


@app.command("open")
def open_(
    profile: Page,
    return_url: Annotated[str, typer.Option(help="Where the browser brings the cart to")],
    facility: Annotated[str | None, typer.Option(help="Where the goods shall go")] = None,
    item: Annotated[str | None, typer.Option(help="The supplier's number of what to open the shop at")] = None,
    in_json: InJson = False,
) -> None:
    """Ask the supplier to open its shop; print the address to send the browser to, and the session's cookie."""
    cookie = secrets.token_urlsafe(24)
    try:
        page = _cxml(profile)
        shopping = Shopping(cookie=cookie, return_url=return_url, ship_to=facility, selected_item=item)
        start = asyncio.run(_opened(page, shopping))
    except FAILURES as error:
        refuse(_said(error), in_json=in_json)
    if in_json:
        showing.as_json({"start_page": start, "cookie": cookie})
        return
    showing.console.print(f"start page  {start}\ncookie      {cookie}", highlight=False, soft_wrap=True)


@app.command()
def cart(
    profile: Page,
    file: Annotated[Path, typer.Argument(help="The cart: the PunchOutOrderMessage, or the form the browser posted")],
    facility: Annotated[str, typer.Option(help="Who asks for it")],
    cookie: Annotated[str, typer.Option(help="The cookie of the session, as `open` gave it")],
    item: Annotated[list[str], typer.Option("--item", help="THEIRS=OURS: our code of a supplier's item; repeat it")],
) -> None:
    """Write a cart as a requisition, for `p2p requisition submit`. A cart of another session is refused."""
    try:
        page = _cxml(profile)
        found = _cart(page, file.read_bytes(), cookie)
        ours = dict(pair.split("=", 1) for pair in item)
        lines = requisition_lines_of(found, ours, page.supplier or page.code)
    except (*FAILURES, ValueError) as error:
        refuse(_said(error), in_json=False)
    except OSError as error:
        refuse(f"{file} cannot be read: {error.strerror}", in_json=False)
    content = {"facility": facility, "lines": [line.model_dump(mode="json", exclude_none=True) for line in lines]}
    typer.echo(yaml.safe_dump(content, sort_keys=False), nl=False)


async def _opened(page: PartnerProfile, shopping: Shopping) -> str:
    options, secret = page.cxml or CxmlOptions(), read_text_secret(page.shared_secret or "")
    body = write_punch_out_setup(shopping, page.correspondents, options, secret, _now())
    async with AsyncExitStack() as stack:
        sender = await sender_of(page.transport, stack, partner=page.code, clock=_now)
        parcel = Parcel(key=shopping.cookie, name="punch-out.xml", content_type="text/xml; charset=UTF-8", body=body)
        receipt = await sender.send(parcel)
    [reading] = read(receipt.body or b"", options)
    start = reading.details.get("start page", "")
    if not start:
        raise RejectedError(f"{page.code} does not open its shop ({reading.raw_type or 'no answer'})")
    return start


def _cart(page: PartnerProfile, body: bytes, cookie: str) -> Cart:
    document = body if body.lstrip()[:1] == b"<" else posted_document(body.strip())
    [reading] = read(document, page.cxml or CxmlOptions())
    found = cart_of(reading)
    if not secrets.compare_digest(found.cookie.encode(), cookie.encode()):
        raise BadDocumentError("BuyerCookie", "must be the one the session began with", "open the shop again")
    return found


def _cxml(path: Path) -> PartnerProfile:
    page = load_profile(path)
    if page.language is not Language.CXML:
        raise ConfigurationError(f"{path}: punch-out is cXML; this partner speaks {page.language.value}")
    return page


def _said(error: Exception) -> str:
    if isinstance(error, ValidationError):
        fault = error.errors(include_url=False, include_input=False, include_context=False)[0]
        return f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}"
    return str(error)


def _now() -> datetime:
    return datetime.now(UTC)

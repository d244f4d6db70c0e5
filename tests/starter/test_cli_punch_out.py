"""Shopping in a supplier's own shop: the session opens over HTTP, and only its own cart comes home."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import urlencode

import pytest
import yaml
from typer.testing import CliRunner

from starter.cli.app import app
from tests.adapters.cxml.documents import cash, message

RUN = CliRunner()


class Shop(BaseHTTPRequestHandler):
    """Opens its shop to whoever asks with the secret."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        is_known = b"<SharedSecret>hush</SharedSecret>" in body and b"https://hospital.example/back" in body
        status = '<Status code="200" text="OK"/>' if is_known else '<Status code="401" text="Unauthorized"/>'
        page = (
            "<PunchOutSetupResponse><StartPage><URL>https://shop.example/s/1</URL></StartPage></PunchOutSetupResponse>"
        )
        answer = message(status + (page if is_known else ""), carrier="Response", attributes="")
        self.send_response(200)
        self.send_header("content-type", "text/xml")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def shop() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Shop)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def a_page(folder: Path, url: str = "https://shop.example", agreed: str = "hush") -> Path:
    (folder / "secret").write_text(agreed)
    page = {
        "code": "opus",
        "kind": "supplier",
        "supplier": "OPUS",
        "language": "cxml",
        "shared_secret": f"file:{folder / 'secret'}",
        "transport": {"kind": "https", "url": url, "allow_http": True},
    }
    path = folder / "opus.yaml"
    path.write_text(yaml.safe_dump(page))
    return path


def a_cart(cookie: str = "c-1") -> bytes:
    item = f"""<ItemIn quantity="2"><ItemID><SupplierPartID>M-GLV-M</SupplierPartID></ItemID><ItemDetail><UnitPrice>
      {cash("1.10")}</UnitPrice><Description xml:lang="en">Gloves</Description><UnitOfMeasure>BX</UnitOfMeasure>
      </ItemDetail></ItemIn>"""
    total = f"<Total>{cash('2.20')}</Total>"
    header = f'<PunchOutOrderMessageHeader operationAllowed="create">{total}</PunchOutOrderMessageHeader>'
    content = f"<PunchOutOrderMessage><BuyerCookie>{cookie}</BuyerCookie>{header}{item}</PunchOutOrderMessage>"
    return message(content, carrier="Message", attributes="")


def brought_home(page: Path, cart: Path, cookie: str = "c-1", item: str = "M-GLV-M=GLV-M") -> tuple[int, str]:
    command = ["punch-out", "cart", str(page), str(cart), "--facility", "NORTH", "--cookie", cookie, "--item", item]
    result = RUN.invoke(app, command)
    return result.exit_code, result.output


def test_a_shop_opens_to_a_session_of_its_own(tmp_path: Path, shop: str) -> None:
    command = [
        "punch-out",
        "open",
        str(a_page(tmp_path, shop)),
        "--return-url",
        "https://hospital.example/back",
        "--json",
    ]
    first, second = (json.loads(RUN.invoke(app, command).output) for _ in range(2))
    assert first["start_page"] == "https://shop.example/s/1"
    assert first["cookie"] != second["cookie"]


def test_a_shop_that_does_not_open_says_why(tmp_path: Path, shop: str) -> None:
    page = a_page(tmp_path, shop, agreed="wrong")
    refused = RUN.invoke(app, ["punch-out", "open", str(page), "--return-url", "https://hospital.example/back"])
    assert refused.exit_code == 2
    assert "does not open its shop (401)" in refused.output


@pytest.mark.parametrize("posted", [False, True])
def test_a_cart_becomes_a_requisition(tmp_path: Path, posted: bool) -> None:
    cart = tmp_path / "cart"
    cart.write_bytes(urlencode({"cxml-urlencoded": a_cart()}).encode() if posted else a_cart())
    code, output = brought_home(a_page(tmp_path), cart)
    assert code == 0
    requisition = yaml.safe_load(output)
    assert requisition["facility"] == "NORTH"
    [line] = requisition["lines"]
    assert (line["item"], line["quantity"]["unit"], line["supplier"]) == ("GLV-M", "BX", "OPUS")


def test_a_cart_of_another_session_or_of_an_unknown_item_is_refused(tmp_path: Path) -> None:
    cart = tmp_path / "cart.xml"
    cart.write_bytes(a_cart("c-2"))
    assert brought_home(a_page(tmp_path), cart) == (2, "BuyerCookie: must be the one the session began with\n")
    code, output = brought_home(a_page(tmp_path), cart, cookie="c-2", item="X=Y")
    assert (code, "an item we do not have" in output) == (2, True)

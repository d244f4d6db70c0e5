"""Who sent a message, and what a secret must never be found in."""

import pytest
from pydantic import SecretStr

from adapters.supplier.cxml.credentials import CxmlCredentialError, check_sender
from adapters.supplier.cxml.options import Credential, Credentials
from adapters.supplier.cxml.reading import read, transmission_id
from tests.adapters.cxml.documents import OPTIONS, SECRET, confirmation, message, read_one

CONTENT = '<ConfirmationRequest><ConfirmationHeader type="accept"/></ConfirmationRequest>'
SECRETS = [SecretStr("last year's"), SecretStr(SECRET)]


def test_the_partner_is_known_by_its_identity_and_any_agreed_secret() -> None:
    check_sender(message(CONTENT), OPTIONS, SECRETS)
    check_sender(message(CONTENT, secret="last year&apos;s"), OPTIONS, SECRETS)


def test_the_case_of_domains_and_identities_does_not_matter() -> None:
    shouted = message(CONTENT).replace(b"NetworkId", b"NetworkID").replace(b"AN-MEDLINE", b"an-medline")
    check_sender(shouted, OPTIONS, SECRETS)


def test_a_hub_may_connect_for_the_partner() -> None:
    hub = Credentials(party=OPTIONS.theirs.party, sender=Credential(identity="AN-HUB"))
    options = OPTIONS.model_copy(update={"theirs": hub})
    check_sender(message(CONTENT, sender="AN-HUB"), options, SECRETS)
    with pytest.raises(CxmlCredentialError):
        check_sender(message(CONTENT), options, SECRETS)


@pytest.mark.parametrize(
    "body",
    [
        message(CONTENT, secret="guess"),
        message(CONTENT, secret=""),
        message(CONTENT, secret=SECRET.upper()),
        message(CONTENT, sender="AN-OTHER"),
        message(CONTENT).replace(b"AN-MEDLINE", b"AN-OTHER"),
        message(CONTENT).replace(b"<From>", b"<Form>").replace(b"</From>", b"</Form>"),
        message(CONTENT).replace(b"NetworkId", b"DUNS"),
        b"<cXML/>",
    ],
)
def test_every_other_message_is_refused_in_the_same_words(body: bytes) -> None:
    with pytest.raises(CxmlCredentialError) as refused:
        check_sender(body, OPTIONS, SECRETS)
    assert str(refused.value) == "the credentials of the message are not the partner's"
    assert refused.value.__cause__ is None


def test_without_an_agreed_secret_nobody_is_known() -> None:
    with pytest.raises(CxmlCredentialError):
        check_sender(message(CONTENT), OPTIONS, [])
    with pytest.raises(CxmlCredentialError):
        check_sender(message(CONTENT, secret=""), OPTIONS, [SecretStr("")])


def test_a_partner_proven_otherwise_needs_no_secret_but_its_identity() -> None:
    options = OPTIONS.model_copy(update={"expects_shared_secret": False})
    check_sender(message(CONTENT, secret=""), options, [])
    with pytest.raises(CxmlCredentialError):
        check_sender(message(CONTENT, sender="AN-OTHER"), options, [])


def test_a_secret_is_nowhere_in_what_is_read() -> None:
    body = confirmation("", kind="nonsense")
    assert SECRET.encode() in body
    assert SECRET not in read_one(body).model_dump_json()


def test_a_message_is_known_by_its_payload_id() -> None:
    assert transmission_id(message(CONTENT)) == "1764000000.17@medl.example"
    (reading,) = read(message(CONTENT), OPTIONS)
    assert reading.message_id == transmission_id(message(CONTENT))


@pytest.mark.parametrize("payload_id", ["", "  ", "x" * 500, "Größe@medl.example"])
def test_a_message_without_a_usable_payload_id_is_known_by_its_content(payload_id: str) -> None:
    one, other = message(CONTENT, payload_id=payload_id), message(CONTENT + " ", payload_id=payload_id)
    assert transmission_id(one) == transmission_id(one)
    assert transmission_id(one) != transmission_id(other)
    assert len(transmission_id(one)) <= 200
    assert transmission_id(one).isascii()


def test_a_partner_that_repeats_its_payload_ids_is_told_apart_by_content() -> None:
    options = OPTIONS.model_copy(update={"payload_ids_repeat": True})
    one, other = transmission_id(message(CONTENT), options), transmission_id(message(CONTENT + " "), options)
    assert one != other
    assert one.startswith("1764000000.17@medl.example#")

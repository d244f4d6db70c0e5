"""What a partner's cXML agreement says and the standard leaves open."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from domain.acknowledgement import AnswerKind
from domain.document import Command
from domain.identifiers import ItemCode

Text = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=r"^\S(?:.*\S)?$")]


class Credential(Command):
    """Who somebody is in a cXML header: an identity within a domain, as `NetworkId` and `AN01000000001`."""

    domain: Text = "NetworkId"
    identity: Text


class Credentials(Command):
    """One side of a partnership. `sender` is who really connects (a hub, say), where that is somebody else."""

    party: Credential
    sender: Credential | None = None

    @property
    def connecting(self) -> Credential:
        """Who stands in the Sender element."""
        return self.sender or self.party


class CxmlOptions(Command):
    """A partner's page of cXML. The shared secrets are not part of it: the transport hands them over."""

    ours: Credentials = Credentials(party=Credential(identity="SUPPLYLINE"))
    """From and Sender of what we send, To of what we get."""
    theirs: Credentials = Credentials(party=Credential(identity="PARTNER"))
    """To of what we send, From and Sender of what we get."""
    expects_shared_secret: bool = True
    """False where the partner proves itself otherwise, as by its certificate: only its identity is compared then."""
    version: Annotated[str, StringConstraints(pattern=r"^1\.[0-9]\.[0-9]{3}$")] = "1.2.063"
    """The release whose DTD our documents name."""
    user_agent: Text = "Supplyline"
    payload_domain: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.-]{1,80}$")] = "supplyline"
    """What stands behind the @ of our payloadIDs."""
    payload_ids_repeat: bool = False
    """True for a partner that puts one payloadID into many documents: its messages are told apart by content too."""
    deployment_mode: Literal["production", "test"] = "production"
    """What our requests say of themselves. A test request is never acted on by a production profile."""
    language: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")] = "en-US"
    """xml:lang of what we write."""
    units: Mapping[str, str] = Field(default_factory=dict)
    """Its unit codes that mean something else than in UN/CEFACT Recommendation 20, to ours: `{"CS": "CA"}`."""
    silent_lines: Literal[AnswerKind.ACCEPTED, AnswerKind.REJECTED] | None = None
    """What a line means that a confirmation of type detail or allDetail leaves out; null where a person is to ask."""
    extrinsics: tuple[Text, ...] = ()
    """Names of Extrinsic elements worth keeping; the others may be about people and are left out."""
    dtd: Path | None = None
    """A folder with cXML.dtd, Fulfill.dtd and InvoiceDetail.dtd of the partner's release, to validate against."""
    address_scheme: Literal["assigned", "gln", "duns", "hin"] = "assigned"
    """Which number of a place goes into addressID: our own code, a GLN, a DUNS number, a HIN."""
    classification_domain: Text = "UNSPSC"
    classifications: Mapping[ItemCode, str] = Field(default_factory=dict)
    """The classification of our items, which ItemDetail cannot be without."""
    unclassified: Annotated[str, StringConstraints(max_length=40)] = ""
    """What stands in Classification for an item not named above."""

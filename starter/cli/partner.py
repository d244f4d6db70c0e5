"""p2p partner."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from adapters.bad_document import BadDocumentError
from adapters.partners import Language, load_profile
from adapters.policies import load_policy
from adapters.yaml_files import ConfigurationError
from starter.cli import partner_check, partner_draft, partner_rehearse, showing
from starter.cli.options import AsPerson, InJson, api_of
from starter.cli.refusing import refuse
from starter.onboarding.checking import check as check_files
from starter.onboarding.drafting import NothingDeducedError
from starter.onboarding.drafting import draft as draft_page
from starter.onboarding.files import files_of
from starter.onboarding.orders import load_order
from starter.onboarding.validating import pages_of, problems_of
from starter.onboarding.writing import Sample, Subject, sample_order, written

app = typer.Typer(help="Bring a partner on; hold a partner's events back, and let them go on.", no_args_is_help=True)

Page = Annotated[Path, typer.Argument(metavar="PROFILE", help="The partner's page, a YAML file")]
Samples = Annotated[list[str], typer.Argument(metavar="FILE...", help="Its documents: files, folders, patterns")]


@app.command("list")
def list_(person: AsPerson = None, in_json: InJson = False) -> None:
    """List the partners."""
    found = api_of(person, in_json).get("/v1/partners")
    if in_json:
        showing.as_json(found)
        return
    rows = [(partner["code"], partner["kind"], partner["name"], partner["paused_by"] or "") for partner in found]
    showing.table("Partners", ("code", "kind", "name", "paused by"), rows)


@app.command()
def pause(code: str, person: AsPerson = None, in_json: InJson = False) -> None:
    """Take a partner's events in without dispatching them."""
    standing = api_of(person, in_json).send("PUT", f"/v1/partners/{code}/pause")
    showing.as_json(standing) if in_json else showing.console.print(f"{code} is paused", highlight=False)


@app.command()
def resume(code: str, person: AsPerson = None, in_json: InJson = False) -> None:
    """Dispatch what has waited, and go on."""
    standing = api_of(person, in_json).send("DELETE", f"/v1/partners/{code}/pause")
    showing.as_json(standing) if in_json else showing.console.print(f"{code} goes on", highlight=False)


@app.command()
def write(
    profile: Page,
    sample: Annotated[Sample, typer.Option("--kind", help="What to write")] = Sample.ORDER,
    order: Annotated[Path | None, typer.Option(help="The order it is about, in JSON; else one of two lines")] = None,
    of: Annotated[Path | None, typer.Option(help="For an acknowledgement: what the partner sent")] = None,
    out: Annotated[Path | None, typer.Option(help="Where to write it; else standard output")] = None,
) -> None:
    """Write what we would send this partner, as its page says, for its people to look at. Needs nothing else.

    It has the first control numbers and stand-ins for secrets, and is kept nowhere.
    """
    try:
        page = load_profile(profile)
        subject = Subject(load_order(order) if order else sample_order(page), of.read_bytes() if of else b"")
        content = written(page, sample, subject, datetime.now(UTC))
    except (ConfigurationError, BadDocumentError) as error:
        refuse(str(error), in_json=False)
    except OSError as error:
        refuse(f"{of} cannot be read: {error.strerror}", in_json=False)
    if out is not None:
        out.write_bytes(content)
        return
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


@app.command()
def check(
    profile: Page,
    files: Samples,
    against: Annotated[list[Path] | None, typer.Option(help="An order its documents are about, in JSON")] = None,
    config: Annotated[Path | None, typer.Option(help="The folder whose policy.yaml decides")] = None,
    in_json: InJson = False,
) -> None:
    """Read a partner's sample documents as its page says, and tell what would become of each. Needs nothing else.

    The exit code is 0 when everything can be acted on, 1 when something cannot, 2 when the page or an order is wrong.
    """
    try:
        page = load_profile(profile)
        orders = [load_order(path) for path in against or []]
        policy = load_policy(config) if config is not None else None
    except ConfigurationError as error:
        refuse(str(error), in_json=in_json)
    found = check_files(page, files_of(files), at=datetime.now(UTC), against=orders, policy=policy)
    if in_json:
        showing.as_json({**found.model_dump(mode="json"), "is_acted_on": found.is_acted_on})
    else:
        for line in partner_check.text_of(found):
            showing.console.print(line, markup=False, highlight=False, soft_wrap=True)
    if not found.is_acted_on:
        raise typer.Exit(1)


@app.command()
def draft(
    files: Samples,
    code: Annotated[str | None, typer.Option(help="How we are to call the partner")] = None,
    supplier: Annotated[str | None, typer.Option(help="The ERP's code of the supplier")] = None,
    language: Annotated[Language | None, typer.Option(help="Where the samples are of several")] = None,
    out: Annotated[Path | None, typer.Option(help="Write the page here, where no file is yet")] = None,
    in_json: InJson = False,
) -> None:
    """Write a partner's page from its sample documents: what they say filled in, the rest marked for a person."""
    samples, problems = partner_draft.samples_of(files_of(files))
    try:
        found = draft_page(samples, code=code, supplier=supplier, language=language)
        if out is not None:
            partner_draft.put(found.page, out)
    except NothingDeducedError as error:
        refuse(str(error), in_json=in_json)
    except OSError as error:
        refuse(f"{out} cannot be written: {error.strerror}", in_json=in_json)
    for problem in [*problems, *(f"{name}: left out, is not {found.language}" for name in found.left_out)]:
        typer.echo(problem, err=True)
    if in_json:
        showing.as_json(partner_draft.as_document(found))
    elif out is None:
        typer.echo(found.page, nl=False)
    else:
        typer.echo(f"{out} is written, with {len(found.questions)} questions in it: search for check")


@app.command()
def validate(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[DIR|PROFILE]...", help="Else those of SUPPLYLINE_CONFIG_DIR")
    ] = None,
    in_json: InJson = False,
) -> None:
    """Hold partners' pages against their rules. The exit code is 1 when one breaks some, 2 when there is none."""
    configured = os.environ.get("SUPPLYLINE_CONFIG_DIR")
    pages = pages_of(paths or ([Path(configured)] if configured else []))
    if not pages:
        refuse("name a page or a folder of pages, or set SUPPLYLINE_CONFIG_DIR", in_json=in_json)
    problems = problems_of(pages)
    if in_json:
        content = [problem.model_dump() for problem in problems]
        showing.as_json({"pages": [str(page) for page in pages], "problems": content})
    else:
        for problem in problems:
            typer.echo(problem)
        typer.echo(f"pages: {len(pages)}, problems: {len(problems)}")
    if problems:
        raise typer.Exit(1)


partner_rehearse.register(app)

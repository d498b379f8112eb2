"""Leads in from the command line: people, files, real data sets, simulated traffic."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer

from leadflow.cli.installation import installation
from leadflow.cli.stack import CREDENTIALS
from leadflow.infra.progress import Step, say

Organization = Annotated[
    str, typer.Option("--organization", "-o", help="Its name; may be left out where there is only one.")
]


def register(app: typer.Typer) -> None:
    app.command("create-admin")(create_admin)
    app.command("import")(import_leads)
    app.command()(replay)
    app.command()(simulate)
    app.command(hidden=True)(seed_demo)


def create_admin(
    email: Annotated[str, typer.Option(prompt="E-mail address")],
    name: Annotated[str, typer.Option(prompt="Name")],
    organization: Annotated[str, typer.Option("--organization", "-o", prompt="Organization")],
    password: Annotated[
        str,
        typer.Option(envvar="LEADFLOW_ADMIN_PASSWORD", prompt="Password", hide_input=True, confirmation_prompt=True),
    ],
) -> None:
    """Create an account that owns an organization; the organization is created when it does not exist."""
    from leadflow.cli import product

    with installation() as settings:
        asyncio.run(
            product.create_admin(settings, email=email, name=name, organization=organization, password=password)
        )
        say(f"{email} owns {organization}: log in at {settings.public_url}/login")


def import_leads(
    file: Annotated[Path, typer.Argument(help="CSV file with a header row.", exists=True, dir_okay=False)],
    organization: Organization = "",
    mapping: Annotated[
        list[str] | None, typer.Option("--map", help="COLUMN=FIELD, repeatable; guessed from the header otherwise.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, change nothing.")] = False,
) -> None:
    """Import leads from a CSV file; rows with problems come back in FILE.rejected.csv."""
    from leadflow.cli import product

    chosen = dict(_pair(text) for text in mapping or [])
    with installation() as settings, Step(f"importing {file.name}") as step:

        def report(line: str) -> None:
            step.detail = line

        summary, rejected = asyncio.run(
            product.import_file(
                settings, file, organization=organization, mapping=chosen, dry_run=dry_run, report=report
            )
        )
    say(summary)
    if rejected:
        problems = file.with_suffix(".rejected.csv")
        problems.write_bytes(rejected)
        say(f"The rows that were not imported, each with its reason: {problems}")


def replay(
    dataset: Annotated[str, typer.Argument(help="olist or bank")],
    directory: Annotated[
        Path, typer.Option("--from", envvar="LEADFLOW_DATA", help="Folder with the data files.", exists=True)
    ],
    rate: Annotated[float, typer.Option(help="Steps a second; 0 is as fast as possible.", min=0)] = 20.0,
    organization: Organization = "",
) -> None:
    """Replay real marketing data in time order, and tell how good the scores given before each outcome were."""
    from leadflow.cli import product

    with installation() as settings:
        with Step(f"replaying {dataset}") as step:

            def report(line: str) -> None:
                step.detail = line

            summary = asyncio.run(
                product.replay(settings, dataset, directory, rate=rate, organization=organization, report=report)
            )
        say(summary)


def simulate(
    speed: Annotated[float, typer.Option(help="Pace; 1 is one a person can watch.", min=0.1, max=100)] = 1.0,
) -> None:
    """Let the demo organization live: leads, behaviour and outcomes, until Ctrl-C."""
    from leadflow.cli import product

    with installation() as settings:
        asyncio.run(product.run_live(settings, speed=speed, report=say))


def seed_demo(days: Annotated[int, typer.Option(min=0, max=90)] = 14) -> None:
    """Make the demo organization and its history, once."""
    from leadflow.cli import product

    with installation() as settings:
        people = asyncio.run(product.seed_demo(settings, days=days, report=say))
        path = settings.home / CREDENTIALS
        path.write_text(json.dumps(people, indent=2))
        path.chmod(0o600)


def _pair(text: str) -> tuple[str, str]:
    column, separator, field = text.partition("=")
    if not separator:
        raise typer.BadParameter(f"{text!r} is not COLUMN=FIELD", param_hint="--map")
    return column, field

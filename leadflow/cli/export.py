"""`leadflow export`: an organization's leads as a file."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from leadflow.cli.installation import installation
from leadflow.infra.progress import say


def register(app: typer.Typer) -> None:
    app.command()(export)


def export(
    file: Annotated[Path, typer.Argument(help="Where to; .xlsx makes a workbook, anything else CSV.")],
    organization: Annotated[
        str,
        typer.Option("--organization", "-o", help="Its name or id; may be left out where there is only one."),
    ] = "",
) -> None:
    """Write all leads of an organization into a file, the best score first. The export is itself recorded."""
    from leadflow.cli import product

    with installation() as settings:
        say(asyncio.run(product.export_leads(settings, organization, file)))

"""`leadflow relearn`: scoring and insights start anew from the log, said by whoever runs the installation."""

import asyncio
from typing import Annotated

import typer

from leadflow.cli.installation import installation
from leadflow.infra.progress import say


def register(app: typer.Typer) -> None:
    app.command()(relearn)


def relearn(
    organization: Annotated[
        str, typer.Option("--organization", "-o", help="Its name or id; all of them where it is left out.")
    ] = "",
) -> None:
    """Have scoring learn, and insights count, everything anew from the log, as after somebody has left it."""
    from leadflow.cli import product

    with installation() as settings:
        asyncio.run(product.relearn(settings, organization, say))

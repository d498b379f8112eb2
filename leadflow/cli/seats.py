"""`leadflow seats`: how many people may belong to an organization, said by whoever runs the installation."""

import asyncio
from typing import Annotated

import typer

from leadflow.cli.installation import installation
from leadflow.infra.progress import say
from leadflow.tenancy.commands import SetSeats


def register(app: typer.Typer) -> None:
    app.command()(seats)


def seats(
    organization: Annotated[
        str,
        typer.Option("--organization", "-o", help="Its name or id; may be left out where there is only one."),
    ] = "",
    number: Annotated[int | None, typer.Option("--set", min=1, max=1_000_000, help="So many from now on.")] = None,
    unlimited: Annotated[bool, typer.Option("--unlimited", help="Any number from now on.")] = False,
) -> None:
    """Say how many seats an organization has and who takes them; with --set or --unlimited, change it first."""
    from leadflow.cli import product

    if unlimited and number is not None:
        raise typer.BadParameter("Either --set or --unlimited, not both.")
    change = SetSeats(seats=number) if unlimited or number is not None else None
    with installation() as settings:
        say(asyncio.run(product.seats_of(settings, organization, change)))

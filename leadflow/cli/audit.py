"""`leadflow audit …`: proof that nobody has rewritten what happened."""

import asyncio
from typing import Annotated

import typer

from leadflow.cli.installation import installation
from leadflow.infra.progress import say


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="The audit trail: who did what.", no_args_is_help=True)
    group.command()(verify)
    app.add_typer(group, name="audit")


def verify(
    organization: Annotated[str, typer.Option("--organization", "-o", help="Its name; all when left out.")] = "",
) -> None:
    """Go through every entry; exit status 1 when any was changed, added or removed."""
    from leadflow.cli import product

    with installation() as settings:
        is_whole = asyncio.run(product.verify_audit(settings, organization=organization, report=say))
    if not is_whole:
        raise typer.Exit(1)

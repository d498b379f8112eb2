"""`leadflow seed`: a large organization for measuring."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import typer

from leadflow.cli.installation import installation
from leadflow.infra.progress import Step, say

DAY = "%Y-%m-%d"


def register(app: typer.Typer) -> None:
    app.command()(seed)


def seed(
    leads: Annotated[int, typer.Option(help="How many leads.", min=1, max=100_000_000)] = 1_000_000,
    events: Annotated[int, typer.Option(help="How many events they have together.", min=0)] = 5_000_000,
    organization: Annotated[
        str, typer.Option("--organization", "-o", help="Its name; founded if there is none.")
    ] = "Measured",
    number: Annotated[int, typer.Option("--seed", help="The same number draws the same leads.", min=0)] = 1,
    until: Annotated[
        datetime | None,
        typer.Option(formats=[DAY], help="The day whose beginning ends the two years; now if left out."),
    ] = None,
    among_others: Annotated[
        bool, typer.Option("--among-others", help="Also where there are leads, which cannot be told apart afterwards.")
    ] = False,
) -> None:
    """Plant a large organization for measuring: leads of two years, and what happened to them.

    Sources, stages, owners, values, names and times are distributed as in a real one; addresses and numbers are
    reserved and reach nobody. They belong to the people who sell, and where nobody does to 24 new ones in four teams.
    Leads have their scores and bands, without the cards that explain them: those come with
    what happens next to a lead.

    The events keep when they occurred, are recorded now, and stand in the log before the place that every projection
    has reached: a worker has nothing to fold afterwards, sends nothing and routes nothing. `leadflow relearn` folds
    them.

    A run that was stopped goes on when it is told again with the same numbers, and does nothing when all is there.
    PostgreSQL gathers its statistics within a minute or two after the end; measure after that.
    """
    from leadflow.cli import seeding

    moment = until.replace(tzinfo=UTC) if until else datetime.now(UTC).replace(microsecond=0)
    with installation() as settings, Step(f"planting {leads:,} leads and {events:,} events") as step:

        def report(line: str) -> None:
            step.detail = line

        wanted = seeding.Wanted(organization, leads, events, number, moment, is_among_others=among_others)
        told = asyncio.run(seeding.plant(settings, wanted, report, say))
    say(told)

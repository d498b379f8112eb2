"""`leadflow seats`: whoever runs the installation says how many people may belong to an organization."""

import pytest

from leadflow.bootstrap import App
from leadflow.cli import product
from leadflow.kernel.errors import NotFound
from leadflow.tenancy.commands import SetSeats
from leadflow.tenancy.permissions import Role
from tests.cli.terminal import leadflow
from tests.fixtures import cast
from tests.fixtures.cast import Member


@pytest.fixture
async def ada(alone: App) -> Member:
    owner, *_ = await cast.found_company(alone, "Oslo", ("Ada", Role.OWNER), ("Ben", Role.REP))
    return owner


async def said(app: App, organization: str, change: SetSeats | None = None) -> str:
    return await product.seats_of(app.settings, organization, change)


async def test_seats_are_read_set_and_lifted(alone: App, ada: Member) -> None:
    oslo = str(ada.organization_id)
    assert await said(alone, oslo) == "Oslo: any number of seats, taken by 2 people"
    assert await said(alone, oslo, SetSeats(seats=3)) == "Oslo: 3 seats, taken by 2 people."
    over = "Oslo: 1 seat, taken by 2 people. Nobody has to leave, and nobody can join."
    assert await said(alone, oslo, SetSeats(seats=1)) == over
    assert await said(alone, oslo, SetSeats(seats=None)) == "Oslo: any number of seats, taken by 2 people"
    for nowhere in ("Nowhere", str(ada.actor.id)):
        with pytest.raises(NotFound):
            await said(alone, nowhere, SetSeats(seats=3))


async def test_on_the_command_line(alone: App, ada: Member) -> None:
    oslo = ("--organization", str(ada.organization_id))
    assert await leadflow(alone, "seats", *oslo, "--set", "7") == (0, "Oslo: 7 seats, taken by 2 people.\n")
    assert await leadflow(alone, "seats", *oslo) == (0, "Oslo: 7 seats, taken by 2 people.\n")
    assert (await leadflow(alone, "seats", *oslo, "--set", "7", "--unlimited"))[0] == 2
    assert (await leadflow(alone, "seats", *oslo, "--set", "0"))[0] == 2
    code, words = await leadflow(alone, "seats", "--organization", "Nowhere", "--unlimited")
    assert (code, words) == (1, "leadflow: There is no organization called 'Nowhere'.\n")

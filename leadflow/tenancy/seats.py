"""Use cases of seats: how many people may belong to an organization, as whoever runs the installation says."""

from leadflow.kernel.errors import Forbidden, NotFound
from leadflow.kernel.events import Event
from leadflow.kernel.permissions import Permission
from leadflow.kernel.scope import ActorKind
from leadflow.kernel.work import Work
from leadflow.tenancy import repository
from leadflow.tenancy.commands import SetSeats
from leadflow.tenancy.errors import SeatsTaken
from leadflow.tenancy.rules import Seats


async def seats(work: Work) -> Seats:
    """How many there are, and how many are taken."""
    work.scope.require(Permission.PEOPLE_MANAGE)
    return await repository.seats(work)


async def require_free_seat(work: Work) -> None:
    """Before somebody is invited or let in again: of two who want the last seat at once, one gets it.

    Raises:
        SeatsTaken: there is none; says what can be done.

    """
    work.scope.require(Permission.PEOPLE_MANAGE)
    held = await repository.hold_seats(work)
    if held.free == 0:
        seats = "The only seat is taken" if held.limit == 1 else f"All {held.limit} seats are taken"
        raise SeatsTaken(
            f"{seats}, by {held}. Suspend somebody, revoke an invitation, or ask whoever runs this installation"
            " for more seats."
        )


async def require_reserved_seat(work: Work) -> None:
    """Before somebody who was invited joins. Raises SeatsTaken, where there are fewer seats than when they were."""
    work.scope.require(Permission.PEOPLE_MANAGE)
    if not (await repository.hold_seats(work)).admits_invited:
        raise SeatsTaken(
            "There is no seat for you right now. Ask whoever invited you to make room; your link stays good."
        )


async def set_seats(work: Work, command: SetSeats) -> Seats:
    """Say how many people may belong to the organization. Nobody has to leave where there are more already.

    Raises:
        Forbidden: it is not the installation itself that says so.
        NotFound: there is no such organization.

    """
    work.scope.require(Permission.SETTINGS_MANAGE)
    if work.scope.actor.kind is not ActorKind.SYSTEM:
        raise Forbidden("Seats are given by whoever runs this installation.")
    organization = await repository.organization(work)
    if organization is None:
        raise NotFound("This organization does not exist.")
    if organization.seats != command.seats:
        data = {"before": organization.seats, "seats": command.seats}
        work.record(Event("organization.seats_set", data=data))
        organization.seats = command.seats
        await work.session.flush()
    return await repository.seats(work)

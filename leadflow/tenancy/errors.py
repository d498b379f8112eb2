"""What can be wrong with teams, roles, people and their holidays."""

from leadflow.kernel.errors import Conflict, NotFound


class TeamNotFound(NotFound):
    title = "This team does not exist"


class MemberNotFound(NotFound):
    title = "This person is not of your organization"


class RoleNotFound(NotFound):
    title = "This role does not exist"


class InvitationNotFound(NotFound):
    title = "This invitation does not exist"


class HolidayNotFound(NotFound):
    title = "This holiday does not exist"


class TeamInUse(Conflict):
    title = "Something hangs on this team"


class SeatsTaken(Conflict):
    title = "Every seat is taken"


class RoleInUse(Conflict):
    title = "Somebody has this role"

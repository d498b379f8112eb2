"""People, teams and roles."""

import reflex as rx

from leadflow.ui.wrappers.source import Island, local


class PeopleTree(Island):
    library = local("people_tree.jsx")
    tag = "PeopleTree"


class TeamTree(Island):
    library = local("team_tree.jsx")
    tag = "TeamTree"


class WorkingHours(Island):
    library = local("working_hours.jsx")
    tag = "WorkingHours"


class Absences(Island):
    library = local("absences.jsx")
    tag = "Absences"

    everybody: rx.Var[bool]


class WorkCalendar(Island):
    library = local("calendar.jsx")
    tag = "WorkCalendar"


class RoleMatrix(Island):
    library = local("role_matrix.jsx")
    tag = "RoleMatrix"

    rights: rx.Var[list[dict[str, str | bool]]]
    reaches: rx.Var[list[dict[str, str]]]
    fields: rx.Var[list[dict[str, str | bool]]]

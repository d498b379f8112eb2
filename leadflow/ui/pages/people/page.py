"""Who belongs where, and may do what."""

import reflex as rx

from leadflow.kernel.fields import LeadField
from leadflow.tenancy.permissions import REACHING, Extent, Permission
from leadflow.tenancy.rules import PLAIN
from leadflow.ui.page import Page, main
from leadflow.ui.wrappers.filters import UrlTabs
from leadflow.ui.wrappers.frame import allowed
from leadflow.ui.wrappers.people import Absences, PeopleTree, RoleMatrix, TeamTree, WorkCalendar, WorkingHours

RIGHTS = {
    Permission.LEADS_READ: "See leads",
    Permission.LEADS_WRITE: "Change leads",
    Permission.LEADS_EXPORT: "Export leads",
    Permission.EVENTS_WRITE: "Record what leads did",
    Permission.INSIGHT_READ: "See key figures",
    Permission.LEADS_IMPORT: "Import files",
    Permission.FORMS_MANAGE: "Forms",
    Permission.KEYS_MANAGE: "API keys",
    Permission.PEOPLE_MANAGE: "People and teams",
    Permission.OWNERS_MANAGE: "Make and unmake owners",
    Permission.ROUTING_MANAGE: "Assignment rules",
    Permission.AUDIT_READ: "Audit trail",
    Permission.SETTINGS_MANAGE: "Settings",
    Permission.SESSIONS_OWN: "Their own log-ins",
}
"""In the order in which they are read: first how far somebody sees, then what they look after."""

FIELDS = {
    LeadField.NAME: "Name of the lead",
    LeadField.PHONE: "Phone and its facts",
    LeadField.EMAIL: "Email and its facts",
    LeadField.CUSTOM: "All other fields",
}

REACHES = {
    Extent.OWN: ("Own", "Their own only"),
    Extent.TEAM: ("Team", "Those of their team"),
    Extent.SUBTREE: ("Team and below", "Those of their team and all below"),
    Extent.ALL: ("Everything", "Everything"),
}

TABS = [
    {"key": "people", "label": "People"},
    {"key": "teams", "label": "Teams"},
    {"key": "roles", "label": "Roles"},
    {"key": "calendar", "label": "Calendar"},
    {"key": "time", "label": "Hours and absences"},
]

WHO_SEES_WHAT = (
    "Reps see their team's leads; managers and viewers their team's and all below; owners and admins everything. "
    "Without teams, everybody sees the same leads."
)


def _rights() -> list[dict[str, str | bool]]:
    named = [*RIGHTS, *(permission for permission in Permission if permission not in RIGHTS)]
    return [
        {
            "value": permission.value,
            "label": RIGHTS.get(permission, permission.value),
            "reaches": permission in REACHING,
            "wide": permission not in PLAIN,
        }
        for permission in named
    ]


def _fields() -> list[dict[str, str | bool]]:
    return [
        {"value": field.value, "label": FIELDS.get(field, field.value.title()), "seen": field is LeadField.NAME}
        for field in LeadField
    ]


def _tabs() -> rx.Component:
    reaches = [{"value": extent.value, "label": label, "choice": choice} for extent, (label, choice) in REACHES.items()]
    return UrlTabs.create(
        PeopleTree.create(),
        TeamTree.create(),
        RoleMatrix.create(rights=_rights(), reaches=reaches, fields=_fields()),
        WorkCalendar.create(),
        _times(),
        param="tab",
        label="People",
        names=TABS,
    )


def _times() -> rx.Component:
    return rx.el.div(
        _section(
            "Absences",
            "Whoever is away gets no new leads, and no time to answer runs for them.",
            Absences.create(everybody=True),
        ),
        _section(
            "Working hours", "Outside of them leads go to others, as long as somebody works.", WorkingHours.create()
        ),
        class_name="lf-times",
    )


def _section(heading: str, help_text: str, content: rx.Component) -> rx.Component:
    return rx.el.section(
        rx.el.h2(heading, class_name="lf-heading"),
        rx.el.p(help_text, class_name="lf-muted"),
        content,
        class_name="lf-section",
    )


def people() -> rx.Component:
    return main(
        "People",
        allowed(
            Permission.PEOPLE_MANAGE,
            rx.el.p(WHO_SEES_WHAT, class_name="lf-muted lf-lead-in"),
            _tabs(),
            otherwise="Owners and admins arrange here who belongs where. Ask one of them.",
        ),
        class_name="lf-main--wide",
    )


PAGE = Page(route="/people", title="People", draw=people)

"""Sessions, notifications, keys, forms, the audit trail, appearance."""

import reflex as rx

from leadflow.audit.rules import NOUNS
from leadflow.tenancy.permissions import KEY_SCOPES, Permission
from leadflow.ui.layout.frame import theme_switch
from leadflow.ui.page import Page, main
from leadflow.ui.wrappers.filters import UrlTabs
from leadflow.ui.wrappers.notices import NoticeWishes
from leadflow.ui.wrappers.people import Absences
from leadflow.ui.wrappers.work import ApiKeys, AuditTrail, HostedForms, Sessions

SCOPE_LABELS = {
    Permission.LEADS_READ: "Read leads",
    Permission.LEADS_WRITE: "Create and change leads",
    Permission.LEADS_IMPORT: "Import files",
    Permission.LEADS_EXPORT: "Export leads",
    Permission.EVENTS_WRITE: "Send behaviour events",
    Permission.INSIGHT_READ: "Read key figures",
}
USUAL_SCOPES = {Permission.LEADS_WRITE, Permission.EVENTS_WRITE}
SCOPES: list[dict[str, str | bool]] = [
    {"value": scope.value, "label": SCOPE_LABELS[scope], "usual": scope in USUAL_SCOPES}
    for scope in SCOPE_LABELS
    if scope in KEY_SCOPES
]

FORM_FIELDS: list[dict[str, str | bool]] = [
    {"value": "name", "label": "Name", "usual": True},
    {"value": "email", "label": "Email", "usual": True},
    {"value": "phone", "label": "Phone", "usual": False},
    {"value": "company", "label": "Company", "usual": True},
    {"value": "title", "label": "Title", "usual": False},
    {"value": "message", "label": "Message", "usual": False},
]

AUDIT_KINDS = [{"value": noun, "label": label} for noun, label in {"lead": "Leads", "task": "Tasks", **NOUNS}.items()]

TABS = [
    {"key": "sessions", "label": "Sessions", "permission": Permission.SESSIONS_OWN.value},
    {"key": "notifications", "label": "Notifications", "permission": Permission.LEADS_READ.value},
    {"key": "absences", "label": "My absences", "permission": Permission.LEADS_WRITE.value},
    {"key": "keys", "label": "API keys", "permission": Permission.KEYS_MANAGE.value},
    {"key": "forms", "label": "Forms", "permission": Permission.FORMS_MANAGE.value},
    {"key": "audit", "label": "Audit", "permission": Permission.AUDIT_READ.value},
    {"key": "appearance", "label": "Appearance"},
]


def _section(heading: str, help_text: str, *content: rx.Component) -> rx.Component:
    return rx.el.section(
        rx.el.h2(heading, class_name="lf-heading"),
        rx.el.p(help_text, class_name="lf-muted"),
        *content,
        class_name="lf-section",
    )


def settings() -> rx.Component:
    return main(
        "Settings",
        UrlTabs.create(
            _section("Sessions", "Where you are logged in. End any that you do not know.", Sessions.create()),
            _section(
                "Notifications",
                "What you hear about. Nobody is told of what they did themselves.",
                NoticeWishes.create(),
            ),
            _section("My absences", "While you are away, new leads go to others.", Absences.create(everybody=False)),
            _section(
                "API keys",
                "For your other systems. Each is shown once, when it is made.",
                ApiKeys.create(scopes=SCOPES),
            ),
            _section(
                "Forms", "Pages that turn a visitor's answers into a lead.", HostedForms.create(choices=FORM_FIELDS)
            ),
            _section(
                "Audit",
                "Who did what. Entries are only ever added, and nobody can change one unnoticed.",
                AuditTrail.create(kinds=AUDIT_KINDS),
            ),
            _section("Appearance", "On this browser only.", theme_switch()),
            param="tab",
            label="Settings",
            names=TABS,
        ),
        class_name="lf-main--narrow",
    )


PAGE = Page(route="/settings", title="Settings", draw=settings)

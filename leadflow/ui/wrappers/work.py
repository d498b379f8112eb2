"""Import and settings."""

import reflex as rx

from leadflow.ui.wrappers.source import Island, local


class ImportFile(Island):
    library = local("import_file.jsx")
    tag = "ImportFile"

    encodings: rx.Var[list[str]]


class Sessions(Island):
    library = local("sessions.jsx")
    tag = "Sessions"


class ApiKeys(Island):
    library = local("api_keys.jsx")
    tag = "ApiKeys"

    scopes: rx.Var[list[dict[str, str | bool]]]


class HostedForms(Island):
    library = local("hosted_forms.jsx")
    tag = "HostedForms"

    choices: rx.Var[list[dict[str, str | bool]]]


class AuditTrail(Island):
    library = local("audit_trail.jsx")
    tag = "AuditTrail"

    kinds: rx.Var[list[dict[str, str]]]

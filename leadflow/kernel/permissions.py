"""What can be permitted: the words of rights. Who has which is decided in tenancy."""

from enum import StrEnum


class Permission(StrEnum):
    LEADS_READ = "leads.read"
    LEADS_WRITE = "leads.write"
    LEADS_IMPORT = "leads.import"
    LEADS_EXPORT = "leads.export"
    EVENTS_WRITE = "events.write"
    INSIGHT_READ = "insight.read"
    FORMS_MANAGE = "forms.manage"
    KEYS_MANAGE = "keys.manage"
    SESSIONS_OWN = "sessions.own"
    SETTINGS_MANAGE = "settings.manage"
    PEOPLE_MANAGE = "people.manage"
    ROUTING_MANAGE = "routing.manage"
    OWNERS_MANAGE = "owners.manage"
    AUDIT_READ = "audit.read"

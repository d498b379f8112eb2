"""A good body for every route that takes one, so that a refusal is about who asks and not about what."""

from typing import Any

BODIES: dict[tuple[str, str], Any] = {
    ("POST", "/leads"): {"email": "new@example.com"},
    ("POST", "/leads/batch"): {"leads": [{"email": "new@example.com"}]},
    ("PATCH", "/leads/{lead_id}"): {"name": "Mallory was here"},
    ("POST", "/leads/{lead_id}/outcome"): {"outcome": "lost"},
    ("POST", "/leads/{lead_id}/activities"): {"kind": "note", "text": "Mallory was here"},
    ("POST", "/events"): {"kind": "page_viewed", "email": "grace.hidden@example.com"},
    ("POST", "/api-keys"): {"name": "mine", "scopes": ["leads.read"]},
    ("POST", "/api-keys/{key_id}/rotate"): {},
    ("PATCH", "/people/{account_id}"): {"role": "owner"},
    ("POST", "/people/{account_id}/offboard"): {"to": None},
    ("POST", "/invitations"): {"email": "friend@rival.example", "role": "owner"},
    ("POST", "/teams"): {"name": "Mallory's"},
    ("PATCH", "/teams/{team_id}"): {"name": "Mallory's"},
    ("POST", "/roles"): {"name": "Mallory's", "grants": {"leads.read": "all"}},
    ("PUT", "/roles/{role_id}"): {"name": "Mallory's", "grants": {"leads.read": "all"}},
    ("PUT", "/people/{account_id}/hours"): {"hours": {"monday": [["09:00", "17:00"]]}},
    ("POST", "/assignment-rules"): {"name": "Mallory's"},
    ("PUT", "/assignment-rules/{rule_id}"): {"name": "Mallory's"},
    ("PUT", "/assignment-rules/order"): {"rules": []},
    ("POST", "/assignment-rules/dry-run"): {"rules": [{"name": "Mallory's"}], "days": 30},
    ("POST", "/territories"): {"name": "Mallory's", "pool": {"everybody": True}},
    ("PUT", "/territories/{territory_id}"): {"name": "Mallory's", "pool": {"everybody": True}},
    ("POST", "/absences"): {"starts_at": "2026-01-05T09:00:00Z", "ends_at": "2099-01-06T09:00:00Z"},
    ("PATCH", "/absences/{absence_id}"): {"note": "Mallory was here"},
    ("POST", "/forms"): {"title": "Mine", "fields": ["email"]},
    ("PATCH", "/forms/{form_id}"): {"title": "Mine"},
    ("POST", "/imports/{import_id}/dry-run"): {"mapping": {"email": "email"}},
    ("POST", "/imports/{import_id}/commit"): {"mapping": {"email": "email"}},
}

"""Roles, and what each may do: the one table of rights."""

from enum import StrEnum

from leadflow.kernel.permissions import Permission

__all__ = ["KEY_SCOPES", "ROLE_PERMISSIONS", "SYSTEM_PERMISSIONS", "Permission", "Role", "permissions_of"]


class Role(StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    MANAGER = "manager"
    REP = "rep"
    VIEWER = "viewer"


_LOOKS = frozenset({Permission.LEADS_READ, Permission.INSIGHT_READ, Permission.SESSIONS_OWN})
_WORKS = _LOOKS | {Permission.LEADS_WRITE, Permission.EVENTS_WRITE}
_MANAGES = _WORKS | {Permission.LEADS_IMPORT, Permission.FORMS_MANAGE}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.ADMIN: frozenset(Permission),
    Role.MANAGER: _MANAGES,
    Role.REP: _WORKS,
    Role.VIEWER: _LOOKS,
}

SYSTEM_PERMISSIONS = frozenset(Permission)
"""What a projection or a job of ours may do inside the organization whose row it holds."""

KEY_SCOPES = frozenset(
    {
        Permission.LEADS_READ,
        Permission.LEADS_WRITE,
        Permission.LEADS_IMPORT,
        Permission.EVENTS_WRITE,
        Permission.INSIGHT_READ,
    }
)
"""What an API key can be given; keys never manage people, keys or sessions."""


def permissions_of(role: str) -> frozenset[str]:
    """The permissions of a stored role; an unknown role may do nothing."""
    try:
        return frozenset(ROLE_PERMISSIONS[Role(role)])
    except ValueError:
        return frozenset()

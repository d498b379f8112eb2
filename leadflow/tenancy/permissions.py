"""Roles, and what each may do and how far: the one table of rights."""

from collections.abc import Mapping
from enum import StrEnum

from leadflow.kernel.permissions import Permission
from leadflow.kernel.reach import Extent, Place, Reach, reach_of

__all__ = [
    "KEY_SCOPES",
    "REACHING",
    "ROLE_GRANTS",
    "SYSTEM_PERMISSIONS",
    "Extent",
    "Permission",
    "Role",
    "grants_of",
    "permissions_of",
    "reaches_of",
]

Grants = Mapping[Permission, Extent]


class Role(StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    MANAGER = "manager"
    REP = "rep"
    VIEWER = "viewer"


REACHING = frozenset(
    {
        Permission.LEADS_READ,
        Permission.LEADS_WRITE,
        Permission.LEADS_EXPORT,
        Permission.EVENTS_WRITE,
        Permission.INSIGHT_READ,
    }
)
"""Permissions that are about leads, and so go as far as one's reach. All others are about the organization."""


def _grants(extent: Extent, *permissions: Permission) -> dict[Permission, Extent]:
    return {permission: extent if permission in REACHING else Extent.ALL for permission in permissions}


_LOOKS = (Permission.LEADS_READ, Permission.INSIGHT_READ, Permission.SESSIONS_OWN)
_WORKS = (*_LOOKS, Permission.LEADS_WRITE, Permission.EVENTS_WRITE)
_MANAGES = (
    *_WORKS,
    Permission.LEADS_EXPORT,
    Permission.LEADS_IMPORT,
    Permission.FORMS_MANAGE,
    Permission.ROUTING_MANAGE,
)

ROLE_GRANTS: Mapping[Role, Grants] = {
    Role.OWNER: _grants(Extent.ALL, *Permission),
    Role.ADMIN: _grants(Extent.ALL, *(set(Permission) - {Permission.OWNERS_MANAGE})),
    Role.MANAGER: _grants(Extent.SUBTREE, *_MANAGES),
    Role.REP: _grants(Extent.TEAM, *_WORKS) | _grants(Extent.OWN, Permission.LEADS_EXPORT),
    Role.VIEWER: _grants(Extent.SUBTREE, *_LOOKS),
}
"""Relative to one's team. Who is in none stands at the root of the tree, whose people reach what no team has; what
stands below the root is everything, so without teams everybody sees the same leads.
"""

SYSTEM_PERMISSIONS = frozenset(Permission)
"""What a projection or a job of ours may do inside the organization whose row it holds."""

KEY_SCOPES = frozenset(
    {
        Permission.LEADS_READ,
        Permission.LEADS_WRITE,
        Permission.LEADS_IMPORT,
        Permission.LEADS_EXPORT,
        Permission.EVENTS_WRITE,
        Permission.INSIGHT_READ,
    }
)
"""What an API key can be given; keys never manage people, keys or sessions."""


def grants_of(role: str, custom: Mapping[str, str] | None = None) -> Grants:
    """What a stored role gives; `custom` are the grants of a role of the organization's own. Everybody ends their own
    log-ins.

    Nothing for an unknown role, and nothing that a later version has taken away: what is not understood is not given.
    """
    if custom is None:
        return ROLE_GRANTS[Role(role)] if role in set(Role) else {}
    given = {
        Permission(permission): Extent(extent)
        for permission, extent in custom.items()
        if permission in set(Permission) and extent in set(Extent)
    }
    return given | {Permission.SESSIONS_OWN: Extent.ALL}


def permissions_of(role: str) -> frozenset[str]:
    """The permissions of one of the five roles; an unknown role may do nothing."""
    return frozenset(grants_of(role))


def reaches_of(grants: Grants, place: Place) -> dict[str, Reach]:
    """How far each permission goes for somebody at `place`."""
    return {permission: reach_of(extent, place) for permission, extent in grants.items()}

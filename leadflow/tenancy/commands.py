"""Inputs of tenancy's use cases."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from leadflow.kernel.fields import FieldLevel, LeadField
from leadflow.kernel.permissions import Permission
from leadflow.kernel.reach import Extent

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")
]


class _Command(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CreateTeam(_Command):
    """A team below `parent`, or at the top without one."""

    name: Name
    parent: UUID | None = None


class ChangeTeam(_Command):
    """What is left out stays as it is; a parent of null lifts the team to the top."""

    name: Name | None = None
    parent: UUID | None = None


class ChangeMember(_Command):
    """What is left out stays as it is; a team of null puts somebody at the root, in no team."""

    role: Annotated[str, Field(max_length=40, description="One of the five roles, or the id of one of your own")] = ""
    team: UUID | None = None
    suspended: bool | None = None


class Invite(_Command):
    """Somebody who may join by a link that is valid for some days."""

    email: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=320)]
    role: Annotated[str, Field(max_length=40)]
    team: UUID | None = None
    days: int = Field(default=7, ge=1, le=30)
    mail: Annotated[bool, Field(description="False: do not mail the link, show it in the answer")] = True


class RenewInvitation(_Command):
    """Another link instead of the one that was given out, valid for some days from now."""

    days: int = Field(default=7, ge=1, le=30)
    mail: Annotated[bool, Field(description="False: do not mail the link, show it in the answer")] = True


class SetSeats(_Command):
    """How many people may belong to an organization; None: any number."""

    seats: int | None = Field(ge=1, le=1_000_000)


class DefineRole(_Command):
    """A role of one's own: what it may do, how far, and which fields of leads it does not see or set."""

    name: Name
    grants: dict[Permission, Extent] = Field(min_length=1)
    fields: dict[LeadField, FieldLevel] = Field(default_factory=dict)

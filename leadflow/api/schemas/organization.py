"""The organization: its people, sessions, keys, forms and numbers."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from leadflow.api.schemas.shape import Shape
from leadflow.kernel.fields import FieldLevel, LeadField
from leadflow.kernel.permissions import Permission
from leadflow.kernel.reach import Extent


class StageItem(Shape):
    key: str
    name: str
    kind: Literal["open", "won", "lost"]


class Stages(Shape):
    items: list[StageItem]


class SourceItem(Shape):
    key: str
    leads: int


class Sources(Shape):
    items: list[SourceItem]


class PersonItem(Shape):
    id: str
    name: str
    initials: str
    email: str
    role: str = Field(description="One of the five roles, or the id of one of your own")
    role_name: str
    team: str | None = Field(description="Null: in no team, at the root of the tree")
    state: Literal["active", "suspended"]
    hours: dict[str, list[list[str]]] | None = Field(description="Shifts per weekday; null: always")
    time_zone: str = Field(description="Of the shifts; empty: the organization's")


class TeamItem(Shape):
    id: str
    name: str
    parent: str | None = Field(description="The team above it; null at the top")


class Teams(Shape):
    items: list[TeamItem]


class RoleItem(Shape):
    id: str
    name: str
    grants: dict[Permission, Extent] = Field(description="What it may do, and how far")
    fields: dict[LeadField, FieldLevel] = Field(description="Of leads, what it does not see or set; all others it does")
    is_own: bool = Field(description="False for the five that every organization has")


class Roles(Shape):
    items: list[RoleItem]


class InvitationItem(Shape):
    id: str
    email: str
    role: str
    role_name: str
    team: str | None
    invited_by: str
    created_at: int
    expires_at: int
    mail: Literal["waiting", "sent", "failed"] | None = Field(
        description="What became of the mail with the link; null: the link was shown to whoever asked for it"
    )
    mailed_at: int | None


class Invitations(Shape):
    items: list[InvitationItem]


class NewInvitation(InvitationItem):
    url: str | None = Field(
        description="The link, shown this once; null when it is mailed, and when an Idempotency-Key is replayed"
    )


class SeatsItem(Shape):
    limit: int | None = Field(description="How many people may belong to the organization; null: any number")
    used: int = Field(description="Active members; whoever is suspended takes no seat")
    reserved: int = Field(description="Invitations that can still be accepted")
    free: int | None = Field(description="How many more can be invited, or let in again; null: any number")


class Usage(Shape):
    """Numbers of the whole organization; those since the month began in its time zone stop at `most`."""

    seats: SeatsItem
    since: int = Field(description="When the month began")
    leads: int = Field(description="Leads that came in since then and are still there")
    events: int = Field(description="Entries of the event log since then")
    most: int = Field(description="Where counting stops: this many, or more")
    api_keys: int = Field(description="Keys that are neither revoked nor expired")
    forms: int = Field(description="Hosted forms that are open")


class Access(Shape):
    id: str
    name: str
    sees: bool
    changes: bool
    why: str = Field(description="In words for a person")


class WhoSees(Shape):
    items: list[Access]


class HandedOver(Shape):
    leads: int


class People(Shape):
    items: list[PersonItem]


class AccountItem(Shape):
    id: str
    name: str
    email: str
    email_verified: bool


class Verification(Shape):
    email_verified: bool = Field(description="True: nothing was sent, because nothing is left to confirm")


class OrganizationItem(Shape):
    id: str
    name: str


class Me(Shape):
    account: AccountItem | None = Field(description="Null for an API key")
    organization: OrganizationItem
    mail: Literal["sent", "caught", "none"] = Field(
        description="What this installation does with mail: send it, keep it for owners and admins, or refuse it"
    )
    organizations: list[OrganizationItem] = Field(description="Where the person belongs, this one included")
    role: str
    role_name: str
    permissions: list[str]
    hidden_fields: list[LeadField] = Field(description="Fields of leads that are null for you")
    locked_fields: list[LeadField] = Field(description="Those that you may not set: the hidden ones, and others")


class KeyItem(Shape):
    id: str
    name: str
    prefix: str
    scopes: list[str]
    team: str | None = Field(description="It reaches the leads of this team and those below; null: all")
    created_at: int
    last_used_at: int | None
    expires_at: int | None


class Keys(Shape):
    items: list[KeyItem]


class NewKey(KeyItem):
    key: str | None = Field(description="The key itself, this once; null when the answer is repeated")


class SessionItem(Shape):
    id: str
    current: bool
    user_agent: str
    ip: str
    created_at: int
    last_seen_at: int
    expires_at: int


class Sessions(Shape):
    items: list[SessionItem]


class FormFieldItem(Shape):
    key: str
    label: str
    kind: Literal["text", "long"]
    required: bool


class FormItem(Shape):
    id: str
    slug: str
    title: str
    intro: str
    consent_text: str
    thanks: str
    fields: list[FormFieldItem]
    is_open: bool
    created_at: int
    submissions: int
    url: str
    embed: str = Field(description="An iframe with the hosted page")
    html: str = Field(description="A plain HTML form for one's own page")


class Forms(Shape):
    items: list[FormItem]


class ChangedForm(Shape):
    form: FormItem


class KpiItem(BaseModel):
    model_config = ConfigDict(extra="allow")

    label: str
    value: float | None
    text: str
    previous: float | None
    better: str
    unit: str
    help: str
    spark: list[float]
    href: str | None

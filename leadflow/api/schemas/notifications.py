"""Notifications."""

from typing import Literal

from pydantic import Field

from leadflow.api.schemas.shape import Shape


class LinePart(Shape):
    text: str
    role: Literal["", "name", "quote"] = Field(description="A name, a quote of what people wrote, or words of ours")


class NotificationItem(Shape):
    """One line. While it is unread, more of the same joins it and moves it up."""

    id: str
    kind: str
    text: str
    parts: list[LinePart] = Field(description="The same line in pieces, as names may be written in another direction")
    at: int = Field(description="When the last of it happened")
    is_read: bool
    count: int = Field(description="How often it happened while it was unread")
    lead: str | None = Field(description="The lead that it is about, where that is one")
    href: str = Field(description="The page that it leads to")


class NotificationPage(Shape):
    items: list[NotificationItem]
    next_cursor: str | None


class NotificationCounts(Shape):
    unread: int = Field(description="Counted up to 100")


class ReadNotifications(Shape):
    ids: list[str] = Field(description="Those that this changed")


class PreferenceItem(Shape):
    kind: str
    label: str
    help: str
    in_app: bool


class Preferences(Shape):
    items: list[PreferenceItem]

"""Saved views."""

from typing import Literal

from pydantic import Field

from leadflow.api.schemas.shape import Shape


class ViewItem(Shape):
    """A page with its filters, under a name."""

    id: str
    name: str
    layout: Literal["board", "list"]
    icon: str
    params: dict[str, str] = Field(description="Parameters of the page's address; none where they are withheld")
    withheld: list[str] = Field(
        description="Fields that your role does not see and the view asks about: it cannot be shown to you"
    )
    is_shared: bool
    is_default: bool = Field(description="Whether your organization's page opens with it")
    version: int
    changed_at: int
    changed_by: str
    owner: str | None = Field(description="A person's id; null: somebody who is gone")
    owner_name: str
    owner_is_here: bool = Field(description="Whether its owner is an active member")
    is_mine: bool
    may_change: bool
    pin: int | None = Field(description="Its place among your tabs")


class DefaultView(Shape):
    """What a page opens with: a view's id, or `all`."""

    mine: str | None
    organization: str | None
    opens: str | None = Field(description="The view that counts; null: all leads")


class DefaultViews(Shape):
    board: DefaultView
    list: DefaultView


class Views(Shape):
    items: list[ViewItem]
    defaults: DefaultViews

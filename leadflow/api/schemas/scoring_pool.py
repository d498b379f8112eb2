"""The pool of what organizations learn from their leads."""

from pydantic import Field

from leadflow.api.schemas.shape import Shape


class PoolItem(Shape):
    joined: bool = Field(description="The organization gives to the pool and gets from it")
    since: int | None
    at: int | None = Field(description="When something new was last learned from the others; null: never so far")
    organizations: int | None = Field(description="Others that it rests on")
    leads: int | None = Field(description="Their leads that it rests on")

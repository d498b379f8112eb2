"""Whoever knows the lead's company, or the person, already; another strategy for everybody else's leads."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final, Self
from uuid import UUID

from pydantic import Field, JsonValue, ValidationError, field_validator, model_validator

from leadflow.routing import strategies
from leadflow.routing.fairness import Fare
from leadflow.routing.strategy import Answer, Candidate, Choice, Limit, Need, Options, Strategy

NAME: Final = "sticky"


class Sticky(Options):
    """Who takes the leads that nobody knows yet is up to `fallback`, with options of its own."""

    same_company: bool = Field(default=True, title="Also with whoever has another lead of the company")
    fallback: str = Field(
        default="round_robin",
        max_length=40,
        title="Leads that nobody knows",
        json_schema_extra={"format": "strategy"},
    )
    fallback_options: Mapping[str, JsonValue] = Field(default={}, json_schema_extra={"optionsOf": "fallback"})

    @field_validator("fallback")
    @classmethod
    def _is_another(cls, name: str) -> str:
        others = sorted(strategies.shelf().keys() - {NAME})
        if name not in others:
            raise ValueError(f"Choose one of {', '.join(others)}.")
        return name

    @model_validator(mode="after")
    def _has_good_options(self) -> Self:
        try:
            shelf_member = strategies.shelf()[self.fallback]
            shelf_member.options.model_validate(dict(self.fallback_options))
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"]))
            raise ValueError(f"fallback_options.{place}: {first['msg']}") from error
        return self

    @cached_property
    def others(self) -> tuple[Strategy, Any]:
        """The fallback and its options."""
        strategy = strategies.shelf()[self.fallback]
        return strategy, strategy.options.model_validate(dict(self.fallback_options))


def choose(options: Sticky, candidates: Sequence[Candidate]) -> Answer:
    """A lead that is somebody's already takes nobody's turn."""
    kin = [each for each in candidates if each.kin and not each.out]
    known = [each for each in kin if each.kin == "person" or options.same_company]
    first = min(known, key=lambda each: (each.kin != "person", each.id), default=None)
    if first is not None:
        return Choice(first.id, f"knows the {first.kin}", Fare.FREE)
    strategy, its_options = options.others
    return strategy.choose(its_options, candidates)


def weight(options: Sticky, person: UUID) -> int:
    strategy, its_options = options.others
    return strategy.weight(its_options, person)


def limit(options: Sticky) -> Limit | None:
    strategy, its_options = options.others
    return strategy.limit(its_options)


def needs(options: Sticky) -> frozenset[Need]:
    strategy, its_options = options.others
    return strategy.needs(its_options) | {Need.KIN}


STRATEGY: Final = Strategy("Stays with whoever knows them", Sticky, choose, weight, limit, needs)

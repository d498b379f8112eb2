"""Events of leads as the log tells them, for tests of scoring."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from leadflow.scoring.config import DEFAULT
from leadflow.scoring.features import EMPTY, LeadFeatures, fold

MONDAY = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
FORM = {
    "source": "Google",
    "company": "Acme Robotics",
    "title": "Head of Sales",
    "country": "DE",
    "value": 0,
    "email": True,
    "phone": False,
    "custom": {"industry": "Machinery", "employees": 250},
}


@dataclass(frozen=True, slots=True)
class Told:
    """An event, as far as scoring reads it."""

    kind: str
    data: Mapping[str, object] = field(default_factory=dict)
    occurred_at: datetime = MONDAY


def captured(at: datetime = MONDAY, **data: object) -> Told:
    return Told("lead.captured", FORM | data, at)


def did(behaviour: str, at: datetime = MONDAY) -> Told:
    return Told(f"behaviour.{behaviour}", {}, at)


def enriched(at: datetime = MONDAY, **facts: str) -> Told:
    return Told("lead.enriched", {"facts": {key: {"value": value} for key, value in facts.items()}}, at)


def ended(outcome: str, at: datetime = MONDAY + timedelta(days=9), **data: object) -> Told:
    return Told(f"lead.{outcome}", data, at)


def story(*events: Told, start: LeadFeatures = EMPTY) -> LeadFeatures:
    """The features of a lead to whom all this has happened."""
    features = start
    for event in events:
        features = fold(features, event.kind, event.data, event.occurred_at, DEFAULT.half_lives)
    return features

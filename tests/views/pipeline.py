"""Leads in whatever state a test needs, some of which would take a lead weeks to get into."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.leads import CaptureLead
from leadflow.tenancy.service import system_scope

NOON = datetime(2026, 3, 18, 12, 0, tzinfo=UTC)
STAGES = ("new", "contacted", "qualified", "proposal", "won", "lost")
CLOSED = frozenset({"won", "lost"})

_SETTLE = text("""
    UPDATE lead SET stage = :stage, score = :score, band = :band, owner_id = :owner, touched_at = :touched_at,
           closed_at = :closed_at
    WHERE organization_id = :organization_id AND id = :id
""")


@dataclass(frozen=True, slots=True)
class Card:
    """What a lead is to be like."""

    name: str = "somebody"
    email: str = ""
    phone: str = ""
    company: str = ""
    source: str = "website"
    value: int = 0
    score: int = 0
    band: str = "cold"
    stage: str = "new"
    owner: UUID | None = None
    captured_at: datetime = NOON
    touched_at: datetime | None = None
    closed_at: datetime | None = None


async def fill(app: App, organization_id: UUID, cards: Sequence[Card]) -> dict[UUID, Card]:
    """Capture leads that are like these cards."""
    async with app.work(system_scope(organization_id)) as work:
        captured = await leads.capture_valid(
            work,
            [
                CaptureLead(
                    name=card.name,
                    email=card.email,
                    phone=card.phone,
                    company=card.company,
                    source=card.source,
                    value=card.value,
                    occurred_at=card.captured_at,
                )
                for card in cards
            ],
        )
        placed = {verdict.lead_id: card for verdict, card in zip(captured, cards, strict=True)}
        assert len(placed) == len(cards), "each card is to be a lead of its own"
        for lead_id, card in placed.items():
            await work.session.execute(
                _SETTLE,
                {
                    "organization_id": organization_id,
                    "id": lead_id,
                    "stage": card.stage,
                    "score": card.score,
                    "band": card.band,
                    "owner": card.owner,
                    "touched_at": card.touched_at,
                    "closed_at": card.closed_at,
                },
            )
    return placed


def shuffled(chance: random.Random, number: int, owners: Sequence[UUID | None], *, at: datetime = NOON) -> list[Card]:
    """Random cards of few values, so that there are many ties; within the forty days before `at`."""
    cards = []
    for _ in range(number):
        captured = at - chance.choice((timedelta(0), timedelta(days=chance.randrange(40), hours=chance.randrange(24))))
        touched = chance.choice((None, captured + timedelta(minutes=chance.randrange(1, 500))))
        stage = chance.choice(STAGES)
        score = chance.randrange(0, 101, 10)
        cards.append(
            Card(
                name=chance.choice(("ada", "ben", "cleo", "dora")),
                company=chance.choice(("", "acme", "globex")),
                source=chance.choice(("website", "fair", "api")),
                value=chance.choice((0, 100, 5_000_000_000)),
                score=score,
                band="hot" if score >= 70 else "warm" if score >= 40 else "cold",
                stage=stage,
                owner=chance.choice(owners),
                captured_at=captured,
                touched_at=touched,
                closed_at=min(at, captured + timedelta(days=chance.randrange(9))) if stage in CLOSED else None,
            )
        )
    return cards

"""A decision as it is kept, and made again from what is kept: pure."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from leadflow.routing.dealing import Decision
from leadflow.routing.strategies import shelf
from leadflow.routing.strategy import Answer, Candidate


def replay(strategy: str, options: Mapping[str, Any], candidates: list[Mapping[str, Any]]) -> Answer:
    """The same question again, from a proof as it is stored; nobody when no rule was about the lead."""
    if not strategy:
        return None
    member = shelf()[strategy]
    asked = [candidate_of(each) for each in candidates]
    return member.choose(member.options.model_validate(dict(options)), asked)


def proof_of(decision: Decision) -> list[dict[str, Any]]:
    """The candidates of a decision, to be stored as JSON: why not, or their numbers before and after."""
    chosen = decision.choice.person if decision.choice else None
    return [
        {"id": each.id, "out": each.out, **_circumstances(each)}
        if each.out
        else {
            "id": each.id,
            "weight": each.weight,
            "start": each.start,
            "turn": each.turn,
            "credits": each.credits,
            "open": each.open,
            "kin": each.kin,
            **_circumstances(each),
            "after": dict(decision.after) if each.id == chosen else None,
        }
        for each in decision.candidates
    ]


def _circumstances(candidate: Candidate) -> dict[str, Any]:
    """What most decisions have nothing of, and do not store."""
    told = {"belongs": candidate.belongs, "waited": candidate.waited, "claims": candidate.claims}
    return {name: value for name, value in told.items() if value is not None and value is not False}


def candidate_of(stored: Mapping[str, Any]) -> Candidate:
    known = {name: value for name, value in stored.items() if name not in {"id", "after"}}
    return Candidate(UUID(stored["id"]), **known)

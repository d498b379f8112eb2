"""Events in the words of a sales person: what a line on the timeline says."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from leadflow.kernel.clock import milliseconds

Data = Mapping[str, Any]

_TITLES: dict[str, str] = {
    "lead.captured": "Came in",
    "lead.joined": "Came in again",
    "lead.updated": "Facts changed",
    "lead.stage_changed": "Moved to another stage",
    "lead.assigned": "Assigned",
    "lead.offered": "Offered",
    "lead.released": "Given back",
    "lead.reminded": "Reminded",
    "lead.breached": "Nobody got in touch in time",
    "lead.enriched": "Looked up",
    "lead.scored": "Score changed",
    "lead.became_hot": "Became hot",
    "lead.became_warm": "Became warm",
    "lead.became_cold": "Became cold",
    "lead.band_held": "Held by hand",
    "lead.band_released": "No longer held",
    "lead.won": "Won",
    "lead.lost": "Lost",
    "lead.reopened": "Reopened",
    "task.created": "Task added",
    "task.changed": "Task changed",
    "task.completed": "Task done",
    "task.reopened": "Task reopened",
    "task.deleted": "Task deleted",
    "task.restored": "Task restored",
    "activity.note": "Note",
    "activity.call": "Call",
    "activity.email": "E-mail",
    "activity.meeting": "Meeting",
    "behaviour.page_viewed": "Viewed a page",
    "behaviour.email_opened": "Opened an e-mail",
    "behaviour.email_clicked": "Clicked a link in an e-mail",
    "behaviour.email_replied": "Replied to an e-mail",
    "behaviour.pricing_visited": "Visited pricing",
    "behaviour.demo_requested": "Asked for a demo",
    "behaviour.form_submitted": "Submitted a form",
    "behaviour.meeting_booked": "Booked a meeting",
    "behaviour.unsubscribed": "Unsubscribed",
}


def _came_in(data: Data) -> str:
    return f"through {data['source']}" if data.get("source") else ""


def _changed(data: Data) -> str:
    changes: Mapping[str, Mapping[str, Any]] = data.get("changes", {})
    return ", ".join(
        f"{name}: {change['from'] or '—'} → {change['to'] or '—'}" if change else name
        for name, change in changes.items()
    )


def _moved(data: Data) -> str:
    words = f"{str(data.get('from', '')).capitalize()} → {str(data.get('to', '')).capitalize()}"
    return f"{words}: {data['reason']}" if data.get("reason") else words


def _assigned(data: Data) -> str:
    return " · ".join(part for part in (str(data.get("name") or ""), str(data.get("how") or "")) if part)


def _owed(data: Data) -> str:
    return str(data.get("name") or "")


def _offered(data: Data) -> str:
    people = data.get("people", 0)
    return f"to {people} {'person' if people == 1 else 'people'}"


def _scored(data: Data) -> str:
    return f"{data.get('from', 0)} → {data.get('score', 0)}, {data.get('band', '')}"


def _became(data: Data) -> str:
    score, before = data.get("score", 0), data.get("score_before", data.get("score", 0))
    words = f"{before} → {score}" if before != score else f"at {score} for long enough"
    return f"{words}: {data['reason']}" if data.get("reason") else words


def _held(data: Data) -> str:
    words = f"{data.get('band', '')} for {_time(int(data.get('for_hours', 0)))}"
    return f"{words}: {data['reason']}" if data.get("reason") else words


def _released(data: Data) -> str:
    how = {"by hand": "let go by hand", "expired": "the time is up", "closed": "the lead is closed"}
    words = how.get(str(data.get("how")), "")
    return ", ".join(part for part in (words, f"{data.get('band', '')} by its score") if part)


def _time(hours: int) -> str:
    """Days where they come out even.

    >>> _time(1), _time(36), _time(168)
    ('1 hour', '36 hours', '7 days')
    """
    count, unit = (hours // 24, "day") if hours % 24 == 0 else (hours, "hour")
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def _activity(data: Data) -> str:
    return " · ".join(part for part in (str(data.get("outcome", "")), str(data.get("text", ""))) if part)


def _looked_up(data: Data) -> str:
    facts: Mapping[str, Mapping[str, Any]] = data.get("facts", {})
    return ", ".join(f"{key.replace('_', ' ')}: {_plain(fact['value'])}" for key, fact in facts.items())[:300]


def _plain(value: object) -> str:
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _behaviour(data: Data) -> str:
    return ", ".join(f"{key.replace('_', ' ')}: {value}" for key, value in data.items())[:300]


def _task(_data: Data) -> str:
    """What a task is called stays with the task."""
    return ""


_DETAILS: dict[str, Callable[[Data], str]] = {
    "lead.captured": _came_in,
    "lead.joined": _came_in,
    "lead.updated": _changed,
    "lead.stage_changed": _moved,
    "lead.won": _moved,
    "lead.lost": _moved,
    "lead.reopened": _moved,
    "lead.assigned": _assigned,
    "lead.reminded": _owed,
    "lead.breached": _owed,
    "lead.offered": _offered,
    "lead.enriched": _looked_up,
    "lead.scored": _scored,
    "lead.became_hot": _became,
    "lead.became_warm": _became,
    "lead.became_cold": _became,
    "lead.band_held": _held,
    "lead.band_released": _released,
}


def title_of(kind: str) -> str:
    known = _TITLES.get(kind)
    return known or kind.rpartition(".")[2].replace("_", " ").capitalize()


def actor_of(row: Mapping[str, Any]) -> str:
    """Who did it: a person's name, or what acts by itself."""
    return row["actor_name"] or {"system": "LeadFlow", "api_key": "API", "form": "Form"}.get(row["actor_kind"], "")


def describe(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the log as a line of the timeline; times in epoch milliseconds."""
    kind: str = row["kind"]
    noun = kind.partition(".")[0]
    words = _DETAILS.get(kind) or {"activity": _activity, "task": _task}.get(noun, _behaviour)
    at: datetime = row["occurred_at"]
    return {
        "id": row["id"],
        "kind": kind,
        "at": milliseconds(at),
        "actor": actor_of(row),
        "title": title_of(kind),
        "detail": words(row["data"]),
        "data": row["data"],
    }

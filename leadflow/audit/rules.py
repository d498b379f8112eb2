"""What is sensitive, and how an entry of the audit trail is told. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

NOUNS: Mapping[str, str] = {
    "account": "Accounts",
    "session": "Log-ins",
    "api_key": "API keys",
    "organization": "Organization",
    "member": "Members",
    "team": "Teams",
    "role": "Roles",
    "invitation": "Invitations",
    "form": "Forms",
    "import": "Imports",
    "assignment_rule": "Assignment rules",
    "territory": "Territories",
    "scoring": "Scoring rules",
    "leads": "Leads in bulk",
    "audit": "Audit trail",
}
"""Nouns of which everything is sensitive, in the words of the screen."""
LEADS = ("deleted", "exported", "merged", "assigned", "won", "lost", "reopened")
ROUTING, VIEWS = ("stop_set", "gone_on"), ("shared", "unshared", "default_chosen")
TASKS = ("created", "changed", "completed", "reopened", "deleted", "restored")
KINDS = (
    *(f"{noun}." for noun in NOUNS),
    *(f"lead.{what}" for what in LEADS),
    *(f"routing.{what}" for what in ROUTING),
    *(f"task.{what}" for what in TASKS),
    *(f"view.{what}" for what in VIEWS),
)

_NAMES = ("name", "title", "filename")
_UNTOLD = {
    *_NAMES, "from", "to", "how", "value", "leads", "seats", "number", "restores",
    "task", "assignee", "layout", "was_assignee", "due_at",
    "trees", "pool", "organizations", "says", "cause", "alarm", "stops", "evidence",
}  # fmt: skip
"""Said by the sentence, or not for people: an amount without its currency."""
_THINGS = {"api_key": "API key", "form": "form", "lead": "lead", "audit": "audit trail"}
NOBODY = "somebody who is no longer here"


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """Which entries are wanted; all that are named must hold. `kinds` are nouns or whole kinds, any of them."""

    actor: UUID | None = None
    kinds: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    q: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What an entry says, with the names that its ids stand for today."""

    kind: str
    who: str
    data: Mapping[str, Any]
    lead: str = ""
    people: Mapping[str, str] = field(default_factory=dict)

    def person(self, key: str) -> str:
        return self.people.get(str(self.data.get(key)), NOBODY)

    @property
    def name(self) -> str:
        """What the thing is called, if it says so."""
        return next((str(self.data[key]) for key in _NAMES if self.data.get(key)), "")


def is_sensitive(kind: str) -> bool:
    """
    >>> is_sensitive("api_key.created"), is_sensitive("lead.won"), is_sensitive("lead.scored")
    (True, True, False)
    """
    return kind in KINDS or f"{kind.partition('.')[0]}." in KINDS


def who(actor_kind: str, name: str | None) -> str:
    """
    >>> who("person", "Ada"), who("api_key", "website"), who("system", None), who("person", None)
    ('Ada', 'The API key website', 'LeadFlow', 'Somebody who is no longer here')
    """
    match actor_kind:
        case "person":
            return name or NOBODY.capitalize()
        case "api_key":
            return f"The API key {name}" if name else "An API key"
        case "form":
            return f"The form {name}" if name else "A form"
        case _:
            return "LeadFlow"


def describe(told: Told) -> str:
    """An entry in one sentence.

    >>> describe(Told("api_key.created", "Ada", {"name": "website"}))
    'Ada created the API key website'
    >>> describe(Told("lead.assigned", "LeadFlow", {"from": None, "to": "7"}, lead="Grace", people={"7": "Ben"}))
    'LeadFlow assigned Grace to Ben'
    """
    known = _SENTENCES.get(told.kind)
    return known(told) if known else _plain(told)


def detail(data: Mapping[str, Any]) -> str:
    """What the sentence leaves out, without ids, which say nothing to people.

    >>> detail({"key_id": "0197", "name": "website", "scopes": ["leads.read", "leads.write"]})
    'scopes: leads.read, leads.write'
    """
    told = {key: _value(value) for key, value in data.items() if key not in _UNTOLD and not key.endswith("_id")}
    return " · ".join(f"{key.replace('_', ' ')}: {value}" for key, value in told.items() if value)[:300]


def _value(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(map(_value, value))
        case dict():
            return ", ".join(f"{key} {_value(inner)}" for key, inner in value.items())
        case _:
            return str(value)


def _plain(told: Told) -> str:
    """Whatever has no sentence of its own: "Ada changed the form Contact"."""
    noun, _, verb = told.kind.partition(".")
    thing = _THINGS.get(noun, noun.replace("_", " "))
    name = told.lead or told.name
    what = f"the {thing} {name}" if name else f"{'an' if thing[0] in 'aeiouA' else 'a'} {thing}"
    return f"{told.who} {verb.replace('_', ' ')} {what}"


def _lead(told: Told) -> str:
    return told.lead or "a lead"


def _assigned(told: Told) -> str:
    if told.data.get("to") is None:
        return f"{told.who} left {_lead(told)} without an owner"
    to = told.people.get(str(told.data["to"])) or str(told.data.get("name") or NOBODY)
    return f"{told.who} took {_lead(told)}" if to == told.who else f"{told.who} assigned {_lead(told)} to {to}"


def _added(told: Told) -> str:
    role = f" as {told.data['role']}" if told.data.get("role") else ""
    person = told.person("account_id")
    return (
        f"{person[:1].upper()}{person[1:]} joined{role}"
        if told.who == "LeadFlow"
        else (f"{told.who} added {person}{role}")
    )


def _logged_in(told: Told) -> str:
    person = told.person("account_id")
    return f"{person[:1].upper()}{person[1:]} logged in"


def _closed(told: Told) -> str:
    return f"{told.who} marked {_lead(told)} as {told.kind.partition('.')[2]}"


def _many(told: Told) -> str:
    count = told.data.get("leads", 0)
    return "1 lead" if count == 1 else f"{count:,} leads" if isinstance(count, int) else "leads"


def _reassigned(told: Told) -> str:
    to = told.data.get("to")
    names = sorted({told.people.get(each, NOBODY) for each in to}) if isinstance(to, Mapping) else []
    if len(names) > 3:
        return f"{told.who} reassigned {_many(told)} to {len(names)} people"
    *first, last = names or [NOBODY]
    return f"{told.who} reassigned {_many(told)} to {', '.join(first)}{' and ' if first else ''}{last}"


def _edited(told: Told) -> str:
    fields = told.data.get("set")
    return f"{told.who} changed the {' and '.join(fields)} of {_many(told)}" if fields else _plain(told)


def _role_given(told: Told) -> str:
    return f"{told.who} made {told.person('account_id')} {told.data.get('to')}, no longer {told.data.get('from')}"


def _moved(told: Told) -> str:
    to = told.data.get("to")
    return f"{told.who} moved {told.person('account_id')} {f'to the team {to}' if to else 'out of all teams'}"


def _seats_set(told: Told) -> str:
    seats = told.data.get("seats")
    allowed = "any number of seats" if seats is None else "one seat" if seats == 1 else f"{seats} seats"
    return f"Whoever runs this installation allowed {allowed}"


def _team_moved(told: Told) -> str:
    to = told.data.get("to")
    return f"{told.who} put the team {told.name} {f'below {to}' if to else 'at the top'}"


def _deployed(told: Told) -> str:
    version = told.data.get("number")
    if told.data.get("restores") is None:
        return f"{told.who} made version {version} of the scoring rules live"
    return f"{told.who} went back to version {told.data['restores']} of the scoring rules, as version {version}"


def _pooled(told: Told) -> str:
    others = told.data.get("organizations")
    return f"Scoring took up what {_many(told)} of {others} other organizations have in common"


def _stop_set(told: Told) -> str:
    wanted = "wait" if told.data.get("stops") else "do not wait"
    return f"{told.who} had it that leads that go by their scores {wanted} while scores are in alarm"


def _opened_by_default(told: Told) -> str:
    page = "the board" if told.data.get("layout") == "board" else "the list of leads"
    what = f"the view {told.name}" if told.name else "all leads"
    return f"{told.who} had {page} open with {what}, unless somebody chooses for themselves"


def _tasked(did: str, told: Told) -> str:
    if told.data.get("how") == "with the lead":
        return f"A task of {told.person('was_assignee')} went to {told.person('assignee')} with {_lead(told)}"
    whose = told.person("assignee")
    own = "a task" if whose == told.who else f"a task of {whose}"
    return f"{told.who} {did} {own}{f' about {told.lead}' if told.lead else ''}"


_SENTENCES: Mapping[str, Callable[[Told], str]] = {
    "account.created": lambda told: f"An account was made for {told.person('account_id')}",
    "session.opened": _logged_in,
    "session.ended": lambda told: f"{told.who} ended a log-in",
    "organization.founded": lambda told: f"{told.name or 'The organization'} was founded",
    "organization.seats_set": _seats_set,
    "member.added": _added,
    "member.role_changed": _role_given,
    "member.moved": _moved,
    "member.suspended": lambda told: f"{told.who} suspended {told.person('account_id')}",
    "member.reinstated": lambda told: f"{told.who} let {told.person('account_id')} in again",
    "team.created": lambda told: f"{told.who} founded the team {told.name}",
    "team.moved": _team_moved,
    "team.renamed": lambda told: f"{told.who} renamed the team {told.data.get('from')} to {told.data.get('to')}",
    "team.removed": lambda told: f"{told.who} dissolved the team {told.name}",
    "invitation.made": lambda told: f"{told.who} invited somebody",
    "invitation.renewed": lambda told: f"{told.who} gave out another link for an invitation",
    "invitation.accepted": lambda _told: "Somebody joined by invitation",
    "api_key.rotated": lambda told: f"{told.who} replaced the API key {told.name}",
    "import.advanced": lambda told: f"{told.who} imported a part of a file",
    "import.finished": lambda told: f"The import of {told.name or 'a file'} was finished",
    "scoring.deployed": _deployed,
    "scoring.trial_began": lambda told: f"{told.who} began to try the scoring model {told.data.get('title')}",
    "scoring.trial_ended": lambda told: f"{told.who} stopped trying the scoring model {told.data.get('title')}",
    "scoring.rescored": lambda told: f"Scores follow version {told.data.get('number')} of the scoring rules",
    "scoring.relearned": lambda told: f"Scoring learned anew from {told.data.get('events'):,} events of the log",
    "scoring.boosted": lambda told: f"Trees for scoring were trained anew on {_many(told)}",
    "scoring.pool_joined": lambda told: f"{told.who} joined the pool of what organizations learn from their leads",
    "scoring.pool_left": lambda told: f"{told.who} left the pool of what organizations learn from their leads",
    "scoring.pooled": _pooled,
    "scoring.alarm_raised": lambda told: f"Alarm about scores: {told.data.get('says')}",
    "scoring.alarm_cleared": lambda told: f"The alarm about scores is over: {told.data.get('says')}",
    "routing.stop_set": _stop_set,
    "routing.gone_on": lambda told: f"{told.who} let leads go by their scores in spite of an alarm",
    "audit.exported": lambda told: f"{told.who} exported the audit trail",
    "view.unshared": lambda told: f"{told.who} stopped sharing the view {told.name}",
    "view.default_chosen": _opened_by_default,
    "task.created": lambda told: _tasked("added", told),
    "task.changed": lambda told: _tasked("changed", told),
    "task.completed": lambda told: _tasked("checked off", told),
    "task.reopened": lambda told: _tasked("reopened", told),
    "task.deleted": lambda told: _tasked("deleted", told),
    "task.restored": lambda told: _tasked("restored", told),
    "lead.assigned": _assigned,
    "leads.reassigned": _reassigned,
    "leads.edited": _edited,
    "leads.exported": lambda told: f"{told.who} exported {_many(told)}",
    "leads.put_back": lambda told: f"{told.who} took the change of {_many(told)} back",
    "leads.given_back": lambda told: f"{told.who} took the reassignment of {_many(told)} back",
    "lead.won": _closed,
    "lead.lost": _closed,
    "lead.reopened": lambda told: f"{told.who} reopened {_lead(told)}",
}

"""What matters of a lead's history, folded from its events: pure.

Everything that is counted over an organization is a sum over the stories of its leads (`insight.cells`), so the same
log gives the same counts in whatever batches it is read, and what is taken back (an outcome, a late reply) is counted
anew by itself. Times are seconds since 1970.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from leadflow.intelligence.zones import slot_of, zone_of
from leadflow.kernel.events import RecordedEvent

HOUR: Final = 3600
DAY: Final = 86_400
REPLY_WITHIN: Final = 2 * DAY
"""A reply belongs to the last e-mail if it comes within this time."""
QUIET_AFTER: Final = 7 * DAY
"""Nobody has been in touch for so long: the next call or e-mail takes an open lead up again."""
BACK_WITHIN: Final = 7 * DAY
"""And it has worked when the lead answers within this time."""
REACHED: Final = frozenset({"reached", "connected", "answered", "spoke"})
NOT_REACHED: Final = frozenset({"no answer", "left a message", "voicemail", "busy"})
"""What a call was said to have come to. Anything else, a wrong number say, tells nothing of the time of day."""
INBOUND: Final = frozenset({"email_replied", "demo_requested", "form_submitted", "meeting_booked"})
"""What a lead does that somebody has to answer."""
ANSWERS: Final = frozenset({"email_replied", "meeting_booked"})
CONTACTS: Final = frozenset({"call", "email", "meeting"})

KINDS: Final = (
    "lead.captured", "lead.joined", "lead.updated", "lead.enriched", "lead.won", "lead.lost", "lead.reopened",
    "activity.call", "activity.email", "activity.meeting",
    "behaviour.email_replied", "behaviour.meeting_booked", "behaviour.demo_requested", "behaviour.form_submitted",
    "behaviour.unsubscribed",
)  # fmt: skip


@dataclass(slots=True)
class Story:
    """One lead's history, as far as anything here asks for it."""

    source: str = ""
    opened: int | None = None
    ended: int | None = None
    outcome: str = ""
    value: int = 0
    """Minor units of `currency`."""
    currency: str = "EUR"
    zone: str = ""
    """Empty: not known, so the organization's."""
    is_zone_found: bool = False
    """It was found out for this lead, which outranks what the country says."""
    is_disposable: bool = False
    is_undeliverable: bool = False
    touched: int | None = None
    """The first call, e-mail or meeting."""
    contact: int | None = None
    """The last one."""
    contact_kind: str = ""
    tries: int = 0
    """Calls and e-mails since the lead last answered."""
    met: bool = False
    inbound: int | None = None
    inbound_kind: str = ""
    mailed: int | None = None
    """An e-mail that nobody has answered so far."""
    mail_slot: str = ""
    slots: dict[str, list[int]] = field(default_factory=dict)
    """By channel and hour of the week, "call 34": attempts, and those that were answered."""
    revived: int | None = None
    """It was taken up again, and has not answered so far."""
    revivals: int = 0
    revivals_answered: int = 0
    unsubscribed: bool = False

    def as_json(self) -> dict[str, Any]:
        """Only what is not as in a new story."""
        return {name: value for name, fresh in _FRESH.items() if (value := getattr(self, name)) != fresh}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Story":
        """Reads what `as_json` wrote."""
        story = cls(**stored)
        story.slots = {name: list(counts) for name, counts in story.slots.items()}
        return story

    @property
    def is_open(self) -> bool:
        return self.opened is not None and not self.outcome

    @property
    def is_bad(self) -> bool:
        """Its address is a throw-away one, or cannot be delivered to."""
        return self.is_disposable or self.is_undeliverable

    @property
    def opened_day(self) -> int:
        return (self.opened or 0) // DAY

    @property
    def days(self) -> int:
        """Days from coming in to the outcome, by the calendar in UTC."""
        return max((self.ended or 0) // DAY - self.opened_day, 0)

    def tried(self, channel: str) -> int:
        return sum(counts[0] for name, counts in self.slots.items() if name.startswith(f"{channel} "))


_FRESH: Final = asdict(Story())


def tell(story: Story, event: RecordedEvent, usual_zone: str) -> None:
    """Let the story go on by one event; `usual_zone` is where leads live of whom nothing else is known."""
    at = int(event.occurred_at.timestamp())
    noun, _, verb = event.kind.partition(".")
    if noun == "lead":
        if heard := _HEARD.get(verb):
            heard(story, at, event.data)
    elif noun == "activity" and verb in CONTACTS:
        _contacted(story, at, verb, str(event.data.get("outcome") or ""), usual_zone)
    elif noun == "behaviour":
        _behaved(story, at, verb)


def _captured(story: Story, at: int, data: Mapping[str, Any]) -> None:
    story.opened = at if story.opened is None else min(story.opened, at)
    story.source = str(data.get("source") or "")
    _joined(story, at, data)


def _joined(story: Story, _at: int, data: Mapping[str, Any]) -> None:
    """What was known stays, as the lead itself has it."""
    if not story.value and (value := _whole(data.get("value"))):
        story.value, story.currency = value, str(data.get("currency") or story.currency)
    if not story.zone:
        story.zone = zone_of(str(data.get("country") or ""))


def _updated(story: Story, _at: int, data: Mapping[str, Any]) -> None:
    if "source" in data:
        story.source = str(data["source"] or "")
    if "value" in data:
        story.value = _whole(data["value"])
    if "currency" in data:
        story.currency = str(data["currency"] or "EUR")
    if "country" in data and not story.is_zone_found:
        story.zone = zone_of(str(data["country"] or ""))


def _enriched(story: Story, _at: int, data: Mapping[str, Any]) -> None:
    facts = data.get("facts")
    found = {key: fact.get("value") for key, fact in facts.items()} if isinstance(facts, Mapping) else {}
    if found.get("time_zone"):
        story.zone, story.is_zone_found = str(found["time_zone"]), True
    elif found.get("country") and not story.zone:
        story.zone = zone_of(str(found["country"]))
    if "email_kind" in found:
        story.is_disposable = found["email_kind"] == "disposable"
    if "deliverable" in found:
        story.is_undeliverable = found["deliverable"] == "no"


def _ended(story: Story, at: int, outcome: str, data: Mapping[str, Any]) -> None:
    story.outcome, story.ended = outcome, at
    if "value" in data:
        story.value = _whole(data["value"])


def _won(story: Story, at: int, data: Mapping[str, Any]) -> None:
    _ended(story, at, "won", data)


def _lost(story: Story, at: int, data: Mapping[str, Any]) -> None:
    _ended(story, at, "lost", data)


def _reopened(story: Story, _at: int, _data: Mapping[str, Any]) -> None:
    story.outcome, story.ended = "", None


_HEARD: Final[Mapping[str, Callable[[Story, int, Mapping[str, Any]], None]]] = {
    "captured": _captured,
    "joined": _joined,
    "updated": _updated,
    "enriched": _enriched,
    "won": _won,
    "lost": _lost,
    "reopened": _reopened,
}


def _contacted(story: Story, at: int, channel: str, outcome: str, usual_zone: str) -> None:
    if channel != "meeting" and story.is_open and at - _latest(story) >= QUIET_AFTER:
        story.revivals, story.revived = story.revivals + 1, at
    story.touched = at if story.touched is None else min(story.touched, at)
    if story.contact is None or at >= story.contact:
        story.contact, story.contact_kind = at, channel
    slot = f"{channel} {slot_of(at, story.zone or usual_zone)}"
    match channel:
        case "call":
            _called(story, at, slot, outcome.strip().casefold())
        case "email":
            _count(story, slot, tries=1)
            story.mailed, story.mail_slot = at, slot
            story.tries += 1
        case _ if outcome.strip().casefold() != "no show":
            story.met = True
            _answered(story, at)


def _called(story: Story, at: int, slot: str, outcome: str) -> None:
    if outcome in REACHED:
        _count(story, slot, tries=1, answered=1)
        _answered(story, at)
    else:
        story.tries += 1
        if outcome in NOT_REACHED:
            _count(story, slot, tries=1)


def _behaved(story: Story, at: int, kind: str) -> None:
    if kind == "unsubscribed":
        story.unsubscribed = True
        return
    if kind in INBOUND and (story.inbound is None or at >= story.inbound):
        story.inbound, story.inbound_kind = at, kind
    if kind in ANSWERS:
        if story.mailed is not None and 0 <= at - story.mailed <= REPLY_WITHIN:
            _count(story, story.mail_slot, answered=1)
            story.mailed = None
        _answered(story, at)


def _answered(story: Story, at: int) -> None:
    story.tries = 0
    if story.revived is not None and 0 <= at - story.revived <= BACK_WITHIN:
        story.revivals_answered += 1
    story.revived = None


def _latest(story: Story) -> int:
    """When somebody was last in touch, either way; before that nothing was quiet."""
    known = [at for at in (story.contact, story.inbound) if at is not None]
    return max(known) if story.contact is not None else (1 << 62)


def _count(story: Story, slot: str, *, tries: int = 0, answered: int = 0) -> None:
    counts = story.slots.setdefault(slot, [0, 0])
    counts[0] += tries
    counts[1] += answered


def _whole(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0

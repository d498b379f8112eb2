"""What several viewers watch together."""

from typing import Any, NamedTuple

import orjson

from leadflow.infra.mailbox import Mailbox, Patch, Waiting
from leadflow.kernel.fields import FieldRights
from leadflow.kernel.permissions import Permission
from leadflow.kernel.reach import Reach
from leadflow.kernel.scope import Scope
from leadflow.views.columns import NO_MORE, Extra
from leadflow.views.grouping.rules import Grouping
from leadflow.views.rules import LeadFilter

WATCHED = (Permission.LEADS_READ, Permission.INSIGHT_READ)

FIGURES = frozenset({"kpis", "groups"})


def mark_of(reach: Reach, fields: FieldRights) -> str:
    """Whoever has the same mark sees the same; empty for everything."""
    return f"{reach.mark}{fields.mark}"


class Shape(NamedTuple):
    """What rows say beyond what all of them say, and by what totals are told."""

    extra: frozenset[Extra] = NO_MORE
    by: Grouping | None = None

    @property
    def mark(self) -> str:
        """Equal shapes have equal marks; empty for rows as everybody has them."""
        return ",".join(sorted(self.extra)) + (f"/{self.by}" if self.by else "")


PLAIN = Shape()


class Channel:
    """Everybody who looks at the same thing: one computation, one encoding, many sockets."""

    def __init__(self, sub: str, view: str, lead_filter: LeadFilter, scope: Scope, shape: Shape = PLAIN) -> None:
        self.sub = sub
        self.shape = shape
        self.view = view
        self.filter = lead_filter
        self.scope = scope
        """Nobody's in particular, with the reach and the field rights that all its viewers have."""
        self.mark = mark_of(self.reach, scope.fields)
        self.is_blind = False
        """It is about one lead, which is out of reach."""
        self.viewers: set[Mailbox] = set()
        self.expected: dict[Mailbox, Waiting] = {}
        self.counts: dict[str, Any] | None = None
        """What was last told of numbers."""

    @property
    def key(self) -> tuple[str, ...]:
        return self.view, self.filter.signature, self.mark, self.shape.mark

    @property
    def has_rows(self) -> bool:
        """Or it tells numbers only."""
        return self.view not in FIGURES

    @property
    def reach(self) -> Reach:
        return self.scope.reach(Permission.LEADS_READ)

    @property
    def narrowness(self) -> tuple[bool, int]:
        """Sorts what shows most first."""
        return not self.reach.is_all, len(self.filter.signature)

    def expect(self, viewer: Mailbox) -> None:
        """Keep for `viewer` what is published while its first picture is drawn: it can use no patch before that."""
        self.expected[viewer] = Waiting()

    def admit(self, viewer: Mailbox) -> None:
        """The first picture has been handed over: what was kept follows, then everything as it comes."""
        kept = self.expected.pop(viewer, None)
        if kept is None:
            return
        self.viewers.add(viewer)
        if kept.latest:
            viewer.tell(kept.patch())

    def part(self, viewer: Mailbox) -> None:
        self.viewers.discard(viewer)
        self.expected.pop(viewer, None)

    def publish(self, patch: Patch) -> None:
        patch["sub"] = self.sub
        encoded = orjson.dumps(patch).decode()
        for viewer in self.viewers:
            viewer.offer(self.sub, patch, encoded)
        for kept in self.expected.values():
            kept.merge(patch)

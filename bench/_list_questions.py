"""What the list benchmark asks: each question as the product is asked it, and as bare SQL says it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from leadflow.views.rules import BOARD_DEPTH, COUNT_CAP, LeadFilter, Sort

PAGE = 50
_COLUMNS = (
    "l.id::text, name, company, email, stage, score, score_delta, score_trail, band, reason, source, value, currency, "
    "owner_id::text, country, captured_at, stage_at, touched_at, touch_due_at, touch_remind_at, held_until, version"
)


@dataclass(frozen=True)
class Question:
    """A page of a list: `condition` is the filter in SQL, and `values` is what it binds."""

    name: str
    sort: Sort = Sort.SCORE_DESC
    wanted: LeadFilter = field(default_factory=LeadFilter)
    condition: str = "true"
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def bare(self) -> str:
        """Which leads, what they say and how many there are up to the cap, as anybody would write it."""
        way = "DESC" if self.sort.is_descending else "ASC"
        where = f"organization_id = %(organization)s AND {self.condition}"
        total = f"(SELECT count(*) FROM (SELECT 1 FROM lead WHERE {where} LIMIT {COUNT_CAP + 1}) c)"
        column = self.sort.column
        return (
            f"SELECT {_COLUMNS}, {total} FROM lead l WHERE {where} ORDER BY {column} {way}, id {way} LIMIT {PAGE + 1}"
        )


def sorts() -> list[Question]:
    """Everything, by each key on offer."""
    return [Question(f"sort {sort.value}", sort) for sort in Sort if sort is not Sort.RELEVANCE]


def filters(owner: UUID) -> list[Question]:
    """What reps and managers look for, from nearly everything to a handful."""
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    newest = Sort.CAPTURED_DESC
    return [
        _asked("open early", "stage IN ('new', 'contacted')", stage=("new", "contacted")),
        _asked("warm or hot", "band IN ('hot', 'warm')", band=("hot", "warm")),
        _asked(
            "hot and open", "band = 'hot' AND stage IN ('new', 'contacted', 'qualified', 'proposal')",
            band=("hot",), stage=("new", "contacted", "qualified", "proposal"),
        ),
        _asked("common source", "source = 'google ads'", source=("google ads",)),
        _asked("rare source, newest", "source = 'trade fair'", newest, source=("trade fair",)),
        _asked("mine", "owner_id = %(owner)s", values={"owner": owner}, owner=owner),
        _asked("nobody's, newest", "owner_id IS NULL", newest, owner="none"),
        _asked(
            "this week, newest", "captured_at >= %(since)s", newest,
            values={"since": midnight - timedelta(days=6)}, captured="7d",
        ),
        _asked("today, best", "captured_at >= %(since)s", values={"since": midnight}, captured="today"),
        _asked("proposals by value", "stage = 'proposal'", Sort.VALUE_DESC, stage=("proposal",)),
        _asked("won by name", "stage = 'won'", Sort.NAME, stage=("won",)),
        _asked(
            "qualified referrals", "stage = 'qualified' AND source = 'referral'", Sort.COMPANY,
            stage=("qualified",), source=("referral",),
        ),
    ]  # fmt: skip


def _asked(
    name: str,
    condition: str,
    sort: Sort = Sort.SCORE_DESC,
    values: Mapping[str, object] | None = None,
    **wanted: object,
) -> Question:
    return Question(name, sort, LeadFilter.model_validate(wanted), condition, values or {})


COUNTS = (
    "SELECT stage, count(*), sum(value), avg(score) FROM lead WHERE organization_id = %(organization)s GROUP BY stage"
)
BOARD = f"""
    SELECT {_COLUMNS} FROM (
        SELECT best.* FROM stage s CROSS JOIN LATERAL (
            SELECT * FROM lead WHERE organization_id = %(organization)s AND stage = s.key
            ORDER BY score DESC, id DESC LIMIT {BOARD_DEPTH}) best
        WHERE s.organization_id = %(organization)s) l
"""
BY_KEY = f"SELECT {_COLUMNS} FROM lead l WHERE organization_id = %(organization)s AND id = %(id)s"

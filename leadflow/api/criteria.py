"""Which leads, and in which order, as callers say it in a query or a body."""

from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from leadflow.api.listing import Listing, words_of
from leadflow.kernel.ids import parse_id
from leadflow.views.conditions.tree import Conditions, LeadCondition, read
from leadflow.views.orders.rules import Order, Ordered, order_of
from leadflow.views.rules import MAX_LIMIT, LeadFilter, Sort

EXAMPLE: Final = (
    '{"all": [{"field": "value", "op": "gte", "value": 1000000}, {"field": "owner", "op": "any_of", "value": ["me"]}]}'
)


def _owner(text: str) -> str:
    if text not in {"", "me", "none"} and parse_id(text) is None:
        raise ValueError("Use a person's id, `me` or `none`")
    return text


Several = Annotated[list[Annotated[str, Field(max_length=80)]], BeforeValidator(words_of), Field(max_length=50)]


class _Simple(BaseModel):
    """What needs no conditions. Anything else is refused, so that a typo never names the wrong leads."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[str, Field(max_length=200)] = ""
    stage: Several = Field(default_factory=list)
    owner: Annotated[str, AfterValidator(_owner), Field(description="A person's id, `me` or `none`")] = ""
    band: Several = Field(default_factory=list)
    source: Several = Field(default_factory=list)
    captured: Literal["", "today", "7d", "30d"] = ""

    @property
    def conditions(self) -> LeadCondition | None:
        return None

    def filter_for(self, account_id: UUID | None) -> LeadFilter:
        """`me` and `mine` among the conditions stay: `views.filtering` knows who asks."""
        return LeadFilter(
            owner=account_id if self.owner == "me" else self.owner or None,
            stage=tuple(self.stage),
            band=tuple(self.band),
            source=tuple(self.source),
            captured=self.captured or None,
            q=self.q,
            where=self.conditions,
        )


class LeadCriteria(_Simple):
    """Which leads: everything given must hold."""

    where: Annotated[Conditions, Field(description="Conditions, nested to depth 3; also as JSON text")] = None

    @property
    def conditions(self) -> LeadCondition | None:
        return self.where


def _readable(written: str) -> str:
    read(written)
    return written


class LeadMatch(_Simple):
    """Which leads, as a query says it."""

    where: Annotated[
        str,
        AfterValidator(_readable),
        Field(
            description="Conditions as JSON: `field`, `op` and `value`, or `all` or `any` of such, 3 levels deep and "
            "20 in all. `GET /api/v1/leads/fields` says what can be asked of which field.",
            examples=[EXAMPLE],
        ),
    ] = ""

    @property
    def conditions(self) -> LeadCondition | None:
        return read(self.where)


class LeadQuery(LeadMatch, Listing):
    """What can be asked of the list."""

    sort: Annotated[
        Ordered, Field(description="Without it: by relevance where `q` is given, otherwise the best score first.")
    ] = ""
    cursor: Annotated[str, Field(max_length=2000)] = ""
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT)] = 50

    @property
    def order(self) -> Order:
        return order_of(self.sort or Sort.RELEVANCE)

"""What leads can be filtered and sorted by."""

from pydantic import Field

from leadflow.api.schemas.shape import Shape
from leadflow.views.conditions.operators import Kind, Operator, Takes


class FieldOperator(Shape):
    key: Operator
    label: str
    takes: Takes = Field(description="What the field is compared with; money in minor units of the lead's own currency")


class FieldChoice(Shape):
    value: str
    label: str


class LeadFieldItem(Shape):
    key: str
    label: str
    kind: Kind
    operators: list[FieldOperator]
    choices: list[FieldChoice] | None = Field(description="Null where any word will do")


class LeadSortKey(Shape):
    key: str = Field(description="Ascending; with a minus before it, descending")
    label: str
    ascending: str
    descending: str
    descends: bool = Field(description="The usual direction")
    alone: bool = Field(description="It can come first whatever is asked for; others where few leads are asked for")


class LeadFields(Shape):
    """As far as your role sees them."""

    fields: list[LeadFieldItem]
    sorts: list[LeadSortKey]

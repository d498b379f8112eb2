"""How to say that a lead has come to the goal."""

from pydantic import Field

from leadflow.api.schemas.shape import Shape


class GoalWords(Shape):
    """A lead's coming to the goal, in words: "won" where the goal is a deal."""

    does: str = Field(description="“who is won”")
    did: str = Field(description="“a lead that was won”")
    will: str = Field(description="“who will be won”")
    do: str = Field(description="“leads win more often”")
    those_did: str = Field(description="“12% were won”")
    done: str = Field(description="“12 won”")
    title: str = Field(description="The same, over a column")
    many: str = Field(description="“wins in the top tenth”")
    undone: str = Field(description="“3 lost”")
    ends: str = Field(description="“each lead that is won or lost”")
    waited: str = Field(description="What is counted of those that stayed open for long")

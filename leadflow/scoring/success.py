"""What is said of leads that come to the goal: the one place for such words. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final

from leadflow.scoring.goals import Goal


@dataclass(frozen=True, slots=True)
class Words:
    """A lead's coming to the goal in the forms that sentences need."""

    does: str
    """"who is won"."""
    did: str
    """"a lead that was won"."""
    will: str
    """"who will be won"."""
    do: str
    """"leads win more often"."""
    those_did: str
    """"12% were won"."""
    done: str
    """"12 won": of a number, a share, or a line in a chart."""
    title: str
    """The same, over a column."""
    many: str
    """"wins in the top tenth"."""
    undone: str
    """"3 lost": of a number."""
    ends: str
    """"each lead that is won or lost"."""
    waited: str
    """What is counted of those that stayed open for long."""

    def to_json(self) -> dict[str, str]:
        return asdict(self)


WORDS: Final[Mapping[Goal, Words]] = {
    Goal.WON: Words(
        does="is won",
        did="was won",
        will="will be won",
        do="win",
        those_did="were won",
        done="won",
        title="Won",
        many="wins",
        undone="lost",
        ends="is won or lost",
        waited="counted as lost after waiting",
    ),
    Goal.MEETING: Words(
        does="comes to a meeting",
        did="came to a meeting",
        will="will come to a meeting",
        do="come to a meeting",
        those_did="came to a meeting",
        done="met",
        title="Met",
        many="meetings",
        undone="lost or not there",
        ends="comes to a meeting, does not show up or is lost",
        waited="counted as no meeting after waiting",
    ),
    Goal.REPLY: Words(
        does="answers",
        did="answered",
        will="will answer",
        do="answer",
        those_did="answered",
        done="answered",
        title="Answered",
        many="answers",
        undone="lost",
        ends="answers or is lost",
        waited="counted as no answer after waiting",
    ),
}

"""What a simulation or replay needs from the product."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from leadflow.simulation.steps import Behave, Capture, Move, OpenLead, Outcome, Touch


class Company(Protocol):
    """One organization, reached through the public use cases only.

    Every call that takes a step keeps the step's `at` as the time it happened and its `ref` as the idempotency key,
    and answers whether something was done: False for a step that was done before, and for one that no longer fits
    (a person has closed, moved or deleted the lead meanwhile). Neither is an error.
    """

    def batch(self) -> AbstractAsyncContextManager[None]:
        """One unit of work around all calls made inside; outside of it each call is its own."""
        ...

    async def capture(self, step: Capture) -> bool: ...

    async def capture_many(self, steps: Sequence[Capture]) -> Sequence[bool]:
        """Several captures, answered in their order."""
        ...

    async def behave(self, step: Behave) -> bool: ...

    async def touch(self, step: Touch) -> bool:
        """The lead's owner is the actor; `step.rep` where it has none yet."""
        ...

    async def move(self, step: Move) -> bool:
        """Only if the lead is still in `step.was`."""
        ...

    async def outcome(self, step: Outcome) -> bool:
        """A closed lead is closed anew only if `step.reopens`."""
        ...

    async def settled(self) -> None:
        """Returns when the scores reflect every step done so far."""
        ...

    async def scores_of(self, keys: Sequence[str]) -> Mapping[str, float]:
        """The present score of each lead; a lead without one is left out."""
        ...

    async def open_leads(self) -> Sequence[OpenLead]:
        """Every lead in an open stage, by its primary e-mail address, else its phone number."""
        ...

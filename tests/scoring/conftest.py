"""An office whose clock a test moves."""

from tests.fixtures.office import clock, office

__all__ = ["clock", "office"]

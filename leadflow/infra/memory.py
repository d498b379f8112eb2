"""How often a long-lived process looks for cycles among its objects."""

import gc

YOUNG, MIDDLE, OLD = 50_000, 20, 20
"""Python's 700, 10, 10 suits small programs: a batch makes some hundred thousand objects and hardly a cycle. Measured
on a backlog of events: a third of the time of scoring went into looking for some.
"""


def settle() -> None:
    """Call once everything is imported: what is there then stays, and is not looked at again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)

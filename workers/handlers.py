"""Finds every job handler."""

import importlib
import pkgutil

from leadflow.infra.jobs import Handler
from leadflow.kernel.errors import Permanent
from workers import jobs


def all_handlers() -> dict[str, Handler]:
    """Every handler by the kind of job that it runs.

    Raises:
        Permanent: two files claim the same kind.

    """
    handlers: dict[str, Handler] = {}
    for found in pkgutil.iter_modules(jobs.__path__):
        for kind, handler in importlib.import_module(f"{jobs.__name__}.{found.name}").HANDLERS.items():
            if kind in handlers:
                raise Permanent(f"Two handlers run {kind!r}.")
            handlers[kind] = handler
    return handlers

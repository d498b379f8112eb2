"""Shelves: the whole plug-in system. One more of anything is one new file that exports one capitalised name."""

import importlib
import pkgutil
from functools import cache
from importlib.metadata import entry_points
from types import ModuleType
from typing import TypeVar

from leadflow.kernel.errors import Permanent

Member = TypeVar("Member")


@cache
def _modules(package: str) -> tuple[ModuleType, ...]:
    root = importlib.import_module(package)
    names = sorted(found.name for found in pkgutil.iter_modules(root.__path__) if not found.name.startswith("_"))
    return tuple(importlib.import_module(f"{package}.{name}") for name in names)


@cache
def _third_parties(package: str) -> tuple[tuple[str, object], ...]:
    """Looking through all installed packages takes milliseconds, so it happens once."""
    return tuple((point.name, point.load()) for point in entry_points(group=package))


def discover(package: str, kind: type[Member], name: str) -> dict[str, Member]:
    """Everything on a shelf, by module name, in name order.

    `package` is the dotted name of the shelf, `name` what each member exports ("KPI"), `kind` its type.
    Third parties join through an entry-point group named like the package.

    Raises:
        Permanent: a file on the shelf does not export `name`, or exports something else under it.

    """
    members: dict[str, object] = {
        module.__name__.rpartition(".")[2]: getattr(module, name, None) for module in _modules(package)
    }
    members |= dict(_third_parties(package))
    for key, member in members.items():
        if not isinstance(member, kind):
            raise Permanent(f"{package}.{key} must export {name}, a {kind.__name__}; it has {member!r}.")
    return {key: member for key, member in members.items() if isinstance(member, kind)}

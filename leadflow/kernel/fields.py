"""Field rights: what of a lead somebody is told, and what they may set. Who has which is decided in tenancy."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b

from leadflow.kernel.errors import FieldProblem, Forbidden


class LeadField(StrEnum):
    """What can be kept from a role. What hangs on a field (the domain on the e-mail address, the currency on the
    value) goes with it.
    """

    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    COMPANY = "company"
    TITLE = "title"
    COUNTRY = "country"
    SOURCE = "source"
    VALUE = "value"
    CUSTOM = "custom"


class FieldLevel(StrEnum):
    """How much of a field a role has. Wider ones stand further down."""

    NONE = "none"
    READ = "read"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class FieldRights:
    """The fields that somebody is not told of, and those that they may not set: what is hidden is locked as well."""

    hidden: frozenset[str] = frozenset()
    locked: frozenset[str] = frozenset()

    @property
    def mark(self) -> str:
        """Equal rights to read have equal marks; empty where nothing is hidden."""
        if not self.hidden:
            return ""
        return blake2b("|".join(sorted(self.hidden)).encode(), digest_size=4).hexdigest()

    def require_read(self, field: str) -> None:
        """Before a list is filtered or sorted by a field: the order of a list tells what is in it.

        Raises:
            Forbidden: the field is hidden.

        """
        if field in self.hidden:
            raise Forbidden(f"Your role does not see the {field} of leads.")

    def require_write(self, fields: Iterable[str]) -> None:
        """Before fields are set.

        Raises:
            Forbidden: some of them are locked; the problems name them.

        """
        if refused := sorted(self.locked.intersection(fields)):
            raise Forbidden(
                f"Your role may not set: {', '.join(refused)}.",
                problems=[FieldProblem(field, f"Your role may not set the {field}.") for field in refused],
            )


OPEN = FieldRights()


def rights_from(levels: Mapping[str, str]) -> FieldRights:
    """Stored levels as rights; a field that is not named is open, and what is not understood is not told.

    >>> rights_from({"email": "none", "value": "read"}).hidden, sorted(rights_from({"value": "read"}).locked)
    (frozenset({'email'}), ['value'])
    """
    open_ = {field for field, level in levels.items() if level == FieldLevel.WRITE}
    shown = {field for field, level in levels.items() if level == FieldLevel.READ} | open_
    return FieldRights(frozenset(levels.keys() - shown), frozenset(levels.keys() - open_))

"""What enrichment needs from the outside world."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class MxStatus(StrEnum):
    HAS_MX = "has_mx"
    IMPLICIT = "implicit"
    """No MX record but an address: mail may be accepted there (RFC 5321, section 5.1), or not."""
    NULL_MX = "null_mx"
    """The domain says that it accepts no mail (RFC 7505)."""
    NO_MX = "no_mx"
    NO_DOMAIN = "no_domain"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class MxResult:
    """Where a domain takes its mail; `hosts` in order of preference, `reason` why it is unknown."""

    status: MxStatus
    hosts: tuple[str, ...] = ()
    reason: str = ""


class MxResolver(Protocol):
    """Looks up mail exchangers. Never raises: whatever goes wrong is an answer of status `unknown`."""

    async def lookup(self, domain: str) -> MxResult: ...

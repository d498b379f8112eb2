"""Mail exchangers from the DNS: asynchronous, with a deadline and a cache, and never an exception."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Final

from dns.asyncresolver import Resolver
from dns.exception import DNSException, Timeout
from dns.nameserver import Do53Nameserver
from dns.resolver import NXDOMAIN, Answer, NoAnswer

from leadflow.enrichment.ports import MxResult, MxStatus

CACHED: Final = 10_000
SHORTEST: Final = 60.0
LONGEST: Final = 86_400.0
ABSENT_FOR: Final = 300.0
UNKNOWN_FOR: Final = 30.0
TOO_LATE: Final = MxResult(MxStatus.UNKNOWN, reason="no answer in time")


class DnsMxResolver:
    """Satisfies `enrichment.ports.MxResolver`.

    `servers` are addresses, with ":port" where it is not 53; the machine's own when empty. `timeout` is in seconds
    and covers a whole lookup. Answers are kept as long as the DNS says, between a minute and a day.
    """

    def __init__(
        self, servers: Sequence[str] = (), timeout: float = 2.0, *, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._servers = tuple(servers)
        self._timeout = timeout
        self._now = now
        self._resolver: Resolver | None = None
        self._kept: OrderedDict[str, tuple[float, MxResult]] = OrderedDict()

    async def lookup(self, domain: str) -> MxResult:
        name = domain.strip().rstrip(".").lower()
        until, kept = self._kept.get(name, (0.0, TOO_LATE))
        if until > self._now():
            return kept
        if not name:
            return MxResult(MxStatus.UNKNOWN, reason="no domain")
        result, lifetime = await self._ask(name)
        self._kept[name] = (self._now() + lifetime, result)
        self._kept.move_to_end(name)
        if len(self._kept) > CACHED:
            self._kept.popitem(last=False)
        return result

    async def _ask(self, name: str) -> tuple[MxResult, float]:
        try:
            async with asyncio.timeout(self._timeout):
                return await self._resolve(self._ready(), name)
        except (TimeoutError, Timeout):
            return TOO_LATE, UNKNOWN_FOR
        except (DNSException, OSError, ValueError) as error:
            return MxResult(MxStatus.UNKNOWN, reason=type(error).__name__), UNKNOWN_FOR

    async def _resolve(self, resolver: Resolver, name: str) -> tuple[MxResult, float]:
        try:
            answer = await resolver.resolve(name, "MX", search=False)
        except NXDOMAIN:
            return MxResult(MxStatus.NO_DOMAIN), ABSENT_FOR
        except NoAnswer:
            return await self._without_mx(resolver, name)
        ranked = sorted((record.preference, record.exchange.to_text(omit_final_dot=True)) for record in answer)
        hosts = tuple(host for _, host in ranked if host not in ("", ".", "@"))
        lifetime = min(max(_seconds_left(answer), SHORTEST), LONGEST)
        return MxResult(MxStatus.HAS_MX if hosts else MxStatus.NULL_MX, hosts), lifetime

    async def _without_mx(self, resolver: Resolver, name: str) -> tuple[MxResult, float]:
        for kind in ("A", "AAAA"):
            try:
                await resolver.resolve(name, kind, search=False)
            except NoAnswer:
                continue
            return MxResult(MxStatus.IMPLICIT, (name,)), ABSENT_FOR
        return MxResult(MxStatus.NO_MX), ABSENT_FOR

    def _ready(self) -> Resolver:
        """Made at the first lookup: a machine without a resolver configuration is a reason for "unknown"."""
        if self._resolver is None:
            resolver = Resolver(configure=not self._servers)
            if self._servers:
                resolver.nameservers = [_name_server(server) for server in self._servers]
            resolver.lifetime = self._timeout
            resolver.timeout = self._timeout / 2.0
            self._resolver = resolver
        return self._resolver


def _name_server(server: str) -> Do53Nameserver:
    """Reads 9.9.9.9, 127.0.0.1:5353, 2620:fe::fe and [::1]:5353."""
    if server.startswith("["):
        address, _, port = server[1:].partition("]:")
        return Do53Nameserver(address.rstrip("]"), int(port or 53))
    address, colon, port = server.rpartition(":")
    if not colon or ":" in address:
        return Do53Nameserver(server)
    return Do53Nameserver(address, int(port))


def _seconds_left(answer: Answer) -> float:
    return float(answer.rrset.ttl) if answer.rrset is not None else SHORTEST

"""What a resolver of mail exchangers must do, asked of a real name server on a real socket."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from typing import cast

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest

from leadflow.enrichment.ports import MxResolver, MxStatus
from leadflow.infra.dns import DnsMxResolver

PATIENCE = 0.4
ZONE = {
    ("acme.io.", "MX"): ("300 IN MX 20 backup.acme.io.", "300 IN MX 10 aspmx.l.google.com."),
    ("nomail.io.", "MX"): ("300 IN MX 0 .",),
    ("web.io.", "A"): ("300 IN A 192.0.2.7",),
    ("web6.io.", "AAAA"): ("300 IN AAAA 2001:db8::7",),
    ("bare.io.", "TXT"): ("300 IN TXT hello",),
    ("brief.io.", "MX"): ("5 IN MX 10 mx.brief.io.",),
    ("xn--bcher-kva.de.", "MX"): ("300 IN MX 10 mx.buecher.de.",),
}


class NameServer(asyncio.DatagramProtocol):
    """Authoritative for `ZONE`; "broken.io" fails, "silent.io" never answers, "garbled.io" answers with rubbish."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        query = dns.message.from_wire(data)
        name, kind = query.question[0].name.to_text(), dns.rdatatype.to_text(query.question[0].rdtype)
        self.asked[name] += 1
        if name == "silent.io.":
            return
        if name == "garbled.io.":
            self.transport.sendto(data[:2] + b"\xff\xff\x00", addr)
            return
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.AA
        if name == "broken.io.":
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif not any(name == known for known, _ in ZONE):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif records := ZONE.get((name, kind)):
            split = [record.split(" ", 3) for record in records]
            answer.answer.append(dns.rrset.from_text(name, int(split[0][0]), "IN", kind, *(part[3] for part in split)))
        self.transport.sendto(answer.to_wire(), addr)


@pytest.fixture
async def server() -> AsyncIterator[tuple[NameServer, str]]:
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.create_datagram_endpoint(NameServer, local_addr=("127.0.0.1", 0))
    host, port = transport.get_extra_info("sockname")
    yield protocol, f"{host}:{port}"
    transport.close()


@pytest.fixture
def clock() -> list[float]:
    return [1000.0]


@pytest.fixture
def resolver(server: tuple[NameServer, str], clock: list[float]) -> MxResolver:
    return DnsMxResolver([server[1]], PATIENCE, now=lambda: clock[0])


class TestLookup:
    async def test_hosts_come_in_order_of_preference(self, resolver: MxResolver) -> None:
        found = await resolver.lookup("acme.io")
        assert (found.status, found.hosts) == (MxStatus.HAS_MX, ("aspmx.l.google.com", "backup.acme.io"))

    @pytest.mark.parametrize(
        ("domain", "status"),
        [
            ("nomail.io", MxStatus.NULL_MX),
            ("nowhere.io", MxStatus.NO_DOMAIN),
            ("web.io", MxStatus.IMPLICIT),
            ("web6.io", MxStatus.IMPLICIT),
            ("bare.io", MxStatus.NO_MX),
            ("broken.io", MxStatus.UNKNOWN),
            ("garbled.io", MxStatus.UNKNOWN),
            ("ACME.io.", MxStatus.HAS_MX),
            ("bücher.de", MxStatus.HAS_MX),
            ("", MxStatus.UNKNOWN),
            ("a..b", MxStatus.UNKNOWN),
            ("x" * 70 + ".io", MxStatus.UNKNOWN),
            ("\ud800.io", MxStatus.UNKNOWN),
        ],
    )
    async def test_every_case_is_told_apart_and_nothing_is_raised(
        self, resolver: MxResolver, domain: str, status: MxStatus
    ) -> None:
        assert (await resolver.lookup(domain)).status is status

    async def test_silence_ends_at_the_deadline(self, resolver: MxResolver) -> None:
        started = time.perf_counter()
        found = await resolver.lookup("silent.io")
        assert (found.status, found.reason) == (MxStatus.UNKNOWN, "no answer in time")
        assert time.perf_counter() - started < PATIENCE * 5

    async def test_nobody_listening_is_an_answer_too(self) -> None:
        assert (await DnsMxResolver(["127.0.0.1:1"], PATIENCE).lookup("acme.io")).status is MxStatus.UNKNOWN

    async def test_a_server_that_is_no_address_is_an_answer_too(self) -> None:
        for server in ("not an address", "127.0.0.1:port", "[::1]:x"):
            assert (await DnsMxResolver([server], PATIENCE).lookup("acme.io")).status is MxStatus.UNKNOWN


class TestMemory:
    async def test_an_answer_is_kept_as_long_as_the_dns_says(
        self, resolver: MxResolver, server: tuple[NameServer, str], clock: list[float]
    ) -> None:
        for passing, asked in ((0, 1), (299, 1), (2, 2)):
            clock[0] += passing
            await resolver.lookup("acme.io")
            assert server[0].asked["acme.io."] == asked

    async def test_a_very_short_life_is_made_a_minute(
        self, resolver: MxResolver, server: tuple[NameServer, str], clock: list[float]
    ) -> None:
        for passing, asked in ((0, 1), (59, 1), (2, 2)):
            clock[0] += passing
            await resolver.lookup("brief.io")
            assert server[0].asked["brief.io."] == asked

    async def test_memory_is_bounded_and_the_oldest_answer_goes_first(
        self, resolver: MxResolver, server: tuple[NameServer, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("leadflow.infra.dns.CACHED", 2)
        for domain in ("acme.io", "nomail.io", "brief.io", "brief.io", "acme.io"):
            await resolver.lookup(domain)
        assert (server[0].asked["acme.io."], server[0].asked["brief.io."]) == (2, 1)

    async def test_a_failure_is_soon_tried_again(
        self, resolver: MxResolver, server: tuple[NameServer, str], clock: list[float]
    ) -> None:
        asked = []
        for passing in (0, 1, 60):
            clock[0] += passing
            await resolver.lookup("broken.io")
            asked.append(server[0].asked["broken.io."])
        assert asked[0] == asked[1] < asked[2]

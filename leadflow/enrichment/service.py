"""Use cases of enrichment: look leads up outside of any transaction, then store what is new."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from pydantic import JsonValue

from leadflow.enrichment import repository, rules
from leadflow.enrichment.facts import Fact, Key, merge
from leadflow.enrichment.ports import MxResolver, MxResult, MxStatus
from leadflow.enrichment.repository import Contact
from leadflow.kernel.events import Event
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work

AT_ONCE = 20
"""Domains asked for at the same time."""
NOT_ASKED = MxResult(MxStatus.UNKNOWN, reason="a name reserved for documentation")


async def contacts(work: Work, lead_ids: Sequence[UUID]) -> list[Contact]:
    """What is to be looked up; leads that are gone are left out."""
    work.scope.require(Permission.LEADS_READ)
    return await repository.contacts(work, lead_ids)


async def look_up(found: Sequence[Contact], resolver: MxResolver, at: datetime) -> dict[UUID, dict[str, Fact]]:
    """All that is known of each lead afterwards. Asks each domain once; what cannot be reached stays unknown."""
    domains = {parts[1] for contact in found if (parts := rules.split_email(contact.email))}
    answers = await _ask(domains, resolver)
    return {contact.lead_id: merge(contact.facts, _facts(contact, answers, at)) for contact in found}


async def _ask(domains: Iterable[str], resolver: MxResolver) -> dict[str, MxResult]:
    slots = asyncio.Semaphore(AT_ONCE)

    async def ask(domain: str) -> MxResult:
        if rules.is_reserved(domain):
            return NOT_ASKED
        async with slots:
            return await resolver.lookup(domain)

    wanted = sorted(domains)
    return dict(zip(wanted, await asyncio.gather(*(ask(domain) for domain in wanted)), strict=True))


def _facts(contact: Contact, answers: Mapping[str, MxResult], at: datetime) -> list[Fact]:
    facts: list[Fact] = []
    if contact.email:
        facts += rules.email_facts(contact.email, at)
        if parts := rules.split_email(contact.email):
            facts += rules.mail_facts(answers[parts[1]], at)
    if contact.phone.startswith("+"):
        facts += rules.phone_facts(contact.phone, at)
    return facts


async def store(work: Work, found: Mapping[UUID, Mapping[str, Fact]]) -> None:
    """Save what is new and tell the timeline; looking up again what has not changed records nothing.

    News is what nobody knows by now: a lead that came again is looked up again, and both may end at the same time.
    """
    work.scope.require(Permission.LEADS_WRITE)
    news: dict[UUID, dict[str, Fact]] = {}
    since: dict[UUID, datetime] = {}
    for lead in await repository.hold(work, list(found)):
        known = merge(lead.facts, found[lead.lead_id].values())
        if fresh := {key: fact for key, fact in known.items() if _is_news(lead.facts.get(key), fact)}:
            news[lead.lead_id] = fresh
            since[lead.lead_id] = rules.known_since(lead.captured_at, work.clock.now(), is_first=not lead.facts)
    if not news:
        return
    countries = {lead: str(found[lead][Key.COUNTRY].value) for lead in news if Key.COUNTRY in found[lead]}
    await repository.save(work, news, countries)
    work.record_all(_told(lead, fresh, since[lead]) for lead, fresh in news.items())


def _told(lead: UUID, fresh: Mapping[str, Fact], since: datetime) -> Event:
    facts: dict[str, JsonValue] = {str(key): fact.to_json() for key, fact in fresh.items()}
    return Event("lead.enriched", lead, {"facts": facts}, occurred_at=since)


def _is_news(known: Fact | None, found: Fact) -> bool:
    return known is None or known.value != found.value

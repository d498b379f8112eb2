"""What is sensitive, and the words for it."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadflow.audit import rules
from leadflow.audit.rules import KINDS, Told
from leadflow.kernel.projection import Projection
from tests.audit.trail import AUDIT

ADA, BEN = "11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"
PEOPLE = {ADA: "Ada", BEN: "Ben"}
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def said(kind: str, data: Mapping[str, Any], who: str = "Ada", lead: str = "") -> str:
    return rules.describe(Told(kind, who, data, lead, PEOPLE))


@pytest.mark.parametrize(
    ("kind", "is_sensitive"),
    [
        ("api_key.created", True),
        ("account.created", True),
        ("session.opened", True),
        ("import.finished", True),
        ("team.renamed", True),
        ("assignment_rule.changed", True),
        ("audit.exported", True),
        ("lead.deleted", True),
        ("leads.reassigned", True),
        ("lead.assigned", True),
        ("lead.scored", False),
        ("lead.captured", False),
        ("activity.note", False),
        ("behaviour.form_submitted", False),
        ("sessions.opened", False),
    ],
)
def test_the_projection_reads_what_is_sensitive(kind: str, is_sensitive: bool) -> None:
    async def nothing(*_: object) -> None: ...

    assert rules.is_sensitive(kind) is is_sensitive
    assert Projection(AUDIT, KINDS, nothing).hurries(kind) is is_sensitive


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        ("api_key.created", {"name": "website", "key_id": "7"}, "Ada created the API key website"),
        ("api_key.revoked", {"key_id": "7"}, "Ada revoked an API key"),
        ("form.created", {"title": "Contact"}, "Ada created the form Contact"),
        ("form.changed", {"fields": ["title"]}, "Ada changed a form"),
        ("account.created", {"account_id": BEN}, "An account was made for Ben"),
        ("member.added", {"account_id": BEN, "role": "rep"}, "Ada added Ben as rep"),
        ("session.opened", {"account_id": BEN}, "Ben logged in"),
        ("session.ended", {}, "Ada ended a log-in"),
        ("organization.founded", {"name": "Northwind"}, "Northwind was founded"),
        ("import.finished", {"filename": "fair.csv"}, "The import of fair.csv was finished"),
        ("audit.exported", {}, "Ada exported the audit trail"),
        ("team.renamed", {"from": "North", "to": "Hamburg"}, "Ada renamed the team North to Hamburg"),
        ("team.moved", {"name": "North", "to": "Central"}, "Ada put the team North below Central"),
        ("team.moved", {"name": "North", "to": None}, "Ada put the team North at the top"),
        ("organization.seats_set", {"before": None, "seats": 25}, "Whoever runs this installation allowed 25 seats"),
        ("organization.seats_set", {"seats": None}, "Whoever runs this installation allowed any number of seats"),
        ("invitation.renewed", {"invitation_id": ADA}, "Ada gave out another link for an invitation"),
        ("member.moved", {"account_id": BEN, "to": "North"}, "Ada moved Ben to the team North"),
        ("member.moved", {"account_id": BEN, "to": None}, "Ada moved Ben out of all teams"),
        (
            "member.role_changed",
            {"account_id": BEN, "from": "rep", "to": "manager"},
            "Ada made Ben manager, no longer rep",
        ),
        ("member.suspended", {"account_id": BEN}, "Ada suspended Ben"),
        ("assignment_rule.switched_off", {}, "Ada switched off an assignment rule"),
        ("leads.reassigned", {"leads": 1200, "to": {BEN: 1200}}, "Ada reassigned 1,200 leads to Ben"),
        ("leads.reassigned", {"leads": 2, "to": {BEN: 1, ADA: 1}}, "Ada reassigned 2 leads to Ada and Ben"),
        ("leads.edited", {"leads": 41, "set": {"stage": "won"}}, "Ada changed the stage of 41 leads"),
        ("leads.exported", {"leads": 41, "format": "csv"}, "Ada exported 41 leads"),
        ("leads.put_back", {"leads": 41}, "Ada took the change of 41 leads back"),
        ("leads.given_back", {"leads": 1}, "Ada took the reassignment of 1 lead back"),
        (
            "scoring.pooled",
            {"organizations": 3, "leads": 1200, "pool": {"categories": {"source=fair": 0.5}}},
            "Scoring took up what 1,200 leads of 3 other organizations have in common",
        ),
        ("scoring.pool_joined", {}, "Ada joined the pool of what organizations learn from their leads"),
        ("session.opened", {"account_id": "7"}, "Somebody who is no longer here logged in"),
    ],
)
def test_what_happened_is_said_in_a_sentence(kind: str, data: Mapping[str, Any], words: str) -> None:
    assert said(kind, data) == words


@pytest.mark.parametrize(
    ("kind", "data", "who", "lead", "words"),
    [
        ("lead.assigned", {"to": BEN}, "LeadFlow", "Grace", "LeadFlow assigned Grace to Ben"),
        ("lead.assigned", {"to": ADA}, "Ada", "Grace", "Ada took Grace"),
        ("lead.assigned", {"from": ADA, "to": None}, "Ada", "Grace", "Ada left Grace without an owner"),
        ("lead.assigned", {"to": "7", "name": "Nia"}, "LeadFlow", "", "LeadFlow assigned a lead to Nia"),
        ("lead.won", {"from": "proposal", "to": "won"}, "Ben", "Grace", "Ben marked Grace as won"),
        ("lead.lost", {}, "Ben", "", "Ben marked a lead as lost"),
        ("lead.reopened", {}, "Ben", "Grace", "Ben reopened Grace"),
        ("lead.deleted", {}, "Ben", "", "Ben deleted a lead"),
        ("member.added", {"account_id": BEN, "role": "owner"}, "LeadFlow", "", "Ben joined as owner"),
    ],
)
def test_leads_and_people_have_names(kind: str, data: Mapping[str, Any], who: str, lead: str, words: str) -> None:
    assert said(kind, data, who, lead) == words


@given(st.sampled_from([*(f"{kind}renamed_twice" for kind in KINDS if kind[-1] == "."), *KINDS]), st.data())
def test_whatever_an_event_holds_it_can_be_told(kind: str, data: st.DataObject) -> None:
    held = data.draw(st.dictionaries(st.sampled_from(["name", "to", "account_id", "role", "x"]), JSON))
    told = said(kind if kind[-1] != "." else f"{kind}made", held)
    assert told[0].isupper() or told[0] == str(held.get("name", ""))[:1]
    assert len(rules.detail(held)) <= 300


def test_details_leave_out_ids_and_what_has_been_said() -> None:
    assert rules.detail({"session_id": ADA, "account_id": ADA}) == ""
    assert rules.detail({"created": 3, "rejected": 0, "is_open": True}) == "created: 3 · rejected: 0 · is open: yes"

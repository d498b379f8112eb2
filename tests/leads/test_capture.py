"""Leads come in: one path for one and for a thousand, and one lead per person however often they come."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.kernel.errors import Forbidden, Invalid
from leadflow.leads import CaptureLead, rules
from leadflow.leads.jobs import ENRICH
from leadflow.leads.queries import detail_of_new
from leadflow.tenancy.permissions import Role
from tests.fixtures.cast import Member, found_company
from tests.fixtures.office import MONDAY
from tests.leads.desk import capture, capture_all, everything, kinds, log, look
from tests.leads.test_identity import one_by_one

ADA_LOVELACE = {"name": "Ada Lovelace", "email": "ada@acme.example", "company": "Acme", "source": "website"}


class TestNewLead:
    async def test_it_is_there_as_it_came_in(self, desk: App, ben: Member) -> None:
        captured = await capture(
            desk, ben, **ADA_LOVELACE, phone="030 901820", country="de", title="CEO", value=500_00, currency="USD",
            custom={"employees": 12},
        )  # fmt: skip
        assert not captured.joined
        lead = await look(desk, ben, captured.lead_id)
        expected = {
            "name": "Ada Lovelace", "email": "ada@acme.example", "phone": "+4930901820", "company": "Acme",
            "title": "CEO", "domain": "acme.example", "country": "DE", "source": "website", "stage": "new",
            "value": 500_00, "currency": "USD", "custom": {"employees": 12}, "owner": None, "outcome": None,
            "captured_at": int(MONDAY.timestamp() * 1000), "touched_at": None, "version": 1,
        }  # fmt: skip
        assert lead | expected == lead

    async def test_the_answer_to_a_capture_is_what_is_there(self, desk: App, ben: Member) -> None:
        command = CaptureLead(
            **ADA_LOVELACE, phone="030 901820", country="de", value=500_00, currency="USD", custom={"employees": 12.5},
            occurred_at=MONDAY - timedelta(days=3, microseconds=1_501),
        )  # fmt: skip
        async with desk.work(ben) as work:
            captured = await leads.capture(work, command)
            answered = detail_of_new(work, captured.row)
        assert answered == await look(desk, ben, captured.lead_id)

    async def test_the_log_tells_it_without_name_address_or_number(self, desk: App, ben: Member) -> None:
        captured = await capture(desk, ben, **ADA_LOVELACE, phone="+4930901820")
        (event,) = await log(desk, ben)
        assert (event.kind, event.lead_id, event.source) == ("lead.captured", captured.lead_id, "website")
        assert (event.actor_kind, event.actor_id, event.occurred_at) == ("person", ben.actor.id, MONDAY)
        assert event.data["email"] is event.data["phone"] is True
        assert not any(part in str(event.data) for part in ("Ada", "Lovelace", "ada@", "901820"))

    async def test_it_asks_to_be_looked_up(self, desk: App, ben: Member) -> None:
        captured = await capture(desk, ben, **ADA_LOVELACE)
        async with desk.work(ben) as work:
            job = (await work.session.execute(text("SELECT kind, payload FROM job"))).one()
        assert (job.kind, job.payload) == (ENRICH, {"lead_ids": [str(captured.lead_id)]})

    @pytest.mark.parametrize("fields", [{"name": "Ada"}, {"email": "ada@acme.example"}, {"phone": "030 901820"}])
    async def test_a_name_an_address_or_a_number_is_enough(
        self, desk: App, ben: Member, fields: dict[str, str]
    ) -> None:
        assert not (await capture(desk, ben, **fields)).joined

    async def test_two_people_of_the_same_name_are_two(self, desk: App, ben: Member) -> None:
        first, second = [await capture(desk, ben, name="Ada Lovelace") for _ in range(2)]
        assert first.lead_id != second.lead_id

    async def test_the_past_may_be_told(self, desk: App, ben: Member) -> None:
        captured = await capture(desk, ben, **ADA_LOVELACE, occurred_at=MONDAY - timedelta(days=40))
        (event,) = await log(desk, ben)
        assert event.occurred_at == MONDAY - timedelta(days=40)
        lead = await look(desk, ben, captured.lead_id)
        assert lead["captured_at"] == lead["stage_at"] == int(event.occurred_at.timestamp() * 1000)


class TestRefused:
    @pytest.mark.parametrize(
        ("fields", "wrong"),
        [
            ({}, "email"),
            ({"email": "ada"}, "email"),
            ({"phone": "call me"}, "phone"),
            ({"name": "Ada", "custom": {"nested": {"a": 1}}}, "custom.nested"),
            ({"name": "Ada", "occurred_at": MONDAY + timedelta(minutes=2)}, "occurred_at"),
        ],
    )
    async def test_bad_input_names_the_field_and_changes_nothing(
        self, desk: App, ben: Member, fields: dict[str, object], wrong: str
    ) -> None:
        before = await everything(desk, ben)
        with pytest.raises(Invalid) as refused:
            await capture(desk, ben, **fields)
        assert [problem.field for problem in refused.value.problems] == [wrong]
        assert await everything(desk, ben) == before

    async def test_a_clock_that_is_a_little_fast_is_forgiven(self, desk: App, ben: Member) -> None:
        await capture(desk, ben, **ADA_LOVELACE, occurred_at=MONDAY + timedelta(seconds=59))

    async def test_a_viewer_captures_nothing(self, desk: App, viewer: Member, ben: Member) -> None:
        before = await everything(desk, ben)
        with pytest.raises(Forbidden):
            await capture(desk, viewer, **ADA_LOVELACE)
        with pytest.raises(Forbidden):
            await capture_all(desk, viewer, CaptureLead(**ADA_LOVELACE))
        assert await everything(desk, ben) == before


class TestComingAgain:
    @pytest.mark.parametrize("email", ["ada@acme.example", " ADA@Acme.Example "])
    async def test_the_same_address_joins_the_timeline(self, desk: App, ben: Member, email: str) -> None:
        first = await capture(desk, ben, **ADA_LOVELACE)
        again = await capture(desk, ben, email=email)
        assert (again.lead_id, again.joined) == (first.lead_id, True)
        assert await kinds(desk, ben, first.lead_id) == ["lead.captured", "lead.joined"]

    @pytest.mark.parametrize(
        ("phone", "country"), [("+49 30 901820", ""), ("030/901820", "DE"), ("0049-30-901820", "")]
    )
    async def test_the_same_number_joins_the_timeline(self, desk: App, ben: Member, phone: str, country: str) -> None:
        first = await capture(desk, ben, name="Ada", phone="+4930901820")
        again = await capture(desk, ben, phone=phone, country=country)
        assert (again.lead_id, again.joined) == (first.lead_id, True)

    async def test_address_and_number_given_together_become_one_person_from_then_on(
        self, desk: App, ben: Member
    ) -> None:
        first = await capture(desk, ben, email="ada@acme.example")
        both = await capture(desk, ben, email="ada@acme.example", phone="+4930901820")
        by_phone = await capture(desk, ben, phone="+4930901820", email="ada@home.example")
        by_other_address = await capture(desk, ben, email="ada@home.example")
        assert {each.lead_id for each in (both, by_phone, by_other_address)} == {first.lead_id}

    async def test_an_address_decides_before_a_shared_phone(self, desk: App, ben: Member) -> None:
        ada = await capture(desk, ben, email="ada@acme.example", phone="+4930901820")
        ben_too = await capture(desk, ben, email="ben@acme.example")
        again = await capture(desk, ben, email="ben@acme.example", phone="+4930901820")
        assert again.lead_id == ben_too.lead_id != ada.lead_id

    async def test_gaps_are_filled_and_nothing_is_overwritten(self, desk: App, ben: Member) -> None:
        first = await capture(desk, ben, email="ada@acme.example", name="Ada", custom={"size": 1, "a": "x"})
        await capture(
            desk, ben, email="ada@acme.example", name="Somebody", company="Acme", title="CEO", phone="+4930901820",
            country="DE", source="fair", custom={"size": 2, "b": "y"},
        )  # fmt: skip
        lead = await look(desk, ben, first.lead_id)
        expected = {
            "name": "Ada", "company": "Acme", "title": "CEO", "phone": "+4930901820", "country": "DE",
            "source": "api", "custom": {"size": 1, "a": "x", "b": "y"},
        }  # fmt: skip
        assert lead | expected == lead

    async def test_a_value_comes_with_its_currency(self, desk: App, ben: Member) -> None:
        """5,000 dollars do not become 5,000 euros because the lead had no value before."""
        first = await capture(desk, ben, email="ada@acme.example")
        await capture(desk, ben, email="ada@acme.example", value=5000_00, currency="USD")
        lead = await look(desk, ben, first.lead_id)
        assert (lead["value"], lead["currency"]) == (5000_00, "USD")
        await capture(desk, ben, email="ada@acme.example", value=1_00, currency="GBP")
        lead = await look(desk, ben, first.lead_id)
        assert (lead["value"], lead["currency"]) == (5000_00, "USD")

    async def test_a_value_comes_with_its_currency_within_one_batch_too(self, desk: App, ben: Member) -> None:
        first = await capture(desk, ben, email="ada@acme.example")
        await capture_all(
            desk,
            ben,
            CaptureLead(email="ada@acme.example"),
            CaptureLead(email="ada@acme.example", value=5000_00, currency="USD"),
        )
        lead = await look(desk, ben, first.lead_id)
        assert (lead["value"], lead["currency"]) == (5000_00, "USD")

    async def test_the_same_person_at_another_organization_is_another_lead(
        self, desk: App, ben: Member, mallory: Member
    ) -> None:
        ours = await capture(desk, ben, **ADA_LOVELACE)
        theirs = await capture(desk, mallory, **ADA_LOVELACE)
        assert not theirs.joined
        assert theirs.lead_id != ours.lead_id
        assert await kinds(desk, ben, ours.lead_id) == ["lead.captured"]


class TestBatch:
    async def test_it_answers_in_order_and_tells_first_from_joined(self, desk: App, ben: Member) -> None:
        known = await capture(desk, ben, email="known@acme.example")
        addresses = ("new", "known", "new", "other", "KNOWN")
        captured = await capture_all(desk, ben, *(CaptureLead(email=f"{who}@acme.example") for who in addresses))
        assert [each.joined for each in captured] == [False, True, True, False, True]
        assert captured[0].lead_id == captured[2].lead_id
        assert captured[1].lead_id == captured[4].lead_id == known.lead_id

    async def test_the_same_person_twice_in_a_batch_fills_its_own_gaps(self, desk: App, ben: Member) -> None:
        rows = (
            CaptureLead(email="ada@acme.example", name="Ada"),
            CaptureLead(email="ada@acme.example", company="Acme", phone="+4930901820"),
            CaptureLead(phone="+4930901820", title="CEO"),
        )
        captured = await capture_all(desk, ben, *rows)
        lead = await look(desk, ben, captured[0].lead_id)
        expected = {"name": "Ada", "company": "Acme", "phone": "+4930901820", "title": "CEO"}
        assert lead | expected == lead

    async def test_two_colleagues_with_one_switchboard_stay_who_they_are(self, desk: App, ben: Member) -> None:
        """Both are known by their own addresses; that one batch gives them the same number unites nobody."""
        ada = await capture(desk, ben, email="ada@acme.example")
        bob = await capture(desk, ben, email="bob@acme.example")
        again = await capture_all(
            desk,
            ben,
            CaptureLead(email="ada@acme.example", phone="+4930901820"),
            CaptureLead(email="bob@acme.example", phone="+4930901820"),
        )
        assert [each.lead_id for each in again] == [ada.lead_id, bob.lead_id]

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.lists(
            st.tuples(st.sampled_from(["", "a", "b", "c"]), st.sampled_from(["", "1", "2"])).filter(any),
            min_size=1,
            max_size=8,
        ),
        st.integers(0, 4),
    )
    async def test_however_it_is_cut_into_batches_the_same_people_come_out(
        self, desk: App, rows: list[tuple[str, str]], first: int
    ) -> None:
        (ada,) = await found_company(desk, "Northwind", ("Ada", Role.OWNER))
        commands = [
            CaptureLead(email=f"{email}@x.example" if email else "", phone=f"+4930000{phone}0" if phone else "")
            for email, phone in rows
        ]
        captured = []
        for batch in (commands[:first], commands[first:]):
            if batch:
                captured += await capture_all(desk, ada, *batch)
        fresh = [uuid4() for _ in rows]
        keys = [rules.identities(each.email, each.phone, each.country) for each in commands]
        expected = one_by_one(keys, {}, fresh)
        assert _partition([each.lead_id for each in captured]) == _partition(expected)
        assert [each.joined for each in captured] == [lead in expected[:place] for place, lead in enumerate(expected)]


def _partition(ids: list[UUID]) -> list[int]:
    """Who is the same as whom, whatever their ids are."""
    places: dict[UUID, int] = {}
    return [places.setdefault(each, len(places)) for each in ids]

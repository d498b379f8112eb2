"""What a saved view tells of a field that somebody does not see: nothing."""

import pytest

from leadflow.bootstrap import App
from leadflow.kernel.errors import Forbidden
from leadflow.kernel.fields import FieldRights, LeadField
from leadflow.kernel.scope import Scope
from leadflow.views.saved.errors import ViewChanged
from tests.fixtures.cast import Company, Member
from tests.views.saved.desk import change, choose, look, save, view_of


def acting(member: Member, **fields: object) -> Scope:
    return Scope(
        member.organization_id,
        member.actor,
        member.permissions,
        member.reaches,
        FieldRights(**fields),  # type: ignore[arg-type]
    )


class TestHiddenFields:
    SECRETS = (
        {"source": "whispered hint"},
        {"q": "grace@hushmail.example"},
        {"where": '{"field": "country", "op": "any_of", "value": ["GB"]}'},
        {"sort": "-value", "band": "hot"},
    )
    BLIND = frozenset({LeadField.SOURCE, LeadField.EMAIL, LeadField.COUNTRY, LeadField.VALUE})

    @pytest.mark.parametrize("params", SECRETS, ids=str)
    async def test_a_shared_view_about_one_is_listed_and_not_told(
        self, office: App, company: Company, params: dict[str, str]
    ) -> None:
        view = await save(office, company.owner, is_shared=True, params=params)
        await choose(office, company.owner, view, whose="organization")
        blind = acting(company.rep, hidden=self.BLIND)
        found = await look(office, blind)
        assert [(each["name"], each["params"], bool(each["withheld"])) for each in found.items] == [("Hot", {}, True)]
        assert found.defaults["list"]["opens"] is None
        seen = await look(office, company.rep)
        assert [(each["params"], each["withheld"]) for each in seen.items] == [(params, [])]

    async def test_nor_is_it_told_by_a_conflict_nor_overwritten_unseen(self, office: App, company: Company) -> None:
        view = await save(office, company.owner, is_shared=True, params={"source": "whispered hint"})
        blind = acting(company.owner, hidden=self.BLIND)
        with pytest.raises(ViewChanged) as conflict:
            await change(office, blind, view, name="x", version=7)
        assert "whispered" not in str(conflict.value.current)
        with pytest.raises(Forbidden):
            await change(office, blind, view, params={"band": "hot"})
        await change(office, blind, view, name="Renamed")
        assert (await view_of(office, company.owner, view))["params"] == {"source": "whispered hint"}

    @pytest.mark.parametrize("params", [{"source": "fair"}, {"sort": "-value"}, {"group": "country"}], ids=str)
    async def test_none_is_saved_about_one(self, office: App, company: Company, params: dict[str, str]) -> None:
        with pytest.raises(Forbidden):
            await save(office, acting(company.rep, hidden=self.BLIND), params=params)

    async def test_whose_it_is_now_does_not_open_it(self, office: App, company: Company) -> None:
        view = await save(office, company.owner, is_shared=True, params={"q": "grace@hushmail.example"})
        await change(office, company.owner, view, owner=company.rep.actor.id)
        blind = acting(company.rep, hidden=self.BLIND)
        told = await view_of(office, blind, view)
        assert (told["is_mine"], told["params"], told["withheld"]) == (True, {}, ["email"])
        with pytest.raises(Forbidden):
            await change(office, blind, view, params={"band": "hot"})
        own = await save(office, blind, "Own", is_shared=True, params={"band": "hot"})
        await change(office, company.owner, own, params={"q": "grace@hushmail.example"})
        assert (await view_of(office, blind, own))["params"] == {}

    async def test_ones_own_search_stays_ones_own(self, office: App, company: Company) -> None:
        blind = acting(company.rep, hidden=self.BLIND)
        view = await save(office, blind, params={"q": "grace"})
        assert (await view_of(office, blind, view))["params"] == {"q": "grace"}

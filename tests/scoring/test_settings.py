"""Versions of an organization's rules: looked at, deployed, taken back."""

import asyncio

import pytest
from pydantic import ValidationError

from leadflow.audit.rules import Told, describe
from leadflow.bootstrap import App
from leadflow.kernel.clock import FixedClock
from leadflow.kernel.errors import Forbidden, Invalid
from leadflow.scoring.config import DEFAULT, EngagementRule, FitRule, ScoringConfig
from leadflow.scoring.errors import ScoringChanged, VersionNotFound
from leadflow.scoring.settings import rules, service, vocabulary
from leadflow.scoring.settings.commands import Deploy, RollBack
from leadflow.scoring.settings.service import History
from tests.fixtures.cast import Member
from tests.fixtures.installation import fold
from tests.scoring.lives import capture, look
from tests.scoring.rules import ask, config, deploy, live, roll_back

DEPLOYED = "SELECT data FROM event WHERE kind = 'scoring.deployed' ORDER BY seq"
FAIR = [{"attribute": "source", "values": ["fair"], "points": 100, "label": "Met us at the fair"}]


async def history(app: App, member: Member, before: int | None = None, limit: int = 50) -> History:
    async with app.work(member) as work:
        return await service.history(work, before, limit)


class TestDeploy:
    async def test_everybody_starts_with_version_0(self, office: App, ada: Member, clock: FixedClock) -> None:
        version = await live(office, ada)
        assert (version.number, version.config, version.actor_name) == (0, DEFAULT, None)
        (first,) = (await history(office, ada)).items
        assert (first.version.number, first.changes, first.is_live) == (0, (), True)

    async def test_leads_that_come_in_are_scored_by_the_new_rules(
        self, office: App, ada: Member, mallory: Member, clock: FixedClock
    ) -> None:
        version = await deploy(office, ada, config(fit=FAIR, limits={}), 0, "The fair was good")
        assert (version.number, version.reason, version.actor_name) == (1, "The fair was good", "Ada")
        for scope, reason in ((ada, "Met us at the fair"), (mallory, "")):
            lead_id = await capture(office, scope, email="grace@navy.example", source="fair")
            await fold(office, scope.organization_id, "scoring")
            assert (await look(office, scope, lead_id))[0]["reason"] == reason

    async def test_the_log_and_the_trail_say_who_changed_what(
        self, office: App, ada: Member, clock: FixedClock
    ) -> None:
        await deploy(office, ada, config(base=20), 0, "Too few were warm")
        ((data,),) = await ask(office, ada, DEPLOYED)
        assert data == {
            "number": 1,
            "restores": None,
            "reason": "Too few were warm",
            "changes": ["Score of a lead nothing is known of: 15 → 20"],
        }
        assert describe(Told("scoring.deployed", "Ada", data)) == "Ada made version 1 of the scoring rules live"

    async def test_what_is_live_already_makes_no_version(self, office: App, ada: Member, clock: FixedClock) -> None:
        assert (await deploy(office, ada, config(), 0)).number == 0
        await deploy(office, ada, config(base=20), 0)
        assert (await deploy(office, ada, config(base=20), 1)).number == 1
        assert len(await ask(office, ada, DEPLOYED)) == 1

    async def test_whoever_drafted_on_an_older_version_is_told(
        self, office: App, ada: Member, clock: FixedClock
    ) -> None:
        await deploy(office, ada, config(base=20), 0)
        with pytest.raises(ScoringChanged, match="Version 1 is live"):
            await deploy(office, ada, config(base=30), 0)
        assert (await live(office, ada)).config.base == 20

    async def test_of_two_at_the_same_moment_one_goes_live(self, office: App, ada: Member, clock: FixedClock) -> None:
        tries = [deploy(office, ada, config(base=base), 0) for base in (20, 30)]
        answers = await asyncio.gather(*tries, return_exceptions=True)
        assert sorted(type(answer).__name__ for answer in answers) == ["ScoringChanged", "Version"]
        assert (await live(office, ada)).number == 1

    async def test_two_rules_about_one_behaviour_are_refused_by_name(
        self, office: App, ada: Member, clock: FixedClock
    ) -> None:
        twice = [*DEFAULT.model_dump()["engagement"], DEFAULT.engagement[0].model_dump()]
        with pytest.raises(Invalid) as refused:
            await deploy(office, ada, config(engagement=twice), 0)
        assert [problem.field for problem in refused.value.problems] == [
            f"config.engagement.{len(twice) - 1}.behaviour"
        ]
        assert (await live(office, ada)).number == 0

    def test_whatever_cannot_be_is_named_by_its_field(self) -> None:
        wrong = DEFAULT.model_dump() | {"base": 100, "fit": [FAIR[0] | {"points": 1000}]}
        with pytest.raises(ValidationError) as refused:
            Deploy.model_validate({"config": wrong, "reason": " ", "based_on": -1})
        assert {".".join(map(str, each["loc"])) for each in refused.value.errors()} == {
            "config.base", "config.fit.0.points", "reason", "based_on",
        }  # fmt: skip


class TestRollBack:
    async def test_an_earlier_version_goes_live_again_as_a_new_one(
        self, office: App, ada: Member, clock: FixedClock
    ) -> None:
        await deploy(office, ada, config(base=20), 0)
        await deploy(office, ada, config(base=30), 1)
        version = await roll_back(office, ada, 1, 2)
        assert (version.number, version.restores, version.config.base) == (3, 1, 20)
        version = await roll_back(office, ada, 0, 3)
        assert (version.number, version.config) == (4, DEFAULT)
        *_, (data,) = await ask(office, ada, DEPLOYED)
        told = describe(Told("scoring.deployed", "Ada", data))
        assert told == "Ada went back to version 0 of the scoring rules, as version 4"

    async def test_there_must_be_such_a_version(self, office: App, ada: Member, clock: FixedClock) -> None:
        with pytest.raises(VersionNotFound):
            await roll_back(office, ada, 7, 0)


class TestHistory:
    async def test_it_says_what_each_version_changed_newest_first(
        self, office: App, ada: Member, clock: FixedClock
    ) -> None:
        await deploy(office, ada, config(base=20), 0)
        await deploy(office, ada, config(base=20, patience=40), 1)
        items = (await history(office, ada)).items
        assert [(each.version.number, each.is_live, each.changes) for each in items] == [
            (2, True, ("Outcomes until learning weighs as much as rules: 20 → 40",)),
            (1, False, ("Score of a lead nothing is known of: 15 → 20",)),
            (0, False, ()),
        ]

    async def test_a_long_one_is_read_page_by_page(self, office: App, ada: Member, clock: FixedClock) -> None:
        for number in range(4):
            await deploy(office, ada, config(base=20 + number), number)
        numbers, cursor = [], None
        while True:
            page = await history(office, ada, cursor, limit=2)
            numbers += [each.version.number for each in page.items]
            assert all(each.changes for each in page.items if each.version.number)
            if page.next_cursor is None:
                break
            cursor = int(page.next_cursor)
        assert numbers == [4, 3, 2, 1, 0]


class TestRights:
    async def test_mallory_sees_and_changes_nothing_of_it(
        self, office: App, ada: Member, mallory: Member, clock: FixedClock
    ) -> None:
        await deploy(office, ada, config(base=20), 0, "Ours")
        assert (await live(office, mallory)).number == 0
        assert [each.version.number for each in (await history(office, mallory)).items] == [0]
        with pytest.raises(VersionNotFound):
            await roll_back(office, mallory, 1, 0)
        await deploy(office, mallory, config(base=90), 0)
        assert (await live(office, ada)).config.base == 20

    async def test_those_who_do_not_manage_settings_are_refused(
        self, office: App, ben: Member, clock: FixedClock
    ) -> None:
        async with office.work(ben) as work:
            for question in (
                service.look(work),
                service.history(work),
                service.deploy(work, Deploy(config=DEFAULT, reason="x", based_on=0)),
                service.roll_back(work, RollBack(number=0, reason="x", based_on=0)),
            ):
                with pytest.raises(Forbidden):
                    await question


class TestWords:
    def test_every_change_of_rules_is_told(self) -> None:
        before = ScoringConfig(
            fit=(
                FitRule(attribute="source", values=("fair",), points=5, label="Fair"),
                FitRule(attribute="country", points=1, label="Country known"),
            ),
            engagement=(EngagementRule(behaviour="demo", points=3, limit=9, label="Demo"),),
            limits={"profile": 30},
        )
        after = ScoringConfig(
            fit=(
                FitRule(attribute="source", values=("fair", "expo"), points=8, label="Fair"),
                FitRule(attribute="seniority", points=-4, label="Has a title"),
            ),
            engagement=(EngagementRule(behaviour="demo", points=3, limit=12, half_life_days=2, label="A demo"),),
            other_behaviour=EngagementRule(behaviour="*", points=1, limit=2, label="Something else"),
            limits={"profile": 40, "engagement": 60},
            thresholds={"hot": 80},
        )  # type: ignore[arg-type]  # pydantic makes thresholds of it
        assert rules.changes(before, after) == (
            "“Fair”: values fair → fair or expo, points 5 → 8",
            "New rule “Has a title”: -4 points",
            "Removed “Country known” (+1 points)",
            "“A demo”: at most 9 → 12, half-life in days 7 → 2, name Demo → A demo",
            "New rule “Something else”: +1 points",
            "Most points of the group engagement: no limit → 60",
            "Most points of the group profile: 30 → 40",
            "Hot from: 70 → 80",
        )
        assert rules.changes(after, after) == ()

    def test_two_rules_of_one_name_are_told_apart_by_their_order(self) -> None:
        some = FitRule(attribute="source", values=("a",), points=1, label="Good")
        more = FitRule(attribute="source", values=("b",), points=2, label="Good")
        before = ScoringConfig(fit=(some, more))
        after = ScoringConfig(fit=(some, more.model_copy(update={"points": 9.0})))
        assert rules.changes(before, after) == ("“Good”: points 2 → 9",)

    def test_what_the_first_rules_are_about_can_be_chosen(self) -> None:
        known = {each.key: each.values for each in vocabulary.ATTRIBUTES}
        for rule in DEFAULT.fit:
            assert rule.attribute in known
            assert not known[rule.attribute] or set(rule.values) <= set(known[rule.attribute])
        assert {rule.behaviour for rule in DEFAULT.engagement} <= vocabulary.behaviours().keys()

"""An organization's learner: its own, signed, and never half learned."""

from collections.abc import Sequence
from datetime import timedelta

import orjson
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from sqlalchemy import text

from leadflow.bootstrap import App
from leadflow.infra.projector import Projector
from leadflow.kernel.clock import FixedClock
from leadflow.kernel.errors import Permanent
from leadflow.kernel.events import RecordedEvent
from leadflow.kernel.work import Work
from leadflow.scoring import repository
from leadflow.scoring.models import shelf
from leadflow.scoring.projection import Scoring
from leadflow.scoring.repository import signer
from leadflow.tenancy.permissions import SYSTEM_PERMISSIONS
from tests.enrichment.test_service import Directory, enrich
from tests.fixtures.cast import Member
from tests.fixtures.installation import as_superuser, fold
from tests.scoring.lives import (
    SECRET,
    behave,
    capture,
    close,
    forget,
    read,
    scoring,
    stored,
)


class TestLearner:
    async def test_it_learns_from_its_own_organization_only(
        self, office: App, ben: Member, mallory: Member, clock: FixedClock
    ) -> None:
        for scope in (ben, mallory):
            lead_id = await capture(office, scope, email="ada@acme.example")
            if scope is ben:
                await close(office, scope, lead_id, "won")
            await fold(office, scope.organization_id, "scoring")
        assert stored(office, ben.organization_id)[1][0][1]["models"]["mix"]["wins"] == 1
        assert stored(office, mallory.organization_id)[1][0][1]["models"]["mix"]["wins"] == 0

    async def test_who_never_answers_counts_as_lost_until_they_buy(
        self, office: App, ben: Member, clock: FixedClock
    ) -> None:
        silent = await capture(office, ben, email="silent@acme.example")
        await fold(office, ben.organization_id, "scoring")
        seen = []
        for days, happens in ((29, "page_viewed"), (2, "page_viewed"), (60, "won")):
            clock.at += timedelta(days=days)
            if happens == "won":
                await close(office, ben, silent, happens)
            else:
                other = await capture(office, ben, email=f"p{days}@acme.example")
                await behave(office, ben, other, happens)
            await read(office, scoring(office), ben.organization_id)
            models = stored(office, ben.organization_id)[1]
            seen.append(
                (models[0][1]["models"]["mix"]["wins"], models[0][1]["models"]["mix"]["losses"]) if models else (0, 0)
            )
        assert seen == [(0, 0), (0, 1), (1, 2)]

    async def test_a_snapshot_that_somebody_else_wrote_is_refused(
        self, office: App, ben: Member, clock: FixedClock
    ) -> None:
        lead_id = await capture(office, ben, email="ada@acme.example")
        await close(office, ben, lead_id, "won")
        await fold(office, ben.organization_id, "scoring")
        with as_superuser(office.settings) as admin:
            admin.execute(
                "UPDATE model_snapshot SET state = jsonb_set(state, '{models,mix,wins}', '1000') WHERE organization_id = %s",
                (ben.organization_id,),
            )
        before = stored(office, ben.organization_id)
        await behave(office, ben, lead_id, "page_viewed")
        with pytest.raises(Permanent):
            await read(office, scoring(office), ben.organization_id)
        assert stored(office, ben.organization_id) == before

    async def test_a_snapshot_of_another_organization_or_installation_is_refused(
        self, office: App, ben: Member, mallory: Member, clock: FixedClock
    ) -> None:
        for scope in (ben, mallory):
            lead_id = await capture(office, scope, email="ada@acme.example")
            await close(office, scope, lead_id, "won" if scope is ben else "lost")
            await fold(office, scope.organization_id, "scoring")
        await capture(office, ben, email="grace@acme.example")
        with pytest.raises(Permanent):
            await read(office, scoring(office, secret="another-installation"), ben.organization_id)
        with as_superuser(office.settings) as admin:
            admin.execute(
                "UPDATE model_snapshot m SET state = o.state, signature = o.signature FROM model_snapshot o"
                " WHERE m.organization_id = %s AND o.organization_id = %s",
                (ben.organization_id, mallory.organization_id),
            )
        with pytest.raises(Permanent):
            await read(office, scoring(office), ben.organization_id)

    async def test_a_batch_that_fails_leaves_nothing_learned_behind(
        self, office: App, ben: Member, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        worker = scoring(office)
        first = await capture(office, ben, email="first@acme.example")
        await close(office, ben, first, "lost")
        await read(office, worker, ben.organization_id)
        second = await capture(office, ben, email="second@acme.example")
        await close(office, ben, second, "won")

        async def broken(*_: object) -> str:
            raise OSError("the disk is full")

        with monkeypatch.context() as patch:
            patch.setattr(repository, "save_model", broken)
            for _ in range(3):
                with pytest.raises(OSError, match="disk"):
                    await read(office, worker, ben.organization_id)
        await read(office, worker, ben.organization_id)
        (model,) = stored(office, ben.organization_id)[1]
        assert (model[1]["models"]["mix"]["wins"], model[1]["models"]["mix"]["losses"]) == (1, 1)
        kept = stored(office, ben.organization_id)
        forget(office, ben.organization_id)
        await read(office, scoring(office), ben.organization_id)
        assert stored(office, ben.organization_id) == kept

    async def test_a_commit_that_fails_leaves_nothing_learned_behind(
        self, office: App, ben: Member, clock: FixedClock
    ) -> None:
        class CutOff(Scoring):
            """Loses its connection once everything has been folded."""

            async def fold(self, work: Work, events: Sequence[RecordedEvent]) -> None:
                await super().fold(work, events)
                if cuts:
                    raise ConnectionError(cuts.pop())

        cuts = ["once", "twice"]
        worker = Projector(office.database, CutOff(signer(SECRET)).projection(), frozenset(SYSTEM_PERMISSIONS))
        lead_id = await capture(office, ben, email="first@acme.example")
        await close(office, ben, lead_id, "lost")
        for _ in range(2):
            with pytest.raises(ConnectionError):
                await read(office, worker, ben.organization_id)
        await read(office, worker, ben.organization_id)
        (model,) = stored(office, ben.organization_id)[1]
        assert model[1]["models"]["mix"]["losses"] == 1

    @hypothesis(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.lists(
            st.tuples(
                st.dictionaries(
                    st.sampled_from(["source=a", "source=b", "number:age", "did:x", "touches"]),
                    st.floats(-1e9, 1e9) | st.sampled_from([0.0, -0.0, 1e-300, 5e-324, 0.1]),
                    max_size=5,
                ),
                st.booleans(),
                st.sampled_from([1.0, 1.0, -1.0]),
            ),
            max_size=12,
        )
    )
    async def test_whatever_was_learned_its_signature_survives_the_database(
        self, office: App, outcomes: list[tuple[dict[str, float], bool, float]]
    ) -> None:
        model = shelf()["mix"].create()
        for x, won, weight in outcomes:
            model.learn(x, won, weight)
        state = model.snapshot()
        async with office.across() as session:
            row = await session.execute(text("SELECT CAST(:state AS jsonb)"), {"state": orjson.dumps(state).decode()})
            back = row.scalar_one()
        assert orjson.dumps(back, option=orjson.OPT_SORT_KEYS) == orjson.dumps(state, option=orjson.OPT_SORT_KEYS)


async def test_a_look_up_of_today_ends_no_wait_of_back_then(
    office: App, ben: Member, ada: Member, clock: FixedClock
) -> None:
    """A year that is imported is learned in the order in which it happened."""
    came = clock.at - timedelta(days=400)
    ids = [
        await capture(office, ben, email=f"p{day}@straylight.io", occurred_at=came + timedelta(days=day))
        for day in range(10)
    ]
    await fold(office, ben.organization_id, "scoring")
    await enrich(office, ada, ids, Directory(), clock.at)
    await fold(office, ben.organization_id, "scoring")
    scores, ((_, learner, _),) = stored(office, ben.organization_id)
    assert learner["models"]["mix"]["losses"] == 0
    assert {row[0]["f"]["email_kind"] for row in scores.values()} == {"business"}

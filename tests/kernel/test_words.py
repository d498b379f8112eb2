"""The small words that everybody shares: errors, scopes, ids, events, clocks, and how long a retry waits."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadflow.kernel import errors
from leadflow.kernel.clock import FixedClock, SystemClock
from leadflow.kernel.errors import FieldProblem, Forbidden, Invalid, LeadFlowError, TooLarge, TooMany
from leadflow.kernel.events import Event
from leadflow.kernel.ids import new_id, parse_id
from leadflow.kernel.jobs import MAX_ATTEMPTS, retry_delay
from leadflow.kernel.permissions import Permission
from leadflow.kernel.scope import Actor, ActorKind, Scope

EVERY_ERROR = [error for error in vars(errors).values() if isinstance(error, type) and issubclass(error, LeadFlowError)]
jitters = st.floats(0, 1, exclude_max=True)


class TestErrors:
    @pytest.mark.parametrize("error", EVERY_ERROR)
    def test_each_says_something_even_when_nothing_was_said(self, error: type[LeadFlowError]) -> None:
        assert error().detail == str(error()) == error.title != ""
        assert error("Ada is away.").detail == str(error("Ada is away.")) == "Ada is away."

    def test_no_two_share_their_problems(self) -> None:
        Invalid().problems.append(FieldProblem("name", "Give one."))
        assert Invalid().problems == []

    def test_too_large_is_one_way_of_being_invalid(self) -> None:
        problem = FieldProblem("file", "At most 100 MB.")
        assert isinstance(TooLarge(problems=[problem]), Invalid)
        assert TooLarge(problems=[problem]).problems == [problem]

    def test_too_many_says_when_to_come_back(self) -> None:
        assert (TooMany().retry_after, TooMany(retry_after=7).retry_after) == (60, 7)


class TestScope:
    scope = Scope(uuid4(), Actor(ActorKind.PERSON, uuid4()), frozenset({"leads.read"}))

    def test_what_is_permitted_passes(self) -> None:
        self.scope.require(Permission.LEADS_READ)
        assert self.scope.may("leads.read")

    @pytest.mark.parametrize("permission", sorted(set(Permission) - {Permission.LEADS_READ}))
    def test_everything_else_is_refused_by_name(self, permission: Permission) -> None:
        assert not self.scope.may(permission)
        with pytest.raises(Forbidden, match=f"the permission {permission.value}"):
            self.scope.require(permission)

    @pytest.mark.parametrize("permission", ["", "leads", "leads.", "LEADS.READ", "leads.read.all", "*"])
    def test_nothing_is_permitted_by_resemblance(self, permission: str) -> None:
        with pytest.raises(Forbidden):
            self.scope.require(permission)

    def test_acting_for_somebody_else_changes_neither_rights_nor_organization(self) -> None:
        other = Actor(ActorKind.FORM)
        acting = self.scope.acting_as(other)
        assert (acting.actor, acting.organization_id) == (other, self.scope.organization_id)
        assert acting.permissions == self.scope.permissions
        assert self.scope.actor != other


class TestRetryDelay:
    @given(attempts=st.integers(1, MAX_ATTEMPTS), jitter=jitters)
    def test_it_is_thirty_seconds_doubling_spread_by_half_either_way(self, attempts: int, jitter: float) -> None:
        middle = min(30 * 2 ** (attempts - 1), 3600)
        assert 0.5 * middle <= retry_delay(attempts, jitter).total_seconds() <= 1.5 * middle

    @given(attempts=st.integers(-5, 500), jitter=jitters)
    def test_it_is_never_shorter_than_a_quarter_minute_nor_longer_than_an_hour_and_a_half(
        self, attempts: int, jitter: float
    ) -> None:
        assert timedelta(seconds=15) <= retry_delay(attempts, jitter) <= timedelta(hours=1.5)

    @given(attempts=st.integers(1, 20), jitter=jitters)
    def test_it_never_gets_shorter_with_more_attempts(self, attempts: int, jitter: float) -> None:
        assert retry_delay(attempts, jitter) <= retry_delay(attempts + 1, jitter)


class TestIds:
    def test_later_ones_sort_later(self) -> None:
        made = [new_id() for _ in range(1000)]
        assert made == sorted(set(made))
        assert {each.version for each in made} == {7}

    @given(st.uuids())
    def test_an_id_in_an_address_is_read(self, known: object) -> None:
        assert parse_id(str(known)) == known

    @given(st.text(max_size=30))
    def test_anything_else_in_an_address_is_no_id(self, text: str) -> None:
        assert parse_id(text) is None


class TestEvents:
    def test_each_has_an_id_and_data_of_its_own(self) -> None:
        first, second = Event("lead.captured"), Event("lead.captured")
        assert first.id != second.id
        assert first.data is not second.data


class TestClocks:
    def test_the_machines_speaks_utc(self) -> None:
        assert SystemClock().now().tzinfo is UTC

    def test_a_fixed_one_moves_when_it_is_moved(self) -> None:
        clock = FixedClock(datetime(2026, 3, 18, tzinfo=UTC))
        before = clock.now()
        clock.at += timedelta(days=1)
        assert clock.now() - before == timedelta(days=1)

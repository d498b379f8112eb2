"""How far a permission goes: what an extent means at a place in the tree, and that SQL and Python agree on it."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadflow.kernel.permissions import Permission
from leadflow.kernel.reach import ALL, NOTHING, Extent, Place, Reach, reach_of, subtree
from leadflow.kernel.scope import Actor, ActorKind, Scope

CENTRAL, BERLIN, NORTH, ME = uuid4(), uuid4(), uuid4(), uuid4()
TREE = {CENTRAL: None, BERLIN: CENTRAL, NORTH: None}


class TestExtents:
    @pytest.mark.parametrize(
        ("extent", "expected"),
        [
            (Extent.OWN, Reach(frozenset(), ME)),
            (Extent.TEAM, Reach(frozenset({CENTRAL}))),
            (Extent.SUBTREE, Reach(frozenset({CENTRAL, BERLIN}))),
            (Extent.ALL, ALL),
        ],
    )
    def test_in_a_team(self, extent: Extent, expected: Reach) -> None:
        assert reach_of(extent, Place(ME, CENTRAL, subtree(CENTRAL, TREE))) == expected

    def test_at_the_root_everything_is_below_and_the_team_is_those_in_none(self) -> None:
        assert reach_of(Extent.SUBTREE, Place(ME)) == ALL
        assert reach_of(Extent.TEAM, Place(ME)).holds(None, None)
        assert not reach_of(Extent.TEAM, Place(ME)).holds(None, BERLIN)

    def test_a_loop_in_the_tree_does_not_hang(self) -> None:
        assert subtree(CENTRAL, {CENTRAL: BERLIN, BERLIN: CENTRAL}) == {CENTRAL, BERLIN}

    def test_without_the_permission_nothing_is_reached(self) -> None:
        scope = Scope(uuid4(), Actor(ActorKind.PERSON, ME), frozenset({Permission.LEADS_READ}))
        assert scope.reach(Permission.LEADS_READ) == ALL
        assert scope.reach(Permission.LEADS_WRITE) == NOTHING
        assert scope.within(Permission.LEADS_WRITE) == (" AND false", {})


teams = st.sampled_from([None, CENTRAL, BERLIN, NORTH])
reaches = st.builds(Reach, st.one_of(st.none(), st.frozensets(teams, max_size=3)), st.sampled_from([None, ME]))


class TestMarks:
    @given(reaches, reaches)
    def test_equal_reaches_share_a_mark_and_others_do_not(self, one: Reach, other: Reach) -> None:
        same = one == other or (one.is_all and other.is_all)
        assert (one.mark == other.mark) is same

    @given(reaches, teams, st.sampled_from([None, ME, uuid4()]))
    def test_a_clause_says_what_is_held(self, reach: Reach, team: UUID | None, owner: UUID | None) -> None:
        clause, values = reach.clause("l")
        parts = {
            "l.team_id = ANY(:reach_teams)": team in values.get("reach_teams", []),  # type: ignore[operator]
            "l.team_id IS NULL": team is None,
            "l.owner_id = :reach_person": owner is not None and owner == values.get("reach_person"),
        }
        said = [truth for part, truth in parts.items() if part in clause]
        assert (any(said) or clause == "") == reach.holds(owner, team)

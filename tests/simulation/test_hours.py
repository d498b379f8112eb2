from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from leadflow.simulation.hours import OfficeHours

BERLIN = OfficeHours()
moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
delays = st.timedeltas(timedelta(), timedelta(days=6))


class TestOfficeHours:
    def test_friday_evening_goes_on_monday_morning(self) -> None:
        friday = datetime(2026, 3, 6, 16, 50, tzinfo=UTC)
        assert BERLIN.later(friday, timedelta(minutes=30)) == datetime(2026, 3, 9, 8, 20, tzinfo=UTC)

    def test_the_clocks_going_forward_does_not_move_the_opening(self) -> None:
        saturday = datetime(2026, 3, 28, 12, tzinfo=UTC)
        assert BERLIN.next_open(saturday) == datetime(2026, 3, 30, 7, tzinfo=UTC)

    @given(moments, delays)
    def test_it_never_ends_outside_office_hours(self, at: datetime, delay: timedelta) -> None:
        assert BERLIN.is_open(BERLIN.later(at, delay))

    @given(moments, delays)
    def test_measuring_gives_back_what_was_added(self, at: datetime, delay: timedelta) -> None:
        assert BERLIN.between(at, BERLIN.later(at, delay)) == delay

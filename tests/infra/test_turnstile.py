"""So many at a time, in order, and nobody held up."""

import asyncio

import pytest

from leadflow.infra.turnstile import Turnstile


async def test_no_more_than_its_width_at_a_time_and_in_order() -> None:
    stile, inside, most, order = Turnstile(2, patience_s=60), 0, 0, []

    async def pass_through(number: int) -> None:
        nonlocal inside, most
        async with stile.turn():
            inside += 1
            most = max(most, inside)
            order.append(number)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(pass_through(number) for number in range(20)))
    assert most == 2
    assert order == list(range(20))


async def test_slow_work_does_not_hold_others_up() -> None:
    stile, done = Turnstile(1, patience_s=0.01), asyncio.Event()

    async def slow() -> None:
        async with stile.turn():
            await done.wait()

    waiting = asyncio.create_task(slow())
    await asyncio.sleep(0)
    async with stile.turn():  # lets itself in when patience ends; were it never let in, the test would not end
        assert not waiting.done()
    done.set()
    await waiting
    await _has_width(stile, 1)


async def test_a_turn_inside_a_turn_goes_on() -> None:
    stile = Turnstile(1, patience_s=0.01)
    async with stile.turn(), stile.turn():
        pass
    await _has_width(stile, 1)


@pytest.mark.parametrize("is_let_in", [False, True])
async def test_a_cancelled_place_is_not_lost(is_let_in: bool) -> None:
    stile = Turnstile(1, patience_s=60)
    first = stile.turn()
    await first.__aenter__()
    queued = asyncio.create_task(stile.enter())
    await asyncio.sleep(0)
    if is_let_in:
        await first.__aexit__(None, None, None)
    queued.cancel()
    with pytest.raises(asyncio.CancelledError):
        await queued
    if not is_let_in:
        await first.__aexit__(None, None, None)
    await _has_width(stile, 1)


async def _has_width(stile: Turnstile, width: int) -> None:
    """Exactly so many get in at once."""
    for _ in range(width):
        await asyncio.wait_for(stile.enter(), 5)
    extra = asyncio.create_task(stile.enter())
    await asyncio.sleep(0)
    assert not extra.done()
    extra.cancel()

"""Totals of a list that is watched: read once for all who look at it, and told by what has changed."""

from leadflow.infra.channel import Channel
from leadflow.infra.mailbox import Patch
from leadflow.kernel.work import Work
from leadflow.views.grouping.rules import Grouping
from leadflow.views.totals.queries import Totals, totals


async def first_totals(work: Work, channel: Channel) -> Patch:
    """All of them, for a new viewer: those that were last told, which is what the next changes are changes of."""
    if channel.counts is None:
        read = _told(await _read(work, channel))
        channel.counts = channel.counts or read  # somebody else may have read, and told, meanwhile
    return {"op": "groups", "all": True, **channel.counts}


async def publish_totals(work: Work, channel: Channel) -> None:
    """Tell everybody of the groups whose totals have changed; null stands for a group that has no lead any more."""
    now = _told(await _read(work, channel))
    before = channel.counts or {"groups": {}, "capped": False}
    channel.counts = now
    changed = {key: total for key, total in now["groups"].items() if before["groups"].get(key) != total}
    gone = dict.fromkeys(before["groups"].keys() - now["groups"].keys())
    if changed or gone or before["capped"] != now["capped"]:
        channel.publish({"op": "groups", "groups": {**changed, **gone}, "capped": now["capped"]})


async def _read(work: Work, channel: Channel) -> Totals:
    return await totals(work, channel.filter, channel.shape.by or Grouping.ALL)


def _told(read: Totals) -> Patch:
    return {"groups": read.groups, "capped": read.is_capped}

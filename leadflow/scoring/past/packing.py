"""What is known of many leads, small: a long log is many leads, and few of them at a time."""

import orjson

from leadflow.scoring.features import EMPTY, LeadFeatures


def packed(lead: LeadFeatures) -> bytes:
    # A copy of just that length: what orjson returns holds on to its buffer of 4 kB (measured).
    return bytes(memoryview(orjson.dumps(lead.to_json())))


def unpacked(lead: bytes) -> LeadFeatures:
    """The empty bytes are a lead of whom nothing is known."""
    return LeadFeatures.from_json(orjson.loads(lead)) if lead else EMPTY

"""Capture for many rows at a time: the same outcome as `leads.capture`, at the speed of a COPY.

`stage` rows (pure), then in one transaction `load`, `claim` and `write` them; `index_backlog` afterwards.
"""

from leadflow.leads.bulk.rows import BulkRow
from leadflow.leads.bulk.service import Claimed, Counts, claim, index_backlog, load, write
from leadflow.leads.bulk.staging import Staged, stage

__all__ = ["BulkRow", "Claimed", "Counts", "Staged", "claim", "index_backlog", "load", "stage", "write"]

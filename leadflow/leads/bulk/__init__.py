"""Capture for many rows at a time: the same outcome as `leads.capture`, at the speed of a COPY."""

from leadflow.leads.bulk.jobs import INDEX
from leadflow.leads.bulk.rows import BulkRow
from leadflow.leads.bulk.service import claim, complete, index_backlog, load, owners, write
from leadflow.leads.bulk.staged import Staged
from leadflow.leads.bulk.staging import stage

__all__ = ["INDEX", "BulkRow", "Staged", "claim", "complete", "index_backlog", "load", "owners", "stage", "write"]

"""Leads: capture, identity resolution, pipeline, activities, timeline."""

from leadflow.leads.capture import Captured, capture, capture_valid, problems_of
from leadflow.leads.commands import CaptureLead, CloseLead, LogActivity, RecordBehaviour, UpdateLead
from leadflow.leads.handover import hand_over
from leadflow.leads.service import close, lay_pipeline, log_activity, record_behaviour, update

__all__ = [
    "CaptureLead",
    "Captured",
    "CloseLead",
    "LogActivity",
    "RecordBehaviour",
    "UpdateLead",
    "capture",
    "capture_valid",
    "close",
    "hand_over",
    "lay_pipeline",
    "log_activity",
    "problems_of",
    "record_behaviour",
    "update",
]

"""Leads as files: any view, or those that are selected, as CSV or for a spreadsheet."""

from leadflow.intake.exporting.columns import COLUMNS
from leadflow.intake.exporting.commands import ExportLeads, Format
from leadflow.intake.exporting.service import Download, Outlook, export, look

__all__ = ["COLUMNS", "Download", "ExportLeads", "Format", "Outlook", "export", "look"]

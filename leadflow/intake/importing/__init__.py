"""Leads from files: upload, mapping, dry run, import, and what could not go in."""

from leadflow.intake.importing.errors import FileTooLarge, ImportNotFound, ImportNotReady, TakenOver, UnreadableFile
from leadflow.intake.importing.from_disk import ImportSummary, examine_file, import_file
from leadflow.intake.importing.jobs import FORGET, RUN
from leadflow.intake.importing.mapping import FIELDS
from leadflow.intake.importing.rejects import rejected_csv
from leadflow.intake.importing.running import conclude, forget, is_abandoned, run_import
from leadflow.intake.importing.service import Forecast, commit, dry_run, progress_of
from leadflow.intake.importing.uploading import upload
from leadflow.intake.importing.views import Description

__all__ = [
    "FIELDS",
    "FORGET",
    "RUN",
    "Description",
    "FileTooLarge",
    "Forecast",
    "ImportNotFound",
    "ImportNotReady",
    "ImportSummary",
    "TakenOver",
    "UnreadableFile",
    "commit",
    "conclude",
    "dry_run",
    "examine_file",
    "forget",
    "import_file",
    "is_abandoned",
    "progress_of",
    "rejected_csv",
    "run_import",
    "upload",
]

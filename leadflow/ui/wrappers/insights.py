"""What an organization's history says."""

from leadflow.ui.wrappers.source import Island, local


class SourceReport(Island):
    """Sources by what their leads have come to."""

    library = local("source_report.jsx")
    tag = "SourceReport"

"""Rules of assignment, and trying them."""

from leadflow.ui.wrappers.source import LUCIDE, Island, local


class AssignmentRules(Island):
    library = local("assignment_rules.jsx")
    tag = "AssignmentRules"
    lib_dependencies: list[str] = [LUCIDE, "@dnd-kit/core@6.3.1"]


class SpeedReport(Island):
    library = local("speed_report.jsx")
    tag = "SpeedReport"


class RuleTrial(Island):
    library = local("rule_trial.jsx")
    tag = "RuleTrial"
    lib_dependencies: list[str] = [LUCIDE, "@dnd-kit/core@6.3.1"]

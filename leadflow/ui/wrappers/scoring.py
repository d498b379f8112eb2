"""Rules of scores, and their history."""

from leadflow.ui.wrappers.source import Island, local


class ScoringRules(Island):
    library = local("scoring_rules.jsx")
    tag = "ScoringRules"


class ScoringVersions(Island):
    library = local("scoring_versions.jsx")
    tag = "ScoringVersions"


class ScoringModels(Island):
    library = local("scoring_models.jsx")
    tag = "ScoringModels"

"""Rules of scores, their history, the models, and how well they do."""

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


class ScoringModel(Island):
    """How well the model does, what comes in, and what it learned."""

    library = local("scoring_model.jsx")
    tag = "ScoringModel"


class ScoringPool(Island):
    """Whether the organization takes part in the pool, and what that means."""

    library = local("scoring_pool.jsx")
    tag = "ScoringPool"


class AlarmNotice(Island):
    """Alarms about scores that stand, in one line; nothing where there are none."""

    library = local("scoring_alarms.jsx")
    tag = "AlarmNotice"

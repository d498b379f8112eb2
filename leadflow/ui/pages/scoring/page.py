"""What makes a lead hot: the rules, trying others, and the history of what was live."""

import reflex as rx

from leadflow.tenancy.permissions import Permission
from leadflow.ui.page import Page, main
from leadflow.ui.wrappers.filters import UrlTabs
from leadflow.ui.wrappers.frame import allowed
from leadflow.ui.wrappers.scoring import ScoringModels, ScoringRules, ScoringVersions

TABS = [{"key": "rules", "label": "Rules"}, {"key": "model", "label": "Model"}, {"key": "history", "label": "History"}]


def scoring() -> rx.Component:
    return main(
        "Scoring",
        allowed(
            Permission.SETTINGS_MANAGE,
            UrlTabs.create(
                ScoringRules.create(),
                ScoringModels.create(),
                ScoringVersions.create(),
                param="tab",
                label="Scoring",
                names=TABS,
            ),
            otherwise="Owners and admins say here what makes a lead hot. Ask one of them.",
        ),
        class_name="lf-main--wide",
    )


PAGE = Page(route="/scoring", title="Scoring", draw=scoring)

"""What makes a lead hot: the rules, trying others, how well the model does, and the history of what was live."""

import reflex as rx

from leadflow.tenancy.permissions import Permission
from leadflow.ui.page import Page, main
from leadflow.ui.wrappers.filters import UrlTabs
from leadflow.ui.wrappers.frame import allowed, otherwise
from leadflow.ui.wrappers.scoring import (
    AlarmNotice,
    ScoringModel,
    ScoringModels,
    ScoringPool,
    ScoringRules,
    ScoringVersions,
)

TABS = [
    {"key": "rules", "label": "Rules", "permission": Permission.SETTINGS_MANAGE.value},
    {"key": "model", "label": "Model"},
    {"key": "history", "label": "History", "permission": Permission.SETTINGS_MANAGE.value},
]


def _model() -> rx.Component:
    """Managers see how well it does, and owners and admins which one it is."""
    return rx.el.div(
        allowed(Permission.ROUTING_MANAGE, ScoringModel.create()),
        allowed(Permission.SETTINGS_MANAGE, ScoringModels.create()),
        allowed(Permission.SETTINGS_MANAGE, ScoringPool.create()),
        class_name="lf-modeltab",
    )


def _tabs() -> rx.Component:
    return rx.fragment(
        allowed(Permission.ROUTING_MANAGE, AlarmNotice.create()),
        UrlTabs.create(
            ScoringRules.create(), _model(), ScoringVersions.create(), param="tab", label="Scoring", names=TABS
        ),
    )


def scoring() -> rx.Component:
    return main(
        "Scoring",
        allowed(Permission.SETTINGS_MANAGE, _tabs()),
        otherwise(
            Permission.SETTINGS_MANAGE,
            allowed(
                Permission.ROUTING_MANAGE,
                _tabs(),
                otherwise="Owners and admins say here what makes a lead hot. Ask one of them.",
            ),
        ),
        class_name="lf-main--wide",
    )


PAGE = Page(route="/scoring", title="Scoring", draw=scoring)

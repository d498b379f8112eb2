"""Who takes which leads."""

import reflex as rx

from leadflow.tenancy.permissions import Permission
from leadflow.ui.page import Page, main
from leadflow.ui.wrappers.assignment import AssignmentRules, RuleTrial, SpeedReport
from leadflow.ui.wrappers.filters import UrlTabs
from leadflow.ui.wrappers.frame import allowed
from leadflow.ui.wrappers.scoring import AlarmNotice
from leadflow.ui.wrappers.territories import Territories

TABS = [
    {"key": "rules", "label": "Rules"},
    {"key": "territories", "label": "Territories"},
    {"key": "dry-run", "label": "Dry run"},
    {"key": "speed", "label": "Speed to lead"},
]


def assignment() -> rx.Component:
    return main(
        "Assignment",
        allowed(
            Permission.ROUTING_MANAGE,
            AlarmNotice.create(),
            UrlTabs.create(
                AssignmentRules.create(),
                Territories.create(),
                RuleTrial.create(),
                SpeedReport.create(),
                param="tab",
                label="Assignment",
                names=TABS,
            ),
            otherwise="Managers, owners and admins arrange here who takes which leads. Ask one of them.",
        ),
        class_name="lf-main--wide",
    )


PAGE = Page(route="/assignment", title="Assignment", draw=assignment)

"""Controls whose value is a parameter of the URL."""

import reflex as rx

from leadflow.ui.wrappers.source import Island, local


class UrlSegments(Island):
    library = local("url_filter.jsx")
    tag = "UrlSegments"

    param: rx.Var[str]
    label: rx.Var[str]
    options: rx.Var[list[dict[str, str]]]


class UrlText(Island):
    library = local("url_filter.jsx")
    tag = "UrlText"

    param: rx.Var[str]
    placeholder: rx.Var[str]


class LeadQuery(Island):
    """Filters as chips, and the order where there is a usual one; its children stand before them."""

    library = local("filter_bar.jsx")
    tag = "LeadQuery"

    default_sort: rx.Var[str]


class UrlTabs(Island):
    library = local("url_filter.jsx")
    tag = "UrlTabs"

    param: rx.Var[str]
    label: rx.Var[str]
    names: rx.Var[list[dict[str, str]]]

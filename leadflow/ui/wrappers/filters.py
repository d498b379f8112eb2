"""Controls whose value is a parameter of the URL."""

import reflex as rx

from leadflow.ui.wrappers.source import Island, local


class UrlSelect(Island):
    library = local("url_filter.jsx")
    tag = "UrlSelect"

    param: rx.Var[str]
    label: rx.Var[str]
    choices: rx.Var[str]
    options: rx.Var[list[dict[str, str]]]
    usual: rx.Var[str]


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


class UrlClear(Island):
    library = local("url_filter.jsx")
    tag = "UrlClear"

    keep: rx.Var[list[str]]


class UrlTabs(Island):
    library = local("url_filter.jsx")
    tag = "UrlTabs"

    param: rx.Var[str]
    label: rx.Var[str]
    names: rx.Var[list[dict[str, str]]]

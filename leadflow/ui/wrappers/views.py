"""Saved views: the bar above a page's leads, and their names in the palette."""

import reflex as rx

from leadflow.ui.wrappers.source import LUCIDE, Island, local


class ViewBar(Island):
    """The views of a page, `layout` being `board` or `list`: tabs, a list of all, and what to do with changes."""

    library = local("view_bar.jsx")
    tag = "ViewBar"
    lib_dependencies: list[str] = [LUCIDE, "@dnd-kit/core@6.3.1"]

    layout: rx.Var[str]


class ViewCommands(Island):
    library = local("view_commands.jsx")
    tag = "ViewCommands"

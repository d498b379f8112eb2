"""Territories, in the order in which they are asked."""

from leadflow.ui.wrappers.source import Island, local


class Territories(Island):
    library = local("territories.jsx")
    tag = "Territories"

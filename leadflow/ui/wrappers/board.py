"""The live board and the figures above it."""

import reflex as rx

from leadflow.ui.wrappers.source import LUCIDE, VIRTUAL, Island, OnEvent, local


class LeadBoard(Island):
    library = local("board.jsx")
    tag = "LeadBoard"
    lib_dependencies: list[str] = [LUCIDE, VIRTUAL, "@dnd-kit/core@6.3.1"]

    stale_after_days: rx.Var[int]
    on_add: OnEvent


class OffersBar(Island):
    library = local("offers.jsx")
    tag = "OffersBar"


class KpiStrip(Island):
    library = local("kpis.jsx")
    tag = "KpiStrip"

    count: rx.Var[int]

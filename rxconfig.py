"""Configuration of the Reflex door; everything else is in `leadflow.settings`."""

import reflex as rx

from leadflow.settings import settings
from leadflow.ui.fonts import SelfHostedFonts

config = rx.Config(
    app_name="leadflow",
    app_module_import="leadflow.ui.app",
    # Over plain http the exported page calls exactly this port, so it is the one the server listens on.
    api_url=f"http://localhost:{settings().port}",
    cors_allowed_origins=[settings().public_origin],
    state_manager_mode=rx.constants.StateManagerMode.MEMORY,
    telemetry_enabled=False,
    show_built_with_reflex=False,
    default_color_mode="system",
    plugins=[SelfHostedFonts()],
    disable_plugins=[rx.plugins.SitemapPlugin],
)

"""Inter, served by ourselves under a name that never changes its content, so that browsers may keep it."""

import shutil
from pathlib import Path
from typing import Any

from reflex.plugins import Plugin

VERSION = "5.3.0"
PACKAGE = f"@fontsource-variable/inter@{VERSION}"
SUBSETS = ("latin", "latin-ext")


def font_url(subset: str) -> str:
    """Where `theme.css` finds a subset."""
    return f"/assets/inter-{subset}-{VERSION}.woff2"


class SelfHostedFonts(Plugin):
    """Copies the font files of the npm package beside the built scripts."""

    def get_frontend_development_dependencies(self, **_context: Any) -> list[str]:
        return [PACKAGE]

    def post_build(self, **context: Any) -> None:
        static_dir = Path(context["static_dir"])
        files = static_dir.parents[1] / "node_modules/@fontsource-variable/inter/files"
        for subset in SUBSETS:
            target = static_dir / font_url(subset).lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(files / f"inter-{subset}-wght-normal.woff2", target)

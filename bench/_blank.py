"""The baseline of the web: a Reflex page with a heading on it, built once with the toolchain that builds ours."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bench._product import HOME, Running, free_port, server, wait_for
from bench._stand import Stand
from leadflow.cli.installation import ROOT
from leadflow.infra import frontend
from leadflow.infra.serving import production_environment

ROOT_OF_BLANK = HOME / "bench-blank"
CONFIG = 'import reflex as rx\n\nconfig = rx.Config(app_name="blank", telemetry_enabled=False)\n'
APPLICATION = """import reflex as rx


def page() -> rx.Component:
    return rx.container(rx.heading("Blank"))


app = rx.App()
app.add_page(page, route="/", title="Blank")


def create():
    return app()
"""


@contextmanager
def blank_page(where: Stand) -> Iterator[Running]:
    _build()
    port, log = free_port(), HOME / "logs" / "blank.log"
    environment = {**production_environment(where.settings), "REFLEX_CORS_ALLOWED_ORIGINS": "*"}
    target = "blank.blank:create"
    command = [sys.executable, "-m", "granian", target, "--factory", "--interface", "asgi", "--port", str(port)]
    with server(command, environment, log, cwd=ROOT_OF_BLANK) as pid:
        wait_for(f"http://localhost:{port}/", log)
        yield Running(pid, port)


def _build() -> None:
    (ROOT_OF_BLANK / "blank").mkdir(parents=True, exist_ok=True)
    (ROOT_OF_BLANK / "rxconfig.py").write_text(CONFIG)
    (ROOT_OF_BLANK / "blank" / "__init__.py").touch()
    (ROOT_OF_BLANK / "blank" / "blank.py").write_text(APPLICATION)
    shutil.copyfile(ROOT / "requirements.lock", ROOT_OF_BLANK / "requirements.lock")
    frontend.ensure(ROOT_OF_BLANK, HOME)

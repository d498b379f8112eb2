"""All commands in one application, and how a failure is said."""

import sys

import typer

from leadflow.cli import audit, data, doctor, evaluate, export, relearn, seats, seed, serve, stack
from leadflow.infra.embedded import EngineError
from leadflow.infra.frontend import BuildFailed
from leadflow.infra.supervisor import AlreadyRunning, ChildFailed
from leadflow.kernel.errors import LeadFlowError

EXPECTED = (AlreadyRunning, BuildFailed, ChildFailed, EngineError, LeadFlowError, stack.PortBusy)

app = typer.Typer(
    name="leadflow",
    help="LeadFlow: leads captured, scored, assigned, and on every open screen within a tenth of a second.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for group in (stack, serve, data, seed, export, evaluate, relearn, audit, seats, doctor):
    group.register(app)


def run() -> None:
    """Expected failures are one line and exit code 1; anything else is a bug and shows where."""
    try:
        app()
    except EXPECTED as failure:
        sys.exit(f"leadflow: {failure}")
    except PermissionError as refused:
        sys.exit(f"leadflow: {refused.filename} belongs to another user: run as that user, or set LEADFLOW_HOME.")

"""The `leadflow` command: option parsing and output; what it does lives further down."""

import sys


def main() -> None:
    try:
        from leadflow.cli.application import run

        run()
    except KeyboardInterrupt:
        sys.exit(130)

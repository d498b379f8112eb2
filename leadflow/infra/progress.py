"""What a person at a terminal sees of a long step: that it goes on, and for how long."""

import sys
import threading
import time
from types import TracebackType
from typing import Self, TextIO

VISIBLE_AFTER = 2.0
REDRAW = 0.5
SAY_AGAIN = 10.0


def say(line: str) -> None:
    """A line of its own, also while a step is being drawn."""
    clear = "\r\033[K" if sys.stdout.isatty() else ""
    sys.stdout.write(f"{clear}{line}\n")
    sys.stdout.flush()


class Step:
    """Prints `<title> … <seconds> s` while the block runs: one moving line on a terminal, few lines elsewhere."""

    def __init__(self, title: str, stream: TextIO | None = None) -> None:
        self.title = title
        self.detail = ""
        self._stream = stream or sys.stdout
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._show, daemon=True)
        self._started = time.monotonic()
        self._drawn = 0.0

    def __enter__(self) -> Self:
        self._started = time.monotonic()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()
        seconds = time.monotonic() - self._started
        clear = "\r\033[K" if self._stream.isatty() else ""
        outcome = f"{seconds:.1f} s" if kind is None else "stopped"
        self._write(f"{clear}  {self.title}: {outcome}\n")

    def _show(self) -> None:
        while not self._done.wait(REDRAW):
            elapsed = time.monotonic() - self._started
            if elapsed < VISIBLE_AFTER:
                continue
            detail = f" ({self.detail})" if self.detail else ""
            line = f"  {self.title} … {elapsed:.0f} s{detail}"
            if self._stream.isatty():
                self._write(f"\r\033[K{line[:110]}")
            elif elapsed - self._drawn >= SAY_AGAIN or not self._drawn:
                self._drawn = elapsed
                self._write(f"{line}\n")

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()

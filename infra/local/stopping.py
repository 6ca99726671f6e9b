"""Ctrl-C and termination as an event, so that with-blocks close what they opened."""

from __future__ import annotations

import signal
import threading
from types import FrameType


def on_stop() -> threading.Event:
    """Set by SIGTERM always; SIGINT raises KeyboardInterrupt as usual until somebody waits."""
    stop = threading.Event()

    def ask(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask)
    return stop

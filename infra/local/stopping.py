"""Ctrl-C and termination as an event, so that with-blocks close what they opened."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stopped(BaseException):
    """Somebody asked to stop in the middle of work; not an Exception, so that nothing swallows it."""


@contextmanager
def stoppable() -> Iterator[None]:
    """Within the block a signal raises Stopped in the main thread, once; the next ones are ignored,
    so that closing is not interrupted."""

    def ask(_signal: int, _frame: FrameType | None) -> None:
        for name in SIGNALS:
            signal.signal(name, signal.SIG_IGN)
        raise Stopped

    before = {name: signal.signal(name, ask) for name in SIGNALS}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def wait_for_stop() -> None:
    """Until Stopped is raised."""
    threading.Event().wait()

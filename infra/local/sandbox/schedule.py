"""One thread that runs actions when they are due: webhook deliveries and session expiries."""

from __future__ import annotations

import heapq
import itertools
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import Protocol

Action = Callable[[], None]


class Later(Protocol):
    """Runs `action` once, `seconds` from now."""

    def after(self, seconds: float, action: Action) -> None: ...


class Schedule:
    """The real `Later`: sleeps until the next action is due, never polls."""

    def __init__(self) -> None:
        self._due: list[tuple[float, int, Action]] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._is_open = True
        self._thread = threading.Thread(target=self._run, name="sandbox-schedule", daemon=True)
        self._thread.start()

    def after(self, seconds: float, action: Action) -> None:
        with self._changed:
            heapq.heappush(self._due, (time.monotonic() + seconds, next(self._order), action))
            self._changed.notify()

    def close(self) -> None:
        """Drop what is not due yet and end the thread."""
        with self._changed:
            self._is_open = False
            self._changed.notify()
        self._thread.join(timeout=60)

    def _run(self) -> None:
        while (action := self._next()) is not None:
            try:
                action()
            except Exception:
                # One broken action must not end the deliveries of a whole run.
                traceback.print_exc(file=sys.stderr)

    def _next(self) -> Action | None:
        with self._changed:
            while self._is_open:
                if not self._due:
                    self._changed.wait()
                elif (wait := self._due[0][0] - time.monotonic()) > 0:
                    self._changed.wait(timeout=wait)
                else:
                    return heapq.heappop(self._due)[2]
        return None

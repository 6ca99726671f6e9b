"""A schedule whose time is moved by the test."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from itertools import count


class ByHand:
    """Implements the sandbox's `Later`: nothing runs until `advance`."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()

    def after(self, seconds: float, action: Callable[[], None]) -> None:
        heapq.heappush(self._due, (self.seconds + seconds, next(self._order), action))

    def advance(self, seconds: float = 0) -> None:
        """Run all that falls due in the next `seconds`, each at its own time."""
        end = self.seconds + seconds
        while self._due and self._due[0][0] <= end:
            self.seconds, _, action = heapq.heappop(self._due)
            action()
        self.seconds = end

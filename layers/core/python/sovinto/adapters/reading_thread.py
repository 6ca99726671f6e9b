"""A second thread that reads what is needed next while this one writes."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor


class ReadingThread:
    """Implements ports.Beside: one thing after the other, each begun at once."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="read-ahead")

    def __call__(self, work: Callable[[], None]) -> Callable[[], None]:
        return self._pool.submit(work).result

"""A twin race is settled by reading again, a bounded number of times."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sovinto.errors import StaleVersion

T = TypeVar("T")
ATTEMPTS = 5


def with_fresh_read(action: Callable[[], T]) -> T:
    """Run `action` (which reads, decides and stores) again while somebody else stored first."""
    for _ in range(ATTEMPTS - 1):
        try:
            return action()
        except StaleVersion:
            continue
    return action()

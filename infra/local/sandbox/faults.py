"""Failures on order, so that callers can prove how they cope."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from infra.local.response import Response
from infra.local.sandbox.errors import ApiError


@dataclass(slots=True)
class Faults:
    """The next `times` API calls answer `status`; `is_after` performs them first (a lost answer)."""

    times: int = 0
    status: int = 503
    is_after: bool = False

    def order(self, times: int, status: int, *, is_after: bool) -> None:
        self.times, self.status, self.is_after = times, status, is_after

    def around(self, perform: Callable[[], Response]) -> Response:
        if self.times == 0:
            return perform()
        self.times -= 1
        if self.is_after:
            perform()
        raise ApiError(self.status, "ordered_failure", "this failure was ordered by a test")

"""One thing that fails must not stop the others, and must not be forgotten either."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field


class PartlyFailed(Exception):
    """All that could be done is done and counted in `done`; the causes are the ones it is raised from."""

    def __init__(self, done: Mapping[str, int], causes: int) -> None:
        super().__init__(f"{causes} of the run failed, the rest is done")
        self.done = dict(done)


@dataclass(slots=True)
class Failures:
    """Gathers what failed during one run, to be raised at its end for the alarm to see."""

    causes: list[Exception] = field(default_factory=list)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """An error inside the block is kept for later, and the run goes on after the block."""
        try:
            yield
        except Exception as failure:
            self.causes.append(failure)

    def raise_any(self, done: Mapping[str, int]) -> None:
        """Raises PartlyFailed where anything failed."""
        if self.causes:
            raise PartlyFailed(done, len(self.causes)) from ExceptionGroup("what failed", self.causes)

"""A table on which somebody else is faster: what they do happens just before the next transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sovinto.adapters.dynamo.table import Write

from tests.support.memory_table import MemoryTable


class RacingTable(MemoryTable):
    def __init__(self) -> None:
        super().__init__()
        self.before: list[Callable[[], object]] = []
        """Each runs once, before one transaction; it may store something or raise."""

    def transact(self, writes: Sequence[Write]) -> None:
        if self.before:
            self.before.pop(0)()
        super().transact(writes)

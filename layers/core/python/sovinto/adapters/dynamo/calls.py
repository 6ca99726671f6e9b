"""The list of calls, over the table."""

from __future__ import annotations

from collections.abc import Iterator

from sovinto.adapters.codec import decode
from sovinto.adapters.dynamo import keys
from sovinto.adapters.dynamo.table import Table
from sovinto.domain.communication import Communication


class TableCallTasks:
    """Implements ports.CallTasks."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def open(self) -> Iterator[Communication]:
        for item in self._table.index("work", keys.CALLS):
            yield decode(Communication, str(item["body"]))

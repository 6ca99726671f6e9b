"""An accountant's chart: which number each account of our ledger has in a country's accounts."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from sovinto.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class ChartRow:
    """`pattern` is an account, or several by "*"; no `number` means that it is not ours to account for:
    what debtors owe our clients. `is_result` accounts begin each year at nothing."""

    pattern: str
    number: str
    name: str
    is_result: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """`retained` is the row that takes the result of years before."""

    country: str
    rows: tuple[ChartRow, ...]
    retained: ChartRow

    def row_of(self, account: str) -> ChartRow:
        """The first that fits. Raises InvalidInput for an account that the chart does not have."""
        for row in self.rows:
            if fnmatchcase(account, row.pattern):
                return row
        raise InvalidInput(
            f"the chart of {self.country} has no row for {account}; add one to its file in "
            "sovinto/countries/charts",
            field="chart",
        )

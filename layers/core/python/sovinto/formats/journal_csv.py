"""The journal for spreadsheets: one row for each line of each entry."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sovinto.domain.money import Money

COLUMNS = (
    "date",
    "voucher",
    "account",
    "account_name",
    "ledger_account",
    "debit",
    "credit",
    "currency",
    "text",
    "value_date",
    "source",
    "entry_id",
)
# A spreadsheet would run such a cell as a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class JournalRow:
    """`voucher` is empty, and so is `account`, for what is not in the accounts: claims of clients."""

    on: date
    voucher: str
    account: str
    account_name: str
    ledger_account: str
    amount: Money
    text: str
    value_on: date
    source: str
    entry_id: str


def write_journal_csv(rows: Iterable[JournalRow]) -> Iterator[str]:
    """A head, then a line for each row; comma, decimal point, CR LF (RFC 4180)."""
    yield _line(COLUMNS)
    for row in rows:
        amount = Money(abs(row.amount.minor), row.amount.currency).decimal()
        is_debit = row.amount.minor > 0
        yield _line(
            (
                row.on.isoformat(),
                row.voucher,
                row.account,
                row.account_name,
                row.ledger_account,
                amount if is_debit else "",
                "" if is_debit else amount,
                row.amount.currency,
                row.text,
                row.value_on.isoformat(),
                row.source,
                row.entry_id,
            )
        )


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([_harmless(cell) for cell in cells])
    return out.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell

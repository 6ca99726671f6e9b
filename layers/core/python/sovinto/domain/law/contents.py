"""What a letter must say, and how long records are kept."""

from __future__ import annotations

from datetime import date

from sovinto.domain.debtor import DebtorType
from sovinto.domain.explanation import Explanation
from sovinto.domain.law.kinds import Content, LetterKind, RecordKind
from sovinto.domain.law.model import Pack, explain, in_force
from sovinto.domain.law.rows import ContentRow, RetentionRow


def required_content(
    pack: Pack, *, kind: LetterKind, debtor_type: DebtorType, on: date
) -> tuple[frozenset[Content], Explanation]:
    """The items that must be in a letter of this kind. Raises LawMissing."""
    row = in_force(
        pack,
        ContentRow,
        debtor_type=debtor_type,
        on=on,
        what=f"the content of a {kind.value}",
        where=lambda row: kind in row.letters,
    )
    return row.items, explain(row.citation, "items of the letter", items=", ".join(sorted(row.items)))


def kept_until(
    pack: Pack, record: RecordKind, *, debtor_type: DebtorType, ended_on: date
) -> tuple[date, Explanation]:
    """The last day a record is kept after what it is about has ended. Raises LawMissing."""
    row = in_force(
        pack,
        RetentionRow,
        debtor_type=debtor_type,
        on=ended_on,
        what=f"how long a {record.value} is kept",
        where=lambda row: row.record is record,
    )
    years, months = divmod(ended_on.year * 12 + ended_on.month - 1 + row.months, 12)
    day = min(ended_on.day, _days_in(years, months + 1))
    until = date(years, months + 1, day)
    return until, explain(row.citation, "end + months", ended_on=ended_on, months=row.months)


def _days_in(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - date(year, month, 1)).days

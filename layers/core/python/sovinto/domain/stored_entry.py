"""A ledger entry as it lies in the table, for those who do not take the table's word for it."""

from __future__ import annotations

from dataclasses import dataclass

from sovinto.domain.ledger import Entry


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """`body` is the stored JSON, `where` names the row. `entry` is None and `problem` says why, where the
    text is no entry; an entry under a key that is not its own has a problem too.
    """

    where: str
    body: str
    entry: Entry | None
    problem: str = ""

"""Keys that stay the same each time the bank delivers the same entry, so that nothing is posted twice."""

from __future__ import annotations

from dataclasses import dataclass, field

from sovinto.formats.statement.seen import Seen
from sovinto.ids import derived


@dataclass(slots=True)
class EntryKeys:
    """Keys for the entries of one statement; entries that look alike are told apart by their order."""

    account: str = ""
    statement_id: str = ""
    _seen: Seen = field(default_factory=Seen)

    def next(self, bank_reference: str | None, identity: tuple[str, ...]) -> str:
        """The key of the next entry with that content."""
        # Without the bank's own reference two statements of one day may hold look-alikes that are not
        # the same money, so then the statement is part of their identity.
        anchor = f"reference {bank_reference}" if bank_reference else f"statement {self.statement_id}"
        content = (self.account, anchor, *identity)
        return derived("stm", *content, str(self._seen.count(content)))


def transaction_key(entry_key: str, place: int) -> str:
    """The key of the transaction at that place of the entry."""
    return derived("stx", entry_key, str(place))

"""A sum on the statement and the detail file that itemises it: N payments to one line, in either order.

The payments of a detail file are posted against `bank:details`. The line of the statement with the same
day and sum clears them; where it came first, it waited in suspense and is taken out of there. Of several
sums of one day the bank's reference and the number of payments tell which is which, where both say it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sovinto.domain import accounts
from sovinto.domain.ledger import Line
from sovinto.domain.money import Money
from sovinto.domain.payment import UnallocatedPayment
from sovinto.domain.posting import Occasion, transfer
from sovinto.errors import AlreadyStored, StaleVersion
from sovinto.ids import EventId, derived
from sovinto.ports import Change, Guard
from sovinto.usecases.bank_line import BankLine, Books
from sovinto.usecases.guard_series import length_of
from sovinto.usecases.retry import with_fresh_read
from sovinto.usecases.told_twice import LUMP, use_of

BATCH = "DETAILS"
BATCH_OF = "DETAILS_OF"
BATCH_BOOKED = "DETAILS_BOOKED"
ITEMISED = "ITEMISED"
ITEMISED_OF = "ITEMISED_OF"
ITEMISED_TOLD = "ITEMISED_TOLD"
WAITING_SUM = "WAITING_SUM"


def lump_key(account: str, on: date, amount: Money) -> str:
    """The same for a line of the statement and for the detail file of its parts."""
    return derived("lmp", account, on.isoformat(), amount.currency, str(amount.minor))


@dataclass(frozen=True, slots=True)
class Mark:
    """What tells apart two sums of one day: the bank's `reference`, a digest of whose parts they are
    (`owners`), and how many these are (`count`).

    Empty, or 0, where a file does not say it.
    """

    reference: str = ""
    owners: str = ""
    count: int = 0

    @classmethod
    def of(cls, reference: str, lines: Sequence[BankLine]) -> Mark:
        """`lines` are all parts of the sum; whose they are counts only where each names its owner.

        A sum that is not split may be of any number of payments: only what its entry says counts.
        """
        count = len(lines) if len(lines) > 1 else lines[0].count
        # Nobody says whether the bank counts a payment of nothing.
        count = count if all(line.amount for line in lines) else 0
        if not all(line.owners for line in lines):
            return cls(reference, count=count)
        parts = sorted(f"{line.amount.minor} {' '.join(sorted(line.owners))}" for line in lines)
        return cls(reference, derived("own", *parts), count)

    @classmethod
    def read(cls, text: str) -> Mark:
        """What `text` told; text from before there were counts has none, and the reference as it came."""
        owners, _, rest = text.partition("|")
        reference, sign, count = rest.rpartition("|#")
        if sign and count.isdecimal():
            return cls(_plain(reference), owners, int(count))
        return cls(_plain(rest), owners)

    @property
    def text(self) -> str:
        return f"{self.owners}|{_plain(self.reference)}|#{self.count}"

    def fits(self, other: Mark) -> bool:
        """Both agree in all that both say."""
        return all(one == two for one, two in self._both(other))

    def is_named_by(self, other: Mark) -> bool:
        """Both say something, and the same: sums alone are asked only after these."""
        return self.fits(other) and bool(self._both(other))

    def _both(self, other: Mark) -> list[tuple[object, object]]:
        pairs: tuple[tuple[object, object], ...] = (
            (self.owners, other.owners),
            (_plain(self.reference), _plain(other.reference)),
            (self.count, other.count),
        )
        return [(one, two) for one, two in pairs if one and two]


def _plain(reference: str) -> str:
    """As it is stored, between bars."""
    return reference.replace("|", "/")


def clearing(lump: str, entry_key: str, mark: Mark, books: Books) -> tuple[Guard, ...]:
    """What to store where this entry of a statement clears a batch, its place first; empty for no batch.

    First a batch that carries the same reference or count, then one of which neither is known.
    """
    names = [f"{lump}#{place}" for place in range(length_of(BATCH, lump, books.cases))]
    found = [(name, *_batch_at(name, books)) for name in names]
    fitting = [item for item in found if mark.fits(item[2])]
    for name, batch_id, _ in sorted(fitting, key=lambda item: not mark.is_named_by(item[2])):
        if books.cases.guard(BATCH_BOOKED, name) not in (None, entry_key):
            continue
        use = use_of(batch_id, LUMP, books.cases)
        if use is not None:
            return (Guard(BATCH_BOOKED, name, entry_key, clash=StaleVersion), *use)
    return ()


def _batch_at(name: str, books: Books) -> tuple[str, Mark]:
    """The batch at a place of its sum. What was stored before there were counts ends with its id, and may
    have bars in the reference."""
    parts = (books.cases.guard(BATCH, name) or "|").split("|")
    count = int(parts.pop()) if parts[-1].isdecimal() else 0
    return parts[-1], Mark("/".join(parts[:-1]), count=count)


def waiting_sum(line_key: str, mark: Mark) -> Guard:
    """Stored with a line that waits in suspense for its details: what else than its sum names it."""
    return Guard(WAITING_SUM, line_key, mark.text)


def next_batch(lump: str, books: Books) -> tuple[str, str]:
    """The next batch's place: it must be empty while a line of that sum goes to suspense."""
    return BATCH, f"{lump}#{length_of(BATCH, lump, books.cases)}"


def close_batch(batch_id: str, account: str, on: date, amount: Money, mark: Mark, books: Books) -> None:
    """All payments of a batch are posted: what they come to waits for its line, or takes it from suspense.

    Safe to repeat. The place is taken before suspense is read, and a line goes to suspense only while the
    place is empty: so one of the two always sees the other.
    """
    if not amount:
        return
    lump = lump_key(account, on, amount)
    with_fresh_read(lambda: _store_batch(batch_id, lump, mark, books))
    place = int(books.cases.guard(BATCH_OF, batch_id) or "0")
    with_fresh_read(lambda: _take_from_suspense(batch_id, f"{lump}#{place}", lump, amount, books))


def _store_batch(batch_id: str, lump: str, mark: Mark, books: Books) -> None:
    if books.cases.guard(BATCH_OF, batch_id) is not None:
        return
    place, reference = length_of(BATCH, lump, books.cases), _plain(mark.reference)
    guards = (
        Guard(BATCH_OF, batch_id, str(place), clash=StaleVersion),
        Guard(BATCH, f"{lump}#{place}", f"{reference}|{batch_id}|{mark.count}", clash=StaleVersion),
    )
    books.cases.commit(Change(guards=guards))


def _take_from_suspense(batch_id: str, name: str, lump: str, amount: Money, books: Books) -> None:
    if books.cases.guard(BATCH_BOOKED, name) is not None:
        return
    row = _waiting(lump, amount, _batch_at(name, books)[1], books)
    use = use_of(batch_id, LUMP, books.cases)
    if row is None or use is None:
        return
    entry = transfer(
        Occasion(EventId(derived("evt", "details", name)), books.clock.now()),
        kind="suspense_cleared",
        lines=(Line(accounts.SUSPENSE, amount), Line(accounts.DETAILS, -amount)),
        value_on=row.payment.value_on,
        source=row.payment.source_id,
    )
    booked = Guard(BATCH_BOOKED, name, row.payment.source_id, clash=StaleVersion)
    books.cases.commit(Change(entries=(entry,), guards=(booked, *use), found=(row,)))


def _waiting(lump: str, amount: Money, mark: Mark, books: Books) -> UnallocatedPayment | None:
    """The line of that sum in suspense, first one that carries the batch's reference or count."""
    rows = [row for row in books.cases.suspense_by(lump) if row.payment.amount == amount]
    marked = [(Mark.read(books.cases.guard(WAITING_SUM, r.payment.source_id) or ""), r) for r in rows]
    fitting = [(told, row) for told, row in marked if mark.fits(told)]
    fitting.sort(key=lambda item: not mark.is_named_by(item[0]))
    return fitting[0][1] if fitting else None


def note_itemised(entry_key: str, lump: str, mark: Mark, books: Books) -> None:
    """A statement has itemised this sum itself: a detail file of it that comes later tells nothing new."""

    def once() -> None:
        if books.cases.guard(ITEMISED_OF, entry_key) is not None:
            return
        place = length_of(ITEMISED, lump, books.cases)
        guards = (
            Guard(ITEMISED_OF, entry_key, str(place)),
            Guard(ITEMISED, f"{lump}#{place}", f"{entry_key}|{mark.text}", clash=StaleVersion),
        )
        books.cases.commit(Change(guards=guards))

    try:
        with_fresh_read(once)
    except AlreadyStored:
        return


def is_itemised(batch_id: str, lump: str, mark: Mark, books: Books) -> bool:
    """Whether a statement itemised all of this batch before; each entry of a statement speaks for one."""
    for place in range(length_of(ITEMISED, lump, books.cases)):
        name = f"{lump}#{place}"
        told = books.cases.guard(ITEMISED_TOLD, name)
        noted = (books.cases.guard(ITEMISED, name) or "").partition("|")[2]
        if told is None and mark.fits(Mark.read(noted)):
            guard = Guard(ITEMISED_TOLD, name, batch_id, clash=StaleVersion)
            books.cases.commit(Change(guards=(guard,)))
            return True
        if told == batch_id:
            return True
    return False

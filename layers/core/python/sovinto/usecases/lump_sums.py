"""A sum on the statement and the detail file that itemises it: N payments to one line, in either order.

The payments of a detail file are posted against `bank:details`. The line of the statement with the same
day and sum clears them; where it came first, it waited in suspense and is taken out of there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sovinto.domain import accounts
from sovinto.domain.ledger import Line
from sovinto.domain.money import Money
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


def lump_key(account: str, on: date, amount: Money) -> str:
    """The same for a line of the statement and for the detail file of its parts."""
    return derived("lmp", account, on.isoformat(), amount.currency, str(amount.minor))


def clearing(lump: str, entry_key: str, reference: str, books: Books) -> tuple[Guard, ...]:
    """What to store where this entry of a statement clears a batch, its place first; empty for no batch.

    Where both have a reference of the bank, it must be the same.
    """
    for place in range(length_of(BATCH, lump, books.cases)):
        name = f"{lump}#{place}"
        stated, _, batch_id = (books.cases.guard(BATCH, name) or "").partition("|")
        booked = books.cases.guard(BATCH_BOOKED, name)
        if booked not in (None, entry_key) or (stated and reference and stated != reference):
            continue
        use = use_of(batch_id, LUMP, books.cases)
        if use is not None:
            return (Guard(BATCH_BOOKED, name, entry_key, clash=StaleVersion), *use)
    return ()


def next_batch(lump: str, books: Books) -> tuple[str, str]:
    """The next batch's place: it must be empty while a line of that sum goes to suspense."""
    return BATCH, f"{lump}#{length_of(BATCH, lump, books.cases)}"


def close_batch(batch_id: str, account: str, on: date, amount: Money, reference: str, books: Books) -> None:
    """All payments of a batch are posted: what they come to waits for its line, or takes it from suspense.

    Safe to repeat. The place is taken before suspense is read, and a line goes to suspense only while the
    place is empty: so one of the two always sees the other.
    """
    if not amount:
        return
    lump = lump_key(account, on, amount)
    with_fresh_read(lambda: _store_batch(batch_id, lump, reference, books))
    place = int(books.cases.guard(BATCH_OF, batch_id) or "0")
    with_fresh_read(lambda: _take_from_suspense(batch_id, f"{lump}#{place}", lump, amount, books))


def _store_batch(batch_id: str, lump: str, reference: str, books: Books) -> None:
    if books.cases.guard(BATCH_OF, batch_id) is not None:
        return
    place = length_of(BATCH, lump, books.cases)
    guards = (
        Guard(BATCH_OF, batch_id, str(place), clash=StaleVersion),
        Guard(BATCH, f"{lump}#{place}", f"{reference}|{batch_id}", clash=StaleVersion),
    )
    books.cases.commit(Change(guards=guards))


def _take_from_suspense(batch_id: str, name: str, lump: str, amount: Money, books: Books) -> None:
    if books.cases.guard(BATCH_BOOKED, name) is not None:
        return
    waiting = [row for row in books.cases.suspense_by(lump) if row.payment.amount == amount]
    use = use_of(batch_id, LUMP, books.cases)
    if not waiting or use is None:
        return
    row = waiting[0]
    entry = transfer(
        Occasion(EventId(derived("evt", "details", name)), books.clock.now()),
        kind="suspense_cleared",
        lines=(Line(accounts.SUSPENSE, amount), Line(accounts.DETAILS, -amount)),
        value_on=row.payment.value_on,
        source=row.payment.source_id,
    )
    booked = Guard(BATCH_BOOKED, name, row.payment.source_id, clash=StaleVersion)
    books.cases.commit(Change(entries=(entry,), guards=(booked, *use), found=(row,)))


@dataclass(frozen=True, slots=True)
class Mark:
    """What tells apart two sums of one day: the bank's `reference`, and a digest of whose parts they are.

    Empty where a file does not say it.
    """

    reference: str = ""
    owners: str = ""

    @classmethod
    def of(cls, reference: str, lines: Sequence[BankLine]) -> Mark:
        """`lines` are all parts of the sum; they only count where each of them names its owner."""
        if not all(line.owners for line in lines):
            return cls(reference)
        parts = sorted(f"{line.amount.minor} {' '.join(sorted(line.owners))}" for line in lines)
        return cls(reference, derived("own", *parts))

    def fits(self, stored: str) -> bool:
        """Whether what was noted with `text_for` agrees in all that both sides say."""
        _, owners, reference = (*stored.split("|", 2), "", "")[:3]
        pairs = ((self.owners, owners), (self.reference, reference))
        return all(not ours or not theirs or ours == theirs for ours, theirs in pairs)

    def text_for(self, entry_key: str) -> str:
        return f"{entry_key}|{self.owners}|{self.reference}"


def note_itemised(entry_key: str, lump: str, mark: Mark, books: Books) -> None:
    """A statement has itemised this sum itself: a detail file of it that comes later tells nothing new."""

    def once() -> None:
        if books.cases.guard(ITEMISED_OF, entry_key) is not None:
            return
        place = length_of(ITEMISED, lump, books.cases)
        guards = (
            Guard(ITEMISED_OF, entry_key, str(place)),
            Guard(ITEMISED, f"{lump}#{place}", mark.text_for(entry_key), clash=StaleVersion),
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
        if told is None and mark.fits(books.cases.guard(ITEMISED, name) or ""):
            guard = Guard(ITEMISED_TOLD, name, batch_id, clash=StaleVersion)
            books.cases.commit(Change(guards=(guard,)))
            return True
        if told == batch_id:
            return True
    return False

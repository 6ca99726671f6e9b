"""The second pass over a bank file: every booked line finds its place in the books once."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import BinaryIO

from sovinto.domain.agency import Agency
from sovinto.domain.held_file import Reason
from sovinto.domain.money import Money
from sovinto.errors import AlreadyStored
from sovinto.formats.statement import Begun, Ended, Part, StatementEntry
from sovinto.formats.statement.roles import Role
from sovinto.ids import derived
from sovinto.ports import Change, Guard
from sovinto.usecases.bank_line import BankLine, Books, lines_of
from sovinto.usecases.check_statement import Checked, batch_name, opened, own_account
from sovinto.usecases.guard_series import length_of
from sovinto.usecases.lump_sums import Mark, clearing, close_batch, is_itemised, lump_key, note_itemised
from sovinto.usecases.post_bank_line import SKIPPED, clear_line, post_line, skip_line
from sovinto.usecases.read_ahead import with_read_ahead
from sovinto.usecases.retry import with_fresh_read
from sovinto.usecases.told_again import told_again, told_before
from sovinto.usecases.told_twice import has_told

FILE_DONE = "BANK_FILE"
FILE_PLACE = "BANK_FILE_PLACE"
ENTRIES_AT_ONCE = 200
"""After so many entries the place is noted, so that the next run need not look at them again."""


@dataclass(slots=True)
class ImportReport:
    """Counts of lines, and `unread` of the stretches that could not be read ahead.

    `reasons` say why nothing of the file was posted. `is_unfinished`: the time was over, and the next run
    goes on. `is_rejected`: people put that file aside before.
    """

    matched: int = 0
    repeated: int = 0
    suspense: int = 0
    transfers: int = 0
    reversed: int = 0
    charges: int = 0
    ignored: int = 0
    shown: int = 0
    unread: int = 0
    reasons: tuple[Reason, ...] = ()
    is_unfinished: bool = False
    is_rejected: bool = False

    @property
    def held(self) -> str:
        return "; ".join(reason.message for reason in self.reasons)

    def add(self, outcome: str) -> None:
        setattr(self, outcome, getattr(self, outcome) + 1)


@dataclass(slots=True)
class _Sum:
    """What a batch of a detail file put on `bank:details`; `whole` is its mark if that is all of `of`."""

    on: date
    minor: int = 0
    is_told: bool | None = None
    of: int = 0
    whole: Mark = field(default_factory=Mark)

    @classmethod
    def read(cls, on: str, minor: int, of: int = 0, count: int = 0) -> _Sum:
        """What `told` noted; places from before there were counts have two values."""
        return cls(date.fromisoformat(on), minor, of=of, whole=Mark(count=count))

    @property
    def told(self) -> tuple[str, int, int, int]:
        """For the next run. A notice's batch, whose mark has more, is never open between two entries."""
        return self.on.isoformat(), self.minor, self.of, self.whole.count


@dataclass(slots=True)
class _Walk:
    """Where we are in the file. `batches` are the open sums of the part of the file that is being read."""

    checked: Checked
    books: Books
    report: ImportReport
    account: str = ""
    currency: str = ""
    part: int = 0
    place: int = 0
    accounts: dict[str, str] = field(default_factory=dict)
    batches: dict[str, _Sum] = field(default_factory=dict)


def import_statement(
    source: Callable[[], BinaryIO],
    checked: Checked,
    *,
    books: Books,
    has_time: Callable[[], bool],
    overruled: frozenset[str] = frozenset(),
) -> ImportReport:
    """Idempotent per file and per line: what was posted before, from whichever file, is not posted again.

    `source` gives the bytes that were checked, and is asked before anything of them is noted or posted.
    Interim reports are only counted. `overruled` are codes of reasons to hold that two people called a
    false alarm for this file.
    """
    report = ImportReport(reasons=checked.held)
    if report.reasons:
        return report
    if checked.role is Role.INTERIM:
        report.shown = checked.lines
    elif books.cases.guard(FILE_DONE, checked.digest) is not None:
        report.repeated = checked.lines
    else:
        role = checked.role.value if checked.role else ""
        tells = (checked.told, role, checked.format, books.cases, overruled)
        report.reasons = told_before(*tells)[0]
        if not report.reasons:
            # The bytes first: what is noted of a file that is gone would keep out the next one for ever.
            again = source()
            report.reasons = told_again(*tells)
            if not report.reasons:
                _post(again, _Walk(checked, books, report), has_time)
    return report


def _post(source: BinaryIO, walk: _Walk, has_time: Callable[[], bool]) -> None:
    done = _resumed(walk)
    parts = opened(source, walk.books.agency).parts
    for part, lines, books in with_read_ahead(
        parts,
        _LinesOf(walk.checked, walk.books.agency, done),
        walk.books,
        lambda: walk.report.add("unread"),
    ):
        walk.books = books
        match part:
            case Begun():
                _begin(part, walk)
            case StatementEntry():
                walk.place += 1
                if walk.place <= done:
                    continue
                if not has_time():
                    walk.report.is_unfinished = True
                    return
                _entry(part, lines, walk)
                if walk.place % ENTRIES_AT_ONCE == 0:
                    _note_place(walk)
            case Ended() if walk.place >= done:
                _end(walk)
            case _:
                pass
    # The proof reads the file again in the same way, whatever the settings say by then.
    read_as = {"role": walk.checked.role, "accounts": walk.accounts, "currency": walk.currency}
    _store(walk, Guard(FILE_DONE, walk.checked.digest, json.dumps(read_as)))


def _begin(begun: Begun, walk: _Walk) -> None:
    account = own_account(begun.account, walk.books.agency)
    if account is None or walk.checked.role is None:
        raise ValueError("the bytes are not those that were checked")
    walk.account, walk.currency = account.iban, begun.currency
    walk.accounts[begun.account] = account.iban
    walk.part += 1
    scope, key = has_told(account.iban, walk.checked.role)
    if walk.books.cases.guard(scope, key) is None:
        # Before the first line: from here on the other kind of file asks whether a line was told.
        _store(walk, Guard(scope, key))


@dataclass(slots=True)
class _LinesOf:
    """What is to be posted of each part as they come by; nothing of the first `done` entries."""

    checked: Checked
    agency: Agency
    done: int
    account: str = ""
    place: int = 0

    def __call__(self, part: Part) -> tuple[BankLine, ...]:
        if isinstance(part, Begun):
            account = own_account(part.account, self.agency)
            self.account = account.iban if account else ""
        if not isinstance(part, StatementEntry):
            return ()
        self.place += 1
        role = self.checked.role
        if self.place <= self.done or not part.is_postable or role is None:
            return ()
        is_notice = self.checked.format == "camt054"
        return lines_of(part, self.account, role, self.checked.digest, is_notice=is_notice)


def _entry(entry: StatementEntry, lines: Sequence[BankLine], walk: _Walk) -> None:
    if not lines:
        return
    if walk.checked.role is Role.RECORD:
        _record(entry, lines, walk)
    else:
        _details(entry, lines, walk)


def _record(entry: StatementEntry, lines: Sequence[BankLine], walk: _Walk) -> None:
    """A sum that the statement itemises may have been itemised by a detail file before."""
    post: Callable[[BankLine], str] = lambda line: post_line(line, walk.books)  # noqa: E731
    if len(lines) > 1:
        lump = lump_key(walk.account, lines[0].booked_on, entry.amount)
        mark = Mark.of(entry.bank_reference or "", lines)
        booked = clearing(lump, entry.entry_key, replace(mark, owners=""), walk.books)
        if not booked:
            note_itemised(entry.entry_key, lump, mark, walk.books)
        else:
            post = lambda line: clear_line(line, booked, walk.books)  # noqa: E731
    for line in lines:
        walk.report.add(post(line))


def _details(entry: StatementEntry, lines: Sequence[BankLine], walk: _Walk) -> None:
    is_notice = walk.checked.format == "camt054"
    is_alone = is_notice and len(lines) == 1 and bool(lines[0].bank_reference)
    if is_notice:
        batch_id, amount = derived("bat", entry.entry_key), entry.amount
        mark = Mark.of(entry.bank_reference or "", lines)
    else:
        name = batch_name(walk.checked.format, walk.part, entry)
        amount = walk.checked.sums.get(name, Money.zero(entry.amount.currency))
        batch_id = derived("bat", walk.checked.digest, str(name.part), name.on.isoformat(), str(name.sign))
        mark = Mark(count=walk.checked.count_of(name))
    on = lines[0].booked_on
    lump = lump_key(walk.account, on, amount)
    batch = walk.batches.setdefault(batch_id, _Sum(on))
    batch.of, batch.whole = amount.minor, mark
    if batch.is_told is None:
        batch.is_told = with_fresh_read(lambda: is_itemised(batch_id, lump, mark, walk.books))
    for line in (replace(line, batch="" if is_alone else batch_id) for line in lines):
        outcome = skip_line(line, walk.books) if batch.is_told else post_line(line, walk.books)
        walk.report.add(outcome)
        batch.minor += _on_details(line, walk)
    if is_alone:
        # The statement has the same line by the same name; there is no sum to look for.
        walk.batches.pop(batch_id)
    elif is_notice:
        _close(batch_id, walk)


def _on_details(line: BankLine, walk: _Walk) -> int:
    """What this file put there with the line, in this run or in one before."""
    guard = line.guard
    stored = walk.books.cases.guard(guard.scope, guard.key)
    return line.amount.minor if stored == guard.payload and SKIPPED not in guard.payload else 0


def _end(walk: _Walk) -> None:
    for batch_id in tuple(walk.batches):
        _close(batch_id, walk)


def _close(batch_id: str, walk: _Walk) -> None:
    batch = walk.batches.pop(batch_id)
    amount = Money(batch.minor, walk.currency)
    # Of what is left where a part was told before, nobody counts the payments.
    mark = batch.whole if batch.minor == batch.of else replace(batch.whole, count=0)
    close_batch(batch_id, walk.account, batch.on, amount, mark, walk.books)


def _resumed(walk: _Walk) -> int:
    """Entries that an earlier run is done with, and the sums it had gathered by then."""
    noted = length_of(FILE_PLACE, walk.checked.digest, walk.books.cases)
    if not noted:
        return 0
    sums = json.loads(walk.books.cases.guard(FILE_PLACE, f"{walk.checked.digest}#{noted - 1}") or "{}")
    walk.batches = {name: _Sum.read(*told) for name, told in sums.items()}
    return noted * ENTRIES_AT_ONCE


def _note_place(walk: _Walk) -> None:
    sums = {name: batch.told for name, batch in walk.batches.items()}
    place = walk.place // ENTRIES_AT_ONCE - 1
    _store(walk, Guard(FILE_PLACE, f"{walk.checked.digest}#{place}", json.dumps(sums)))


def _store(walk: _Walk, guard: Guard) -> None:
    with suppress(AlreadyStored):
        walk.books.cases.commit(Change(guards=(guard,)))

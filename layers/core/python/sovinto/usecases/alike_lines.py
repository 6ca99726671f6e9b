"""Which lines of a held file may be in the books already by other names: the same day and sum.

One format may tell as a sum what another tells as its parts, so sums and parts are compared too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, timedelta
from typing import BinaryIO

from sovinto.domain import accounts
from sovinto.domain.money import Money
from sovinto.formats.statement import Begun, StatementEntry
from sovinto.formats.statement.roles import Role
from sovinto.ports import Book
from sovinto.usecases.bank_line import BankLine, Books, lines_of
from sovinto.usecases.check_statement import Checked, batch_name, opened, own_account
from sovinto.usecases.day_sums import alike_by_day
from sovinto.usecases.guard_series import in_hundreds, several_guards
from sovinto.usecases.lump_sums import lump_key
from sovinto.usecases.sums_in_parts import sums_in_parts
from sovinto.usecases.told_twice import has_one_name, names_of, told_rows

MOST_SHOWN = 10
NEAR = timedelta(days=3)
"""Two formats of one bank may give a booking days of value that far apart."""


@dataclass(slots=True)
class Found:
    """Lines of the file: `seen` are in the books by their own names and are never posted again, `new`
    would be posted. Of those `same` have the bank's name of a line in the books, and `alike` have sum and
    day of one, or what its payer called it, or are a sum or the parts of a sum that the books have, or
    come to what else these have of a day; all may be the same money. `shown` are the first of them in
    words, `names` those of the lines that are `seen`; `own` of these were posted from this file.
    `seen_in` are the parts of the file that have some of them, `new_in` what the new lines of each part
    come to. Not `is_whole`: the time was over, and nothing of it counts.
    """

    seen: int = 0
    own: int = 0
    new: int = 0
    same: int = 0
    alike: int = 0
    sums: dict[str, int] = field(default_factory=dict)
    shown: list[str] = field(default_factory=list)
    names: Counter[str] = field(default_factory=Counter)
    seen_in: set[int] = field(default_factory=set)
    new_in: Counter[int] = field(default_factory=Counter)
    is_whole: bool = True

    @property
    def at_rest(self) -> frozenset[int]:
        """Parts of the file with lines that are in the books, whose new lines come to nothing."""
        return frozenset(part for part in self.seen_in if not self.new_in[part])


@dataclass(frozen=True, slots=True)
class _Whole:
    """The entry, or batch of a detail file, that a line is a part of: `count` lines come to `amount`.

    `part` is the part of the file that has it.
    """

    key: str
    amount: Money
    count: int
    part: int


_Told = tuple[_Whole, BankLine]
_Sums = Counter[tuple[str, int, date]]
"""How often something has that currency, minor units and day of value."""


class _TimeIsOver(Exception):
    """Nobody outside hears of it."""


def alike_lines(
    source: BinaryIO,
    checked: Checked,
    book: Book,
    books: Books,
    has_time: Callable[[], bool] = lambda: True,
) -> Found:
    """Reads the file that was checked, and the book from its first day on; posts nothing."""

    def goes_on() -> None:
        if not has_time():
            raise _TimeIsOver

    try:
        return _found(source, checked, book, books, goes_on)
    except _TimeIsOver:
        return Found(is_whole=False)


def _found(
    source: BinaryIO, checked: Checked, book: Book, books: Books, goes_on: Callable[[], None]
) -> Found:
    found, new = Found(), list[_Told]()
    sources: set[str] = set()
    own: set[str] = set()
    for some in in_hundreds(_lines(source, checked, books)):
        goes_on()
        stored_of = books.cases.guards([(line.guard.scope, line.key) for _, line in some])
        for (whole, line), stored in zip(some, stored_of, strict=True):
            own.add(whole.key)
            if stored is None:
                new.append((whole, line))
                found.new_in[whole.part] += line.amount.minor
                continue
            found.seen += 1
            found.seen_in.add(whole.part)
            found.own += checked.digest in stored.split("|")
            found.names.update(names_of(line))
            sources |= {line.key, line.payment.payment_id}
    ledger = _ledger([line for _, line in new], sources, book, books, goes_on) if new else Counter()
    left: list[_Told] = []
    for some in in_hundreds(new):
        goes_on()
        rows = [told_rows(line, found.names) for _, line in some]
        wanted = list(dict.fromkeys(row for names in rows for row in names.values()))
        there = dict(zip(wanted, several_guards(wanted, books.cases), strict=True))
        for told, names in zip(some, rows, strict=True):
            known = [name for name, row in names.items() if there[row] is not None]
            if not _add(told[1], ledger, found, known):
                left.append(told)
    for line in _otherwise_split(left, ledger, own, books, goes_on):
        found.alike += 1
        _show(line, found)
    return found


def _lines(source: BinaryIO, checked: Checked, books: Books) -> Iterator[_Told]:
    """As the import would post them."""
    account, number, is_notice = "", 0, checked.format == "camt054"
    for part in opened(source, books.agency).parts:
        if isinstance(part, Begun):
            known = own_account(part.account, books.agency)
            account, number = known.iban if known is not None else "", number + 1
        elif isinstance(part, StatementEntry) and part.is_postable and account and checked.role:
            lines = lines_of(part, account, checked.role, checked.digest, is_notice=is_notice)
            whole = _whole(part, number, checked)
            yield from ((whole, line) for line in lines if line.amount)


def _whole(entry: StatementEntry, number: int, checked: Checked) -> _Whole:
    name = batch_name(checked.format, number, entry)
    if name in checked.sums:
        return _Whole(repr(name), checked.sums[name], checked.counts.get(name, 0), number)
    return _Whole(entry.entry_key, entry.amount, len(entry.payments), number)


def _ledger(
    new: list[BankLine], sources: set[str], book: Book, books: Books, goes_on: Callable[[], None]
) -> _Sums:
    """What the book has on the account that such lines move, but for the file's own lines.

    Payments of a detail file may be in the books by the statement that itemised them before.
    """
    moved = {accounts.BANK, accounts.DETAILS} if new[0].role is Role.DETAILS else {accounts.BANK}
    day = min(line.booked_on for line in new) - timedelta(days=1)
    today = books.clock.now().astimezone(UTC).date()
    found: _Sums = Counter()
    while day <= today:
        goes_on()
        for entry in book.entries(day.isoformat()):
            if entry.source in sources:
                continue
            for line in entry.lines:
                if line.account in moved:
                    found[line.amount.currency, line.amount.minor, entry.value_on] += 1
        day += timedelta(days=1)
    return found


def _add(line: BankLine, ledger: _Sums, found: Found, told: Sequence[str]) -> bool:
    """False where nothing in the books looks like the line by itself."""
    currency = line.amount.currency
    found.new += 1
    found.sums[currency] = found.sums.get(currency, 0) + line.amount.minor
    is_near = _taken(line.amount, line.value_on, ledger)
    if has_one_name(line, told):
        found.same += 1
    elif is_near or told:
        found.alike += 1
    else:
        return False
    _show(line, found)
    return True


def _show(line: BankLine, found: Found) -> None:
    if len(found.shown) < MOST_SHOWN:
        found.shown.append(f"{line.amount.decimal()} {line.amount.currency} of {line.booked_on}")


def _near(on: date) -> list[date]:
    """The day itself first."""
    return [on + timedelta(days=apart) for apart in sorted(range(-NEAR.days, NEAR.days + 1), key=abs)]


def _taken(amount: Money, on: date, ledger: _Sums) -> bool:
    """Each entry of the ledger is like one line only."""
    for day in _near(on):
        key = (amount.currency, amount.minor, day)
        if ledger[key] > 0:
            ledger[key] -= 1
            return True
    return False


def _otherwise_split(
    left: Sequence[_Told], ledger: _Sums, own: set[str], books: Books, goes_on: Callable[[], None]
) -> Iterator[BankLine]:
    """Parts whose sum is in the books, and sums of which the books have the parts, split as they may be.

    Entries of their own may be such parts too: nothing tells but what a day comes to.
    """
    wholes: dict[_Whole, list[BankLine]] = {}
    for whole, line in left:
        wholes.setdefault(whole, []).append(line)
    lumps = {
        lump_key(line.account, day, amount): line.account
        for whole, line in left
        for amount in (whole.amount, line.amount)
        for day in _near(line.booked_on)
    }
    split = sums_in_parts(lumps, left[0][1].role, own, books, goes_on) if left else {}
    unlike: list[BankLine] = []
    found: list[tuple[Money, date]] = []
    for whole, lines in wholes.items():
        first = lines[0]
        is_sum_there = whole.count > 1 and _taken(whole.amount, first.value_on, ledger)
        if is_sum_there or _use(split, first.account, whole.amount, first.booked_on):
            found += [] if is_sum_there else [(whole.amount, first.value_on)]
            yield from lines
            continue
        for line in lines:
            if _use(split, line.account, line.amount, line.booked_on):
                found.append((line.amount, line.value_on))
                yield line
            else:
                unlike.append(line)
    yield from alike_by_day(unlike, found, ledger, _near)


def _use(split: dict[str, int], account: str, amount: Money, on: date) -> bool:
    """Each sum that the books have in parts is like one sum of the file only."""
    for day in _near(on):
        lump = lump_key(account, day, amount)
        if split.get(lump):
            split[lump] -= 1
            return True
    return False

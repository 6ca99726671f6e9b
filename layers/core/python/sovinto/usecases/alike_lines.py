"""Which lines of a held file may be in the books already by other names: the same day and sum.

One format may tell as a sum what another tells as its parts, so sums and parts are compared too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
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
from sovinto.usecases.guard_series import several_guards
from sovinto.usecases.lump_sums import BATCH, ITEMISED, lump_key
from sovinto.usecases.told_twice import BATCH_USED, LINES, has_one_name, has_told, names_of, told_names

MOST_SHOWN = 10
NEAR = timedelta(days=3)
"""Two formats of one bank may give a booking days of value that far apart."""


@dataclass(slots=True)
class Found:
    """Lines of the file: `seen` are in the books by their own names and are never posted again, `new`
    would be posted. Of those `same` have the bank's name of a line in the books, and `alike` have sum and
    day of one, or what its payer called it, or are a sum or the parts of a sum that the books have; all may
    be the same money. `shown` are the first of them in words, `names` those of the lines that are `seen`;
    `own` of these were posted from this file."""

    seen: int = 0
    own: int = 0
    new: int = 0
    same: int = 0
    alike: int = 0
    sums: dict[str, int] = field(default_factory=dict)
    shown: list[str] = field(default_factory=list)
    names: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _Whole:
    """The entry, or batch of a detail file, that a line is a part of: `count` lines come to `amount`."""

    key: str
    amount: Money
    count: int


_Told = tuple[_Whole, BankLine]
_Sums = Counter[tuple[str, int, date]]
"""How often something has that currency, minor units and day of value."""


def alike_lines(source: BinaryIO, checked: Checked, book: Book, books: Books) -> Found:
    """Reads the file that was checked, and the book from its first day on; posts nothing."""
    found, new = Found(), list[_Told]()
    sources: set[str] = set()
    own: set[str] = set()
    for whole, line in _lines(source, checked, books):
        own.add(whole.key)
        stored = books.cases.guard(line.guard.scope, line.key)
        if stored is None:
            new.append((whole, line))
            continue
        found.seen += 1
        found.own += checked.digest in stored.split("|")
        found.names.update(names_of(line))
        sources |= {line.key, line.payment.payment_id}
    ledger = _ledger([line for _, line in new], sources, book, books) if new else Counter()
    left = [told for told in new if not _add(told[1], ledger, found, books)]
    for line in _otherwise_split(left, ledger, own, books):
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
        return _Whole(repr(name), checked.sums[name], checked.counts.get(name, 0))
    return _Whole(entry.entry_key, entry.amount, len(entry.payments))


def _ledger(new: list[BankLine], sources: set[str], book: Book, books: Books) -> _Sums:
    """What the book has on the account that such lines move, but for the file's own lines.

    Payments of a detail file may be in the books by the statement that itemised them before.
    """
    moved = {accounts.BANK, accounts.DETAILS} if new[0].role is Role.DETAILS else {accounts.BANK}
    day = min(line.booked_on for line in new) - timedelta(days=1)
    today = books.clock.now().astimezone(UTC).date()
    found: _Sums = Counter()
    while day <= today:
        for entry in book.entries(day.isoformat()):
            if entry.source in sources:
                continue
            for line in entry.lines:
                if line.account in moved:
                    found[line.amount.currency, line.amount.minor, entry.value_on] += 1
        day += timedelta(days=1)
    return found


def _add(line: BankLine, ledger: _Sums, found: Found, books: Books) -> bool:
    """False where nothing in the books looks like the line by itself."""
    currency = line.amount.currency
    found.new += 1
    found.sums[currency] = found.sums.get(currency, 0) + line.amount.minor
    is_near = _taken(line.amount, line.value_on, ledger)
    told = told_names(line, books.cases, found.names)
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
    left: Sequence[_Told], ledger: _Sums, own: set[str], books: Books
) -> Iterator[BankLine]:
    """Parts whose sum is in the books, and sums of which the books have the parts, split as they may be."""
    wholes: dict[_Whole, list[BankLine]] = {}
    for whole, line in left:
        wholes.setdefault(whole, []).append(line)
    wanted = {
        (line.account, amount, line.booked_on)
        for whole, lines in wholes.items()
        for line in lines
        for amount in (whole.amount, line.amount)
    }
    split = _split_sums(wanted, lines[0].role, own, books) if (lines := [line for _, line in left]) else {}
    for whole, lines in wholes.items():
        first = lines[0]
        is_sum_there = whole.count > 1 and _taken(whole.amount, first.value_on, ledger)
        if is_sum_there or _use(split, first.account, whole.amount, first.booked_on):
            yield from lines
            continue
        yield from (line for line in lines if _use(split, line.account, line.amount, line.booked_on))


def _use(split: dict[str, int], account: str, amount: Money, on: date) -> bool:
    """Each sum that the books have in parts is like one sum of the file only."""
    for day in _near(on):
        lump = lump_key(account, day, amount)
        if split.get(lump):
            split[lump] -= 1
            return True
    return False


def _split_sums(
    wanted: set[tuple[str, Money, date]], role: Role, own: set[str], books: Books
) -> dict[str, int]:
    """How many sums the books have in parts, by `lump_key`, but for those of the file itself.

    A statement itemised them; or a detail file told them, and they wait for no sum of a statement any more.
    """
    lumps = dict.fromkeys(
        lump_key(account, day, amount) for account, amount, on in wanted for day in _near(on)
    )
    scopes = [BATCH]
    if role is Role.RECORD:
        # Without detail files there is nothing to read of them.
        rows = [has_told(account, Role.DETAILS) for account in {account for account, _, _ in wanted}]
        is_told = any(payload is not None for payload in books.cases.guards(rows))
        scopes = [ITEMISED, *([BATCH] if is_told else [])]
    found: dict[str, int] = {}
    rows = [(scope, lump) for scope in scopes for lump in lumps]
    place = 0
    while rows:
        told = several_guards([(scope, f"{lump}#{place}") for scope, lump in rows], books.cases)
        rows = [row for row, payload in zip(rows, told, strict=True) if payload is not None]
        for (scope, lump), payload in zip(rows, (text for text in told if text is not None), strict=True):
            is_other = _is_in_parts(scope, payload, role, own, books)
            found[lump] = found.get(lump, 0) + is_other
        place += 1
    return found


def _is_in_parts(scope: str, payload: str, role: Role, own: set[str], books: Books) -> bool:
    if scope == ITEMISED:
        return payload.partition("|")[0] not in own
    # A batch's own sum clears it: only where its parts were told one by one is the sum other money.
    parts = payload.split("|")
    batch_id = parts[-2] if parts[-1].isdecimal() else parts[-1]
    return role is Role.DETAILS or books.cases.guard(BATCH_USED, batch_id) == LINES

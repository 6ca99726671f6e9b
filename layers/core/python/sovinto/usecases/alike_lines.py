"""Which lines of a held file may be in the books already by other names: the same day and sum."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, timedelta
from typing import BinaryIO

from sovinto.domain import accounts
from sovinto.domain.money import Money
from sovinto.formats.statement import Begun, StatementEntry
from sovinto.formats.statement.roles import Role
from sovinto.ports import Book
from sovinto.usecases.bank_line import BankLine, Books, lines_of
from sovinto.usecases.check_statement import Checked, opened, own_account
from sovinto.usecases.told_twice import has_one_name, names_of, told_names

MOST_SHOWN = 10
NEAR = timedelta(days=3)
"""Two formats of one bank may give a booking days of value that far apart."""


@dataclass(slots=True)
class Found:
    """Lines of the file: `seen` are in the books by their own names and are never posted again, `new`
    would be posted. Of those `same` have the bank's name of a line in the books, and `alike` have sum and
    day of one, or what its payer called it; both may be the same money. `shown` are the first of them in
    words, `names` those of the lines that are `seen`; `own` of these were posted from this file."""

    seen: int = 0
    own: int = 0
    new: int = 0
    same: int = 0
    alike: int = 0
    sums: dict[str, int] = field(default_factory=dict)
    shown: list[str] = field(default_factory=list)
    names: Counter[str] = field(default_factory=Counter)


def alike_lines(source: BinaryIO, checked: Checked, book: Book, books: Books) -> Found:
    """Reads the file that was checked, and the book from its first day on; posts nothing."""
    found, new = Found(), []
    sources: set[str] = set()
    for line in _lines(source, checked, books):
        stored = books.cases.guard(line.guard.scope, line.key)
        if stored is None:
            new.append(line)
            continue
        found.seen += 1
        found.own += checked.digest in stored.split("|")
        found.names.update(names_of(line))
        sources |= {line.key, line.payment.payment_id}
    ledger = _ledger(new, sources, book, books) if new else Counter()
    for line in new:
        _add(line, ledger, found, books)
    return found


def _lines(source: BinaryIO, checked: Checked, books: Books) -> Iterator[BankLine]:
    """As the import would post them."""
    account, is_notice = "", checked.format == "camt054"
    for part in opened(source, books.agency).parts:
        if isinstance(part, Begun):
            known = own_account(part.account, books.agency)
            account = known.iban if known is not None else ""
        elif isinstance(part, StatementEntry) and part.is_postable and account and checked.role:
            lines = lines_of(part, account, checked.role, checked.digest, is_notice=is_notice)
            yield from (line for line in lines if line.amount)


def _ledger(
    new: list[BankLine], sources: set[str], book: Book, books: Books
) -> Counter[tuple[str, int, date]]:
    """What the book has on the account that such lines move, but for the file's own lines.

    Payments of a detail file may be in the books by the statement that itemised them before.
    """
    moved = {accounts.BANK, accounts.DETAILS} if new[0].role is Role.DETAILS else {accounts.BANK}
    day = min(line.booked_on for line in new) - timedelta(days=1)
    today = books.clock.now().astimezone(UTC).date()
    found: Counter[tuple[str, int, date]] = Counter()
    while day <= today:
        for entry in book.entries(day.isoformat()):
            if entry.source in sources:
                continue
            for line in entry.lines:
                if line.account in moved:
                    found[line.amount.currency, line.amount.minor, entry.value_on] += 1
        day += timedelta(days=1)
    return found


def _add(line: BankLine, ledger: Counter[tuple[str, int, date]], found: Found, books: Books) -> None:
    currency = line.amount.currency
    found.new += 1
    found.sums[currency] = found.sums.get(currency, 0) + line.amount.minor
    is_near = _taken(line, ledger)
    told = told_names(line, books.cases, found.names)
    if has_one_name(line, told):
        found.same += 1
    elif is_near or told:
        found.alike += 1
    else:
        return
    if len(found.shown) < MOST_SHOWN:
        money = Money(line.amount.minor, currency).decimal()
        found.shown.append(f"{money} {currency} of {line.booked_on}")


def _taken(line: BankLine, ledger: Counter[tuple[str, int, date]]) -> bool:
    """Each entry of the ledger is like one line only."""
    for apart in sorted(range(-NEAR.days, NEAR.days + 1), key=abs):
        key = (line.amount.currency, line.amount.minor, line.value_on + timedelta(days=apart))
        if ledger[key] > 0:
            ledger[key] -= 1
            return True
    return False

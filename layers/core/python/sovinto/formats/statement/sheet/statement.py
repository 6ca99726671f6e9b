"""The rows of one sheet to one statement: whose account, which currency, entries and balances."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sovinto.formats.case_file.table import SourceRow, text_of
from sovinto.formats.plain_text import bare
from sovinto.formats.statement.keys import EntryKeys
from sovinto.formats.statement.model import Problem, StatementEntry
from sovinto.formats.statement.parts import Begun, Ended, Part
from sovinto.formats.statement.sheet.around import Around, label_of, read_around
from sovinto.formats.statement.sheet.balances import Stated, balances_of
from sovinto.formats.statement.sheet.figures import currency_in, marks_of
from sovinto.formats.statement.sheet.layout import Layout
from sovinto.formats.statement.sheet.profile import CURRENCIES
from sovinto.formats.statement.sheet.rows import Read, is_entry, is_stray, read_row, style_of
from sovinto.formats.statement.single_entries import SinglePayment, build_single_entry

_NO_CURRENCY = "X" * 3
"""ISO 4217 for amounts without a currency, the letter X three times.

It is shown, while the problem beside it holds the file."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the caller knows of an account that its sheets leave out.

    `day_order` is DMY or MDY. `is_inverse` is for cards that write what was spent without a minus.
    `columns` gives places (from 0) by field for sheets without a header.
    """

    account: str = ""
    currency: str = ""
    day_order: str = ""
    is_inverse: bool = False
    columns: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Divided:
    """The rows of a sheet by what they are; `around` is everything but entries."""

    entries: tuple[SourceRow, ...]
    totals: tuple[SourceRow, ...]
    strays: tuple[SourceRow, ...]
    around: tuple[SourceRow, ...]


def divided(rows: Sequence[SourceRow], layout: Layout) -> Divided:
    """Which rows are entries, which only state a total, and which cannot be placed."""
    begin = layout.header.number if layout.header else 0
    entries, totals, strays, around = [], [], [], []
    for row in rows:
        is_labelled = label_of(row, layout.profile) is not None
        if row.number > begin and not is_labelled and is_entry(row, layout):
            entries.append(row)
            continue
        around.append(row)
        if row.number <= begin or is_labelled:
            continue
        if marks_of(layout.cell(row, "total")):
            totals.append(row)
        elif is_stray(row, layout):
            strays.append(row)
    return Divided(tuple(entries), tuple(totals), tuple(strays), tuple(around))


def statement_of(sheet: Divided, layout: Layout, known: Known) -> Iterator[Part]:
    """The sheet as one statement, with everything in which it is doubtful or contradicts itself."""
    style, problems = style_of(sheet.entries, layout, known.day_order)
    around = read_around(sheet.around, layout)
    account = around.account or known.account
    currencies = _currencies(sheet.entries, layout, around, known)
    currency = next(iter(currencies), _NO_CURRENCY)
    reads: list[Read] = []
    for row, its_currency in zip(sheet.entries, currencies, strict=True):
        read = read_row(row, layout, style, its_currency)
        if isinstance(read, Problem):
            problems.append(read)
        else:
            reads.append(replace(read, amount=-read.amount) if known.is_inverse else read)
    problems += _doubts(sheet, account, currencies)
    days = sorted({read.booked_on.isoformat() for read in reads if read.booked_on})
    yield Begun("..".join(days[:: len(days) - 1] if len(days) > 1 else days), None, account, currency)
    keys = EntryKeys(account=account)
    yield from (_entry(read, layout, keys) for read in reads)
    if len(set(currencies)) > 1:
        yield Ended(None, None)
    else:
        stated = [Stated(kind, row) for kind, row in around.figures]
        stated += [Stated("total", row) for row in sheet.totals]
        balances = balances_of(reads, stated, layout, style.mark, currency)
        yield Ended(balances.opening, balances.closing)
        # A balance that does not follow says nothing while days or amounts cannot be read at all.
        problems += () if problems and not reads else balances.problems
    yield from problems


def _currencies(rows: Sequence[SourceRow], layout: Layout, around: Around, known: Known) -> tuple[str, ...]:
    """The currency of each entry: its own word first, then what the sheet says as a whole."""
    own = [_own_currency(row, layout) for row in rows]
    named = {currency for currency in own if currency}
    whole = layout.currency or around.currency or (named.pop() if len(named) == 1 else "") or known.currency
    return tuple(currency or whole or _NO_CURRENCY for currency in own)


def _own_currency(row: SourceRow, layout: Layout) -> str | None:
    fields = ("currency", "amount", "debit", "credit", "balance")
    found = (currency_in(layout.cell(row, name), CURRENCIES) for name in fields)
    return next((currency for currency in found if currency), None)


def _doubts(sheet: Divided, account: str, currencies: Sequence[str]) -> Iterator[Problem]:
    if not sheet.entries:
        yield Problem("no_statement", "the sheet has a header but no entries under it", "sheet")
    if not account:
        message = "the sheet does not say whose account it is; name the account in the profile"
        yield Problem("account_missing", message, "sheet")
    if _NO_CURRENCY in currencies:
        message = "the sheet does not say in which currency it is; name the currency in the profile"
        yield Problem("currency_invalid", message, "sheet")
    if len(set(currencies)) > 1:
        found = ", ".join(sorted(set(currencies)))
        yield Problem(
            "entry_currency", f"the entries are in {found}, but an account has one currency", "sheet"
        )
    for row in sheet.strays:
        message = "the row has a day without an amount, or an amount without a day"
        yield Problem("date_missing", message, f"row {row.number}")


def _entry(read: Read, layout: Layout, keys: EntryKeys) -> StatementEntry:
    row = read.row

    def words(name: str) -> str | None:
        return " ".join(text for cell in layout.cells(row, name) if (text := text_of(cell))) or None

    reference, text, counterparty = words("reference"), words("text"), words("counterparty")
    bank_reference = words("bank_reference")
    identity = tuple(bare(value or "") for value in (reference, text, counterparty))
    return build_single_entry(
        SinglePayment(
            amount=read.amount,
            booked_on=read.booked_on,
            value_on=read.value_on,
            references=(reference,) if reference else (),
            identity=identity,
            counterparty=counterparty,
            counterparty_account=words("counterparty_account"),
            text=text,
            bank_reference=bank_reference,
            unique_reference=bank_reference,
        ),
        keys,
    )

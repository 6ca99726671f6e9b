"""Every line of the bank's files is in the ledger once, and the ledger has no line that no file has."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from io import BytesIO
from typing import Any

from sovinto.domain import accounts
from sovinto.domain.ledger import Entry
from sovinto.domain.money import Money
from sovinto.domain.proof import Break, Unchecked
from sovinto.errors import FormatRefused
from sovinto.formats.statement import Begun, Ended, Problem, StatementEntry, open_statement
from sovinto.formats.statement.model import HOLDING
from sovinto.formats.statement.roles import Role, role_of
from sovinto.formats.statement.sheet.reader import sheet_parts
from sovinto.formats.statement.sheet.statement import Known
from sovinto.ids import derived
from sovinto.ports import Cases, Files
from sovinto.usecases.import_statement import FILE_DONE
from sovinto.usecases.prove_aside import put_aside
from sovinto.usecases.prove_chain import End, gaps
from sovinto.usecases.prove_told import Released, ToldFile, released_files, told_breaks

PROCESSED = "processed/"
# What a bank says of our orders (pain.002) holds no lines.
_STATUS_REPORT = b"tech:xsd:pain.002."
_HEAD_BYTES = 1024


@dataclass(frozen=True, slots=True)
class Posting:
    """What one source moved on the bank account: minor units, and how many entries did it."""

    minor: int
    currency: str
    count: int
    entry: Entry


@dataclass(slots=True)
class Postings:
    """The bank account's entries by what they rest on; corrections of payments name no line of theirs."""

    by_source: dict[str, Posting] = field(default_factory=dict)
    reversing: dict[tuple[str, int], list[Entry]] = field(default_factory=dict)

    def add(self, entry: Entry) -> None:
        for line in entry.lines:
            if line.account != accounts.BANK:
                continue
            money = line.amount
            if entry.reverses is not None:
                self.reversing.setdefault((money.currency, money.minor), []).append(entry)
                continue
            had = self.by_source.get(entry.source)
            self.by_source[entry.source] = (
                Posting(money.minor, money.currency, 1, entry)
                if had is None
                else Posting(had.minor + money.minor, money.currency, had.count + 1, entry)
            )


@dataclass(slots=True)
class BankProof:
    breaks: list[Break] = field(default_factory=list)
    unchecked: list[Unchecked] = field(default_factory=list)
    lines: int = 0
    released: list[Released] = field(default_factory=list)


@dataclass(slots=True)
class _Search:
    """`accounts`: what the file that is being read calls our accounts, with their IBANs. `new`: what the
    ledger has, in minor units, of the lines of the statement that no statement before has."""

    postings: Postings
    cases: Cases
    accounts: dict[str, str] = field(default_factory=dict)
    proof: BankProof = field(default_factory=BankProof)
    seen: dict[str, int] = field(default_factory=dict)
    new: int = 0
    used: set[str] = field(default_factory=set)
    ends: list[End] = field(default_factory=list)
    told: list[ToldFile] = field(default_factory=list)


def bank_breaks(bank: Files, postings: Postings, cases: Cases) -> BankProof:
    """Reads every processed file again, one after the other."""
    search = _Search(postings, cases)
    search.proof.unchecked += put_aside(bank, cases)
    names = bank.keys(PROCESSED)
    if not names:
        if postings.by_source:
            reason = f"there is no file under {PROCESSED}: the bank's lines cannot be compared"
            search.proof.unchecked.append(Unchecked("bank", reason))
        return search.proof
    for name in names:
        _file(name, bank.read(name), search)
    _leftovers(search)
    for found in gaps(search.ends):
        if isinstance(found, Break):
            search.proof.breaks.append(found)
        else:
            search.proof.unchecked.append(found)
    released = released_files(search.told, cases)
    search.proof.released += released.values()
    search.proof.breaks += told_breaks(search.told, released)
    return search.proof


def _file(name: str, data: bytes, search: _Search) -> None:
    try:
        stream = open_statement(BytesIO(data))
        noted = _noted(data, search.cases)
        search.accounts = noted.get("accounts", {})
        parts = stream.parts
        if role_of(stream.format) is None and stream.source is not None and search.accounts:
            # One that leaves out its account is read with the one that it was imported for.
            known = Known(account=next(iter(search.accounts)), currency=noted["currency"])
            parts = sheet_parts(stream.source, known)
        if (role_of(stream.format) or noted.get("role")) != Role.RECORD:
            reason = f"{name} is {stream.format}, no statement of record: its lines are not compared"
            search.proof.unchecked.append(Unchecked("bank", reason))
            return
        search.told.append(ToldFile(name, sha256(data).hexdigest(), stream.format))
        _parts(name, parts, search)
    except FormatRefused as refused:
        if _STATUS_REPORT not in data[:_HEAD_BYTES]:
            reason = f"{name} cannot be read as a statement, its lines are not compared: {refused.message}"
            search.proof.unchecked.append(Unchecked("bank", reason))


def _noted(data: bytes, cases: Cases) -> dict[str, Any]:
    """What the file was to the import: its role, currency, and IBANs by its names for our accounts."""
    noted = json.loads(cases.guard(FILE_DONE, sha256(data).hexdigest()) or "{}")
    # Older notes are a mere count.
    return noted if isinstance(noted, dict) else {}


def _parts(name: str, parts: Iterable[object], search: _Search) -> None:
    begun: Begun | None = None
    last, posted, known = date.min, 0, len(search.used)
    for part in parts:
        match part:
            case Begun():
                begun, last, posted, search.new = part, date.min, 0, 0
                known = len(search.used)
            case StatementEntry() if part.is_postable:
                last = max(last, part.booked_on or part.value_on or last)
                posted += _lines(name, part, search)
                _note(part, begun, search)
            case Problem() if part.code in HOLDING:
                message = f"the file contradicts itself at {part.where}: {part.message}"
                search.proof.breaks.append(Break("bank_file", name, message))
            case Ended() if begun is not None:
                told = search.told[-1].told
                told.end(_own(begun, search), part.opening, part.closing)
                # Of all files at once they would be too much, and the lines themselves are compared.
                told.heads.clear()
                _ended(name, begun, part, _Moved(last, posted, len(search.used) > known), search)
            case _:
                pass


@dataclass(frozen=True, slots=True)
class _Moved:
    """What the lines of one statement came to in the ledger, and their last day."""

    last: date
    minor: int
    is_posted: bool


def _ended(name: str, begun: Begun, ended: Ended, moved: _Moved, search: _Search) -> None:
    """A balance of 0.00 is one, however untrue it is as money."""
    opening, closing = ended.opening, ended.closing
    if opening is None or closing is None:
        has = "no balances" if opening is closing else "only one balance"
        reason = f"{name} states {has} for {begun.account}: nobody can tell if a file is missing"
        search.proof.unchecked.append(Unchecked("bank_balance", reason))
        return
    search.proof.breaks += _balance(name, begun, opening, closing, moved.minor)
    account = _own(begun, search)
    # The day that the bank made it says little: two formats, or a statement delivered again, differ there.
    on = moved.last if moved.last > date.min else begun.created_on or date.min
    search.ends.append(
        End(on, account, begun.statement_id, name, opening, closing, moved.is_posted, search.new)
    )


def _own(begun: Begun, search: _Search) -> str:
    return search.accounts.get(begun.account, begun.account)


def _note(entry: StatementEntry, begun: Begun | None, search: _Search) -> None:
    """As the import notes it: the days, and each line with money."""
    if begun is None or not entry.amount:
        return
    account, currency = _own(begun, search), entry.amount.currency
    for item in entry.payments:
        search.told[-1].told.add(account, currency, entry.booked_on, entry.value_on, item.key)


def _lines(name: str, entry: StatementEntry, search: _Search) -> int:
    """What the ledger has of this entry's lines, in minor units; says what it has not, or otherwise."""
    total = 0
    for item in entry.payments:
        amount = entry.amount if item.amount is None else item.amount
        if not amount:
            continue
        if item.key in search.seen:
            total += search.seen[item.key]
            continue
        search.proof.lines += 1
        found = _posted(item.key, amount, search)
        search.seen[item.key] = found.minor if found else 0
        search.new += search.seen[item.key]
        total += search.seen[item.key]
        shown = f"{amount.decimal()} {amount.currency} of {entry.booked_on or entry.value_on} in {name}"
        if found is None:
            search.proof.breaks.append(
                Break("bank_line", item.key, f"the bank's line {shown} is not in the ledger")
            )
        elif (found.minor, found.currency) != (amount.minor, amount.currency):
            has = (
                f"{Money(found.minor, found.currency).decimal()} {found.currency} in {found.count} entries"
            )
            text = f"the ledger has {has} for the bank's line {item.key}, {shown}"
            search.proof.breaks.append(
                Break("bank_line", found.entry.entry_id, text, found.entry.posted_at)
            )
    return total


def _posted(key: str, amount: Money, search: _Search) -> Posting | None:
    for source in (key, derived("pay", "bank", key)):
        found = search.postings.by_source.get(source)
        if found is not None and source not in search.used:
            search.used.add(source)
            return found
    going_back = search.postings.reversing.get((amount.currency, amount.minor))
    if going_back:
        return Posting(amount.minor, amount.currency, 1, going_back.pop(0))
    return None


def _balance(name: str, begun: Begun, opening: Money, closing: Money, posted: int) -> Iterator[Break]:
    change = closing.minor - opening.minor
    if change != posted:
        shown = [Money(minor, closing.currency).decimal() for minor in (change, posted, change - posted)]
        text = (
            f"statement {begun.statement_id} of {begun.account} in {name} moves the balance by {shown[0]} "
            f"{closing.currency}, the ledger by {shown[1]}: {shown[2]} apart"
        )
        yield Break("bank_balance", begun.account, text)


def _leftovers(search: _Search) -> None:
    """What the ledger has on the bank account and no file of the bank tells."""
    alone = [p.entry for source, p in search.postings.by_source.items() if source not in search.used]
    alone += [entry for entries in search.postings.reversing.values() for entry in entries]
    for entry in alone:
        amount = next(line.amount for line in entry.lines if line.account == accounts.BANK)
        text = f"no file of the bank has the line of this entry, {amount.decimal()} {amount.currency}"
        search.proof.breaks.append(Break("bank_line", entry.entry_id, text, entry.posted_at))

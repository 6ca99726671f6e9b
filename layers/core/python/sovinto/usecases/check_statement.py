"""The first pass over a bank file: is all of it to be believed, and what is it? Nothing is posted here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import BinaryIO

from sovinto.domain.agency import Agency, OwnAccount
from sovinto.domain.held_file import MOST_SUMS, FileSum, Reason
from sovinto.domain.money import Money
from sovinto.errors import FormatRefused
from sovinto.formats.statement import (
    Begun,
    Ended,
    Part,
    Problem,
    StatementEntry,
    StatementStream,
    open_statement,
)
from sovinto.formats.statement.model import HOLDING
from sovinto.formats.statement.own_account import names_account
from sovinto.formats.statement.roles import Role, role_of
from sovinto.formats.statement.sheet.reader import sheet_parts
from sovinto.formats.statement.sheet.statement import Known
from sovinto.usecases.told_again import Told

MOST_REASONS = 5
_BITE = 1024 * 1024
_ROLES = {"record": Role.RECORD, "details": Role.DETAILS}


@dataclass(frozen=True, slots=True)
class BatchName:
    """Payments that a statement shows as one sum: of one part of the file, one day and one direction."""

    part: int
    on: date
    sign: int


@dataclass(slots=True)
class Checked:
    """What the pass found. `held` says why nothing of the file may be posted; `lines` counts what would be.

    `sums` are those of the detail files whose payments come as one sum, by batch; `counts` how many
    these are. `uncounted` batches have payments of nothing, which a bank may count or not.
    """

    digest: str = ""
    format: str = ""
    role: Role | None = None
    lines: int = 0
    sums: dict[BatchName, Money] = field(default_factory=dict)
    counts: dict[BatchName, int] = field(default_factory=dict)
    uncounted: set[BatchName] = field(default_factory=set)
    reasons: list[Reason] = field(default_factory=list)
    told: Told = field(default_factory=Told)
    parts: list[FileSum] = field(default_factory=list)

    @property
    def held(self) -> tuple[Reason, ...]:
        return tuple(self.reasons[:MOST_REASONS])

    def count_of(self, name: BatchName) -> int:
        """Payments of a batch; 0 where nobody can tell."""
        return 0 if name in self.uncounted else self.counts.get(name, 0)

    def hold(self, code: str, message: str) -> None:
        if len(self.reasons) < MOST_REASONS:
            self.reasons.append(Reason(code, message))


@dataclass(slots=True)
class PartTally:
    """Lines and sums of one part of the file, for people; a broken file may have any currencies."""

    account: str
    lines: dict[str, int] = field(default_factory=dict)
    minor: dict[tuple[str, bool], int] = field(default_factory=dict)

    def add(self, entry: StatementEntry) -> None:
        currency, key = entry.amount.currency, (entry.amount.currency, entry.amount.minor > 0)
        self.lines[currency] = self.lines.get(currency, 0) + len(entry.payments)
        self.minor[key] = self.minor.get(key, 0) + entry.amount.minor

    def sums(self, ended: Ended) -> list[FileSum]:
        """By currency; the balances stand beside the one they are of."""
        stated = [balance.currency for balance in (ended.opening, ended.closing) if balance is not None]
        return [
            FileSum(
                self.account,
                self.lines.get(currency, 0),
                Money(self.minor.get((currency, True), 0), currency),
                Money(self.minor.get((currency, False), 0), currency),
                _of(currency, ended.opening),
                _of(currency, ended.closing),
            )
            for currency in dict.fromkeys((*stated, *self.lines))
        ]


def _of(currency: str, balance: Money | None) -> Money | None:
    return balance if balance is not None and balance.currency == currency else None


class _Digested:
    """Counts every byte that is read into the digest."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._hash = sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self._hash.update(data)
        return data

    def rest(self) -> str:
        """The digest of the whole file."""
        while self.read(_BITE):
            pass
        return self._hash.hexdigest()


def own_account(stated: str, agency: Agency) -> OwnAccount | None:
    """Which of our accounts a file means, in whatever form it is written; None for a stranger's."""
    plain = _plain(stated)
    for account in agency.own_accounts:
        if names_account(stated, account.iban) or plain in {_plain(name) for name in account.known_as}:
            return account
    return None


def _plain(number: str) -> str:
    return "".join(sign for sign in number if sign.isalnum()).upper().lstrip("0")


def batch_name(format_name: str, part: int, entry: StatementEntry) -> BatchName:
    """KTL files are booked as two sums, of the payments and of the corrections; others as what is left."""
    on = entry.booked_on or entry.value_on or date.min
    is_apart = format_name == "ktl" and entry.amount.minor < 0
    return BatchName(part, on, -1 if is_apart else 1)


def opened(source: BinaryIO, agency: Agency) -> StatementStream:
    """The file's format and parts; a sheet with what our settings know of the account it is for."""
    sheets = [account for account in agency.own_accounts if account.sheets]
    stream = open_statement(source)
    if role_of(stream.format) is None and len(sheets) == 1 and stream.source is not None:
        known = Known(account=sheets[0].iban, currency=sheets[0].currency)
        # Opening has only looked at the beginning, which the source still has.
        return StatementStream(stream.format, sheet_parts(stream.source, known), stream.source)
    return stream


def check_statement(source: BinaryIO, agency: Agency) -> Checked:
    """Reads to the end, whatever is found: the digest is that of the whole file."""
    digested = _Digested(source)
    checked = Checked()
    try:
        stream = opened(digested, agency)  # type: ignore[arg-type]
        checked.format, checked.role = stream.format, role_of(stream.format)
        _look(stream.parts, checked, agency)
    except FormatRefused as refusal:
        checked.reasons.insert(0, Reason("not_readable", refusal.message))
    checked.digest = digested.rest()
    return checked


def _look(parts: Iterator[Part], checked: Checked, agency: Agency) -> None:
    number, account, tally = 0, "", PartTally("")
    for part in parts:
        match part:
            case Begun():
                number += 1
                account = _begin(part, checked, agency)
                tally = PartTally(part.account)
            case Problem() if part.code in HOLDING:
                checked.hold(part.code, f"{part.where}: {part.message}")
            case StatementEntry() if part.is_postable and not part.amount:
                checked.uncounted.add(batch_name(checked.format, number, part))
            case StatementEntry() if part.is_postable:
                checked.lines += len(part.payments)
                tally.add(part)
                _count(part, number, account, checked)
            case Ended():
                checked.told.end(account, part.opening, part.closing, number)
                checked.parts += tally.sums(part)[: MOST_SUMS - len(checked.parts)]
            case _:
                pass


def _count(entry: StatementEntry, number: int, account: str, checked: Checked) -> None:
    for item in entry.payments:
        checked.told.add(account, entry.amount.currency, entry.booked_on, entry.value_on, item.key)
    if checked.role is Role.DETAILS and checked.format != "camt054":
        name = batch_name(checked.format, number, entry)
        had = checked.sums.get(name, Money.zero(entry.amount.currency))
        checked.sums[name] = had + entry.amount
        checked.counts[name] = checked.counts.get(name, 0) + 1


def _begin(begun: Begun, checked: Checked, agency: Agency) -> str:
    """Our IBAN of the account; empty for a stranger's, which holds the file."""
    account = own_account(begun.account, agency)
    if account is None:
        if begun.account:
            checked.hold(
                "unknown_account", f"account {begun.account} is not one of our collection accounts"
            )
        return ""
    if role_of(checked.format) is None:
        checked.role = _ROLES.get(account.sheets)
        if checked.role is None:
            checked.hold(
                "sheets_unknown",
                f"the agency's settings do not say what sheets of {account.iban} are: set `sheets` of the "
                "account to record (complete statements) or details",
            )
    return account.iban

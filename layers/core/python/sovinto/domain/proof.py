"""The equations that prove the books, each account kind on exactly one side of one of them.

    money we hold                   =  what others are owed        +  ours
    bank, in transit, providers        payable, refunds, suspense     income + VAT - invoiced - expenses

    what debtors owe                =  what clients claim

Both hold per currency for all entries together, and for every single entry.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from sovinto.domain.ledger import Entry
from sovinto.domain.money import Money


class Side(StrEnum):
    """Where an account kind stands in the equations."""

    HELD = "held"
    OWED = "owed"
    OURS = "ours"
    DEBTORS = "debtors"
    CLAIMS = "claims"


MONEY = (Side.HELD, Side.OWED, Side.OURS)

_ID = r"[A-Za-z0-9_-]+"
KINDS: tuple[tuple[str, Side, str], ...] = (
    ("bank", Side.HELD, r"bank:[a-z_]+"),
    ("psp", Side.HELD, rf"psp:{_ID}(:reserve)?"),
    ("payable", Side.OWED, rf"client:{_ID}:payable"),
    ("refunds", Side.OWED, rf"refunds:{_ID}"),
    ("suspense", Side.OWED, r"suspense"),
    ("invoiced", Side.OURS, rf"client:{_ID}:invoiced"),
    ("own", Side.OURS, r"own:[a-z_]+"),
    ("income", Side.OURS, r"income:[a-z_]+"),
    ("expense", Side.OURS, r"expense:[a-z_]+"),
    ("vat", Side.OURS, r"vat:[a-z_]+"),
    ("debtor", Side.DEBTORS, rf"debtor:{_ID}:(principal|interest|fee|cost)"),
    ("claims", Side.CLAIMS, rf"client:{_ID}:claims"),
)
_PATTERNS = tuple((kind, side, re.compile(pattern)) for kind, side, pattern in KINDS)


@lru_cache(maxsize=4096)
def kind_of(account: str) -> tuple[str, Side] | None:
    """The account's kind and side; None for an account that no equation knows."""
    found = ((kind, side) for kind, side, pattern in _PATTERNS if pattern.fullmatch(account))
    return next(found, None)


@dataclass(frozen=True, slots=True)
class Break:
    """What does not hold: `check` names the rule, `where` the entry, day, account, case or bank line.

    `posted_at` is that of the entry, where one is to blame.
    """

    check: str
    where: str
    message: str
    posted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unchecked:
    """What could not be checked, and why: silence would look like proof."""

    check: str
    reason: str


@dataclass(slots=True)
class Sums:
    """Minor units by account and currency, over as many entries as there are."""

    by_account: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, entry: Entry) -> None:
        for line in entry.lines:
            key = (line.account, line.amount.currency)
            total = self.by_account.get(key, 0) + line.amount.minor
            self.by_account[key] = total

    def of(self, account: str, currency: str) -> int:
        return self.by_account.get((account, currency), 0)

    def by_kind(self) -> dict[str, dict[str, int]]:
        """Currency -> kind -> minor units; a debit is positive."""
        found: dict[str, dict[str, int]] = {}
        for (account, currency), minor in sorted(self.by_account.items()):
            kind = kind_of(account)
            kinds = found.setdefault(currency, {})
            name = kind[0] if kind else account
            kinds[name] = kinds.get(name, 0) + minor
        return found


def entry_breaks(entry: Entry) -> Iterator[Break]:
    """What is wrong with one entry by itself: an unknown account, an equation it does not keep."""
    sums: dict[tuple[str, bool], int] = {}
    for line in entry.lines:
        kind = kind_of(line.account)
        if kind is None:
            what = f"posts to {line.account}, an account that no equation knows"
            yield _by(entry, "accounts", what)
            return
        key = (line.amount.currency, kind[1] in MONEY)
        sums[key] = sums.get(key, 0) + line.amount.minor
    for (currency, is_money), minor in sums.items():
        if minor:
            names = "money held, owed and ours" if is_money else "debtors and claims"
            off = f"{Money(minor, currency).decimal()} {currency}"
            yield _by(entry, "equation", f"puts {names} out of balance by {off}")


def raw_breaks(body: str, where: str) -> Iterator[Break]:
    """Whether the lines add up per currency, from the stored JSON and without our own constructor."""
    try:
        shown = json.loads(body)
        lines = [(line["amount"]["currency"], line["amount"]["minor"]) for line in shown["lines"]]
        entry_id = shown["entry_id"]
    except (ValueError, KeyError, TypeError):
        yield Break("stored", where, "what is stored is not an entry")
        return
    sums: dict[str, int] = {}
    for currency, minor in lines:
        sums[currency] = sums.get(currency, 0) + minor
    for currency, minor in sums.items():
        if minor:
            off = f"{Money(minor, currency).decimal()} {currency}"
            yield Break("balance", entry_id, f"the entry's lines are out of balance by {off}")


def equation_breaks(kinds: Mapping[str, Mapping[str, int]]) -> Iterator[Break]:
    """The equations over everything, per currency."""
    sides = {kind: side for kind, side, _ in KINDS}
    for currency, sums in kinds.items():
        money = sum(minor for kind, minor in sums.items() if sides.get(kind) in MONEY)
        claims = sum(m for kind, m in sums.items() if sides.get(kind) in (Side.DEBTORS, Side.CLAIMS))
        for names, minor in (("held = owed + ours", money), ("debtors = claims", claims)):
            if minor:
                off = Money(minor, currency).decimal()
                yield Break("equation", currency, f"{names} does not hold: {off} {currency} apart")


def differences(
    check: str, expected: Mapping[tuple[str, str], int], found: Mapping[tuple[str, str], int], what: str
) -> Iterator[Break]:
    """Each account whose balance (`expected`) is not what the rows beside the ledger (`found`) say."""
    for account, currency in sorted(expected.keys() | found.keys()):
        ledger, rows = expected.get((account, currency), 0), found.get((account, currency), 0)
        if ledger != rows:
            shown = [Money(minor, currency).decimal() for minor in (ledger, rows, ledger - rows)]
            text = f"the ledger says {shown[0]} {currency}, {what} say {shown[1]}: {shown[2]} apart"
            yield Break(check, account, text)


def _by(entry: Entry, check: str, what: str) -> Break:
    return Break(check, entry.entry_id, f"the entry {what}", entry.posted_at)


def first_of_each(breaks: Iterable[Break]) -> tuple[Break, ...]:
    """By check, the earliest entry first; a break that names no entry comes after those that do."""
    return tuple(
        sorted(
            breaks,
            key=lambda b: (b.posted_at is None, b.posted_at and b.posted_at.isoformat(), b.check, b.where),
        )
    )

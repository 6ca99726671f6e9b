"""Does a statement agree with itself: opening + booked entries = closing, and the bank's summary?

Everything is a running sum, so that a statement of any length is checked in constant memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from sovinto.domain.money import Money
from sovinto.formats.statement.fields import Doubt, exact, sign_of
from sovinto.formats.statement.model import StatementEntry
from sovinto.formats.statement.shapes import Shape, pick, steps

_TOTALS = ("TtlNtries", "TtlCdtNtries", "TtlDbtNtries")
_SUMMARY = Shape(
    texts={
        # Side by side in version 02, later wrapped in TtlNetNtry.
        "net": ("TtlNtries/TtlNetNtry/Amt", "TtlNtries/TtlNetNtryAmt", "TtlNtries/Amt"),
        "net_sign": ("TtlNtries/TtlNetNtry/CdtDbtInd", "TtlNtries/CdtDbtInd"),
        **{f"{name}/{part}": (f"{name}/{part}",) for name in _TOTALS for part in ("NbOfNtries", "Sum")},
    }
)


@dataclass(frozen=True, slots=True)
class Summary:
    """TxsSummry as stated: (name, count, sum) of each total, and the net with its direction."""

    totals: tuple[tuple[str, str | None, str | None], ...]
    net: str | None
    net_sign: int | None


def read_summary(element: etree._Element, namespace: str) -> Summary:
    """Raises Doubt for a direction that is neither CRDT nor DBIT."""
    picked = pick(element, steps(_SUMMARY, namespace))
    totals = tuple(
        (name, picked.texts.get(f"{name}/NbOfNtries"), picked.texts.get(f"{name}/Sum")) for name in _TOTALS
    )
    return Summary(totals, picked.texts.get("net"), sign_of(picked.texts.get("net_sign")))


@dataclass(slots=True)
class Sums:
    """Counts and sums in minor units; debits are positive here."""

    credits: int = 0
    credit_sum: int = 0
    debits: int = 0
    debit_sum: int = 0

    def add(self, minor: int) -> None:
        if minor >= 0:
            self.credits += 1
            self.credit_sum += minor
        else:
            self.debits += 1
            self.debit_sum -= minor

    @property
    def net(self) -> int:
        return self.credit_sum - self.debit_sum

    def total(self, name: str) -> tuple[int, int]:
        """Count and sum of one of the bank's totals."""
        if name == "TtlCdtNtries":
            return self.credits, self.credit_sum
        if name == "TtlDbtNtries":
            return self.debits, self.debit_sum
        return self.credits + self.debits, self.credit_sum + self.debit_sum


@dataclass(slots=True)
class Tally:
    """What the entries of one statement come to so far."""

    currencies: set[str] = field(default_factory=set)
    all: Sums = field(default_factory=Sums)
    booked: Sums = field(default_factory=Sums)

    def add(self, entry: StatementEntry) -> None:
        self.currencies.add(entry.amount.currency)
        self.all.add(entry.amount.minor)
        if entry.is_postable:
            self.booked.add(entry.amount.minor)


@dataclass(frozen=True, slots=True)
class Stated:
    """What the bank says of the statement as a whole; balances only count in a final statement."""

    account: str
    currency: str
    opening: Money | None
    closing: Money | None
    summary: Summary | None
    is_final: bool


def control_doubts(stated: Stated, tally: Tally) -> Iterator[Doubt]:
    """Everything in which the statement contradicts itself."""
    if not stated.account:
        yield Doubt("account_missing", "Acct has no IBAN or number; whose money this is stays unknown")
    others = tally.currencies - {stated.currency}
    if others:
        found = ", ".join(sorted(others))
        yield Doubt("entry_currency", f"entries in {found} on an account in {stated.currency}")
        return
    if stated.is_final:
        yield from _chain(stated, tally)
    if stated.summary:
        yield from _summary(stated.summary, stated.currency, tally)


def _chain(stated: Stated, tally: Tally) -> Iterator[Doubt]:
    opening, closing = stated.opening, stated.closing
    if opening is None or closing is None:
        yield Doubt("balance_missing", "opening or closing balance is missing; the chain cannot be checked")
        return
    if {opening.currency, closing.currency} != {stated.currency}:
        found = f"{opening.currency} and {closing.currency}"
        yield Doubt("balance_currency", f"balances are in {found} on an account in {stated.currency}")
        return
    booked = Money(tally.booked.net, stated.currency)
    if opening + booked != closing:
        computed = (opening + booked).decimal()
        message = (
            f"opening {opening.decimal()} and booked entries {booked.decimal()} come to {computed}, "
            f"but the closing balance is {closing.decimal()}"
        )
        yield Doubt("balance_chain", message)


def _summary(summary: Summary, currency: str, tally: Tally) -> Iterator[Doubt]:
    # Banks differ on whether pending entries are counted in, so both readings are good.
    readings = (tally.all, tally.booked)
    for name, count, stated in summary.totals:
        totals = [reading.total(name) for reading in readings]
        if count and count not in {str(found) for found, _ in totals}:
            message = f"{name}/NbOfNtries is {count}, but {totals[0][0]} are given"
            yield Doubt("control_count", message)
        yield from _sum(f"{name}/Sum", stated, 1, [found for _, found in totals], currency)
    nets = [reading.net for reading in readings]
    yield from _sum("net of entries", summary.net, summary.net_sign or 1, nets, currency)


def _sum(name: str, stated: str | None, sign: int, found: list[int], currency: str) -> Iterator[Doubt]:
    if stated is None:
        return
    try:
        minor = sign * exact(stated, currency).minor
    except Doubt as doubt:
        yield doubt
        return
    if minor not in found:
        yield Doubt(
            "control_sum",
            f"{name} is {stated}, but the entries come to {Money(found[0], currency).decimal()}",
        )

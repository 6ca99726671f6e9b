"""Does a statement agree with itself: opening + booked entries = closing, and the bank's summary?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from sovinto.domain.money import Money, total
from sovinto.formats.statement.fields import Doubt, exact, first_text, one, sign_at, text_at
from sovinto.formats.statement.model import Statement, StatementEntry

_Pick = Callable[[StatementEntry], bool]


@dataclass(frozen=True, slots=True)
class _Figures:
    """Count and sum as the bank stated them, of the entries that `pick` chooses."""

    name: str
    pick: _Pick
    count: str | None
    sum: str | None


@dataclass(frozen=True, slots=True)
class Summary:
    """TxsSummry."""

    figures: tuple[_Figures, ...]
    net: str | None
    net_sign: int | None


def read_summary(element: etree._Element) -> Summary:
    """Raises Doubt for a direction that is neither CRDT nor DBIT."""
    parts = (
        ("TtlNtries", _any),
        ("TtlCdtNtries", _is_credit),
        ("TtlDbtNtries", _is_debit),
    )
    figures = tuple(
        _Figures(name, pick, text_at(element, f"{name}/NbOfNtries"), text_at(element, f"{name}/Sum"))
        for name, pick in parts
    )
    # Version 02 keeps net amount and direction side by side; later versions wrap them in TtlNetNtry.
    holder = one(element, "TtlNtries/TtlNetNtry")
    holder = one(element, "TtlNtries") if holder is None else holder
    if holder is None:
        return Summary(figures, None, None)
    return Summary(figures, first_text(holder, "Amt", "TtlNetNtryAmt"), sign_at(holder))


def control_doubts(statement: Statement, summary: Summary | None, is_final: bool) -> Iterator[Doubt]:
    """Everything in which the statement contradicts itself; balances only count in a final statement."""
    if not statement.account:
        yield Doubt("account_missing", "Acct has no IBAN or number; whose money this is stays unknown")
    others = {entry.amount.currency for entry in statement.entries} - {statement.currency}
    if others:
        found = ", ".join(sorted(others))
        yield Doubt("entry_currency", f"entries in {found} on an account in {statement.currency}")
        return
    if is_final:
        yield from _chain(statement)
    if summary:
        yield from _summary(statement, summary)


def _chain(statement: Statement) -> Iterator[Doubt]:
    opening, closing = statement.opening, statement.closing
    if opening is None or closing is None:
        yield Doubt("balance_missing", "opening or closing balance is missing; the chain cannot be checked")
        return
    if {opening.currency, closing.currency} != {statement.currency}:
        found = f"{opening.currency} and {closing.currency}"
        yield Doubt("balance_currency", f"balances are in {found} on an account in {statement.currency}")
        return
    booked = total([entry.amount for entry in statement.entries if entry.is_postable], statement.currency)
    if opening + booked != closing:
        computed = (opening + booked).decimal()
        message = (
            f"opening {opening.decimal()} and booked entries {booked.decimal()} come to {computed}, "
            f"but the closing balance is {closing.decimal()}"
        )
        yield Doubt("balance_chain", message)


def _summary(statement: Statement, summary: Summary) -> Iterator[Doubt]:
    # Banks differ on whether pending entries are counted in, so both readings are good.
    readings = (statement.entries, [entry for entry in statement.entries if entry.is_postable])
    for figures in summary.figures:
        chosen = [[entry for entry in reading if figures.pick(entry)] for reading in readings]
        yield from _count(figures, chosen)
        sums = [sum(abs(entry.amount.minor) for entry in entries) for entries in chosen]
        yield from _sum(f"{figures.name}/Sum", figures.sum, 1, sums, statement.currency)
    nets = [sum(entry.amount.minor for entry in entries) for entries in readings]
    yield from _sum("net of entries", summary.net, summary.net_sign or 1, nets, statement.currency)


def _count(figures: _Figures, chosen: Sequence[Sequence[StatementEntry]]) -> Iterator[Doubt]:
    if figures.count and figures.count not in {str(len(entries)) for entries in chosen}:
        message = f"{figures.name}/NbOfNtries is {figures.count}, but {len(chosen[0])} are given"
        yield Doubt("control_count", message)


def _sum(name: str, stated: str | None, sign: int, found: Sequence[int], currency: str) -> Iterator[Doubt]:
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


def _any(_: StatementEntry) -> bool:
    return True


def _is_credit(entry: StatementEntry) -> bool:
    return entry.amount.minor >= 0


def _is_debit(entry: StatementEntry) -> bool:
    return entry.amount.minor < 0

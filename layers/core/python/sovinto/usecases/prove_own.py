"""Our own money on the account of other people's: marked on both sides, and never moved twice."""

from __future__ import annotations

from collections.abc import Iterator

from sovinto.domain import accounts
from sovinto.domain.money import Money
from sovinto.domain.proof import Break, Sums


def ours_by_currency(sums: Sums) -> dict[str, dict[str, int]]:
    """Minor units: `due` lies on the collection account and is ours, `moved` is on our own account."""
    return {
        currency: {
            "due": -sums.of(accounts.OURS_DUE, currency),
            "moved": sums.of(accounts.OWN_ACCOUNT, currency),
        }
        for currency in _currencies(sums)
    }


def ours_breaks(sums: Sums) -> Iterator[Break]:
    for currency in _currencies(sums):
        due, claim = (sums.of(name, currency) for name in (accounts.OURS_DUE, accounts.OWN_FROM_COLLECTION))
        if due + claim:
            off = Money(due + claim, currency).decimal()
            text = f"our part of the account and our claim are {off} {currency} apart"
            yield Break("ours_due", currency, text)
        if due > 0:
            off = Money(due, currency).decimal()
            yield Break("ours_due", currency, f"{off} {currency} more were moved than were ours")


def _currencies(sums: Sums) -> list[str]:
    names = (accounts.OURS_DUE, accounts.OWN_FROM_COLLECTION, accounts.OWN_ACCOUNT)
    return sorted({currency for account, currency in sums.by_account if account in names})

"""What must hold for the books at any moment."""

from __future__ import annotations

from collections.abc import Iterable

from sovinto.domain.ledger import Entry, fold


def by_account(entries: Iterable[Entry]) -> dict[str, int]:
    """Cents by account; of one currency."""
    sums: dict[str, int] = {}
    for (account, _), minor in fold(entries).items():
        sums[account] = sums.get(account, 0) + minor
    return sums


def by_kind(entries: Iterable[Entry]) -> dict[str, int]:
    """Cents by what an account is: bank, psp, debtor, payable, claims, ..."""
    sums: dict[str, int] = {}
    for account, minor in by_account(entries).items():
        parts = account.split(":")
        kind = parts[-1] if parts[0] in ("client", "bank", "income") else parts[0]
        sums[kind] = sums.get(kind, 0) + minor
    return sums


def check_books(entries: Iterable[Entry]) -> None:
    """Double entry: everything adds up to zero; what debtors owe is what clients claim; and the money
    we hold belongs to somebody."""
    entries = list(entries)
    kinds = by_kind(entries)
    assert sum(kinds.values()) == 0, kinds
    assert kinds.get("debtor", 0) == -kinds.get("claims", 0), kinds
    held = ("collection", "details", "in_transit", "psp", "invoiced", "expense")
    due = ("payable", "refunds", "suspense", "collection_fees", "setup_fees", "vat")
    assert sum(kinds.get(kind, 0) for kind in held) == -sum(kinds.get(kind, 0) for kind in due), kinds
    went_back = by_kind(e for e in entries if e.kind == "payment_reversed").get("payable", 0)
    assert kinds.get("payable", 0) <= went_back, "we never pay on more than we collected"

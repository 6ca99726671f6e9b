"""A statement file as plain JSON values, for the command line and for machines."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from sovinto.domain.money import Money
from sovinto.formats.statement.model import Statement, StatementEntry, StatementFile, StatementTransaction


def to_json(file: StatementFile) -> dict[str, Any]:
    """Amounts are signed decimal strings, days ISO 8601; what the bank did not say is null."""
    totals = Totals()
    for statement in file.statements:
        for entry in statement.entries:
            totals.add(entry)
    return {
        "format": file.format,
        "statements": [_statement(statement) for statement in file.statements],
        "totals": totals.shape(),
        "problems": [asdict(problem) for problem in file.problems],
    }


def _statement(statement: Statement) -> dict[str, Any]:
    head = statement_head(statement.account, statement.currency, statement.opening, statement.closing)
    return {**head, "entries": [entry_shape(entry) for entry in statement.entries]}


def statement_head(
    account: str, currency: str, opening: Money | None, closing: Money | None
) -> dict[str, str | None]:
    """A statement without its entries."""
    return {
        "account": account,
        "currency": currency,
        "opening": _decimal(opening),
        "closing": _decimal(closing),
    }


def entry_shape(entry: StatementEntry) -> dict[str, Any]:
    """One booking with its transactions."""
    return {
        "booked_on": _day(entry.booked_on),
        "value_on": _day(entry.value_on),
        "amount": entry.amount.decimal(),
        "currency": entry.amount.currency,
        "status": entry.status,
        "reversal": entry.is_reversal,
        "reference": entry.reference,
        "references": list(entry.references),
        "end_to_end_id": entry.end_to_end_id,
        "counterparty": entry.counterparty,
        "text": entry.text,
        "bank_reference": entry.bank_reference,
        "transactions": [_transaction(transaction) for transaction in entry.transactions],
    }


def _transaction(transaction: StatementTransaction) -> dict[str, Any]:
    original = transaction.original
    return {
        "amount": _decimal(transaction.amount),
        "currency": transaction.amount.currency if transaction.amount is not None else None,
        "original_amount": _decimal(original),
        "original_currency": original.currency if original is not None else None,
        "reference": transaction.reference,
        "references": list(transaction.references),
        "end_to_end_id": transaction.end_to_end_id,
        "counterparty": transaction.counterparty,
        "text": transaction.text,
        "bank_reference": transaction.bank_reference,
        "return_reason": transaction.return_reason,
    }


@dataclass(slots=True)
class Totals:
    """Sums over all entries whatever their status; null when currencies are mixed, as they have no sum."""

    entries: int = 0
    transactions: int = 0
    credits: int = 0
    debits: int = 0
    currencies: set[str] = field(default_factory=set)

    def add(self, entry: StatementEntry) -> None:
        self.entries += 1
        self.transactions += len(entry.transactions)
        self.credits += max(entry.amount.minor, 0)
        self.debits += max(-entry.amount.minor, 0)
        self.currencies.add(entry.amount.currency)

    def shape(self) -> dict[str, int | str | None]:
        return {
            "entries": self.entries,
            "transactions": self.transactions,
            "credits": self._sum(self.credits),
            "debits": self._sum(self.debits),
        }

    def _sum(self, minor: int) -> str | None:
        if len(self.currencies) > 1:
            return None
        return Money(minor, next(iter(self.currencies), "EUR")).decimal()


def _decimal(amount: Money | None) -> str | None:
    return None if amount is None else amount.decimal()


def _day(on: date | None) -> str | None:
    return None if on is None else on.isoformat()

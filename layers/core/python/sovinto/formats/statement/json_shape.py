"""A statement file as plain JSON values, for the command line and for machines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sovinto.domain.money import Money
from sovinto.formats.statement.model import Statement, StatementEntry, StatementFile, StatementTransaction


def to_json(file: StatementFile) -> dict[str, Any]:
    """Amounts are signed decimal strings, days ISO 8601; what the bank did not say is null."""
    return {
        "format": file.format,
        "statements": [_statement(statement) for statement in file.statements],
        "totals": _totals([entry for statement in file.statements for entry in statement.entries]),
        "problems": [asdict(problem) for problem in file.problems],
    }


def _statement(statement: Statement) -> dict[str, Any]:
    return {
        "account": statement.account,
        "currency": statement.currency,
        "opening": _decimal(statement.opening),
        "closing": _decimal(statement.closing),
        "entries": [_entry(entry) for entry in statement.entries],
    }


def _entry(entry: StatementEntry) -> dict[str, Any]:
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
        "currency": transaction.amount.currency if transaction.amount else None,
        "original_amount": _decimal(original),
        "original_currency": original.currency if original else None,
        "reference": transaction.reference,
        "references": list(transaction.references),
        "end_to_end_id": transaction.end_to_end_id,
        "counterparty": transaction.counterparty,
        "text": transaction.text,
        "bank_reference": transaction.bank_reference,
        "return_reason": transaction.return_reason,
    }


def _totals(entries: Sequence[StatementEntry]) -> dict[str, Any]:
    """Sums over all entries whatever their status; null when currencies are mixed, as they have no sum."""
    return {
        "entries": len(entries),
        "transactions": sum(len(entry.transactions) for entry in entries),
        "credits": _sum([entry.amount for entry in entries], 1),
        "debits": _sum([entry.amount for entry in entries], -1),
    }


def _sum(amounts: Sequence[Money], sign: int) -> str | None:
    currencies = {amount.currency for amount in amounts}
    if len(currencies) > 1:
        return None
    minor = sum(abs(amount.minor) for amount in amounts if amount.minor * sign > 0)
    return Money(minor, currencies.pop() if currencies else "EUR").decimal()


def _decimal(amount: Money | None) -> str | None:
    return None if amount is None else amount.decimal()


def _day(on: date | None) -> str | None:
    return None if on is None else on.isoformat()

"""Entries of formats in which every payment is a booking of its own, with one payer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sovinto.domain.money import Money
from sovinto.formats.statement.keys import EntryKeys, transaction_key
from sovinto.formats.statement.model import BOOKED, StatementEntry, StatementTransaction


@dataclass(frozen=True, slots=True)
class Share:
    """What part of a payment belongs to one reference."""

    reference: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class SinglePayment:
    """`identity` tells payments of one statement apart; `shares` is the payer's own split, if any.

    `unique_reference` is the bank's, where the bank gives each booking one of its own. `is_checked`: the
    bank checked the reference.
    """

    amount: Money
    booked_on: date | None
    references: tuple[str, ...]
    identity: tuple[str, ...]
    value_on: date | None = None
    is_reversal: bool = False
    counterparty: str | None = None
    counterparty_account: str | None = None
    text: str | None = None
    bank_reference: str | None = None
    unique_reference: str | None = None
    shares: tuple[Share, ...] = ()
    is_checked: bool = False


def build_single_entry(payment: SinglePayment, keys: EntryKeys) -> StatementEntry:
    """The booking, with one transaction per share, or one for the whole payment."""
    on = payment.booked_on.isoformat() if payment.booked_on else ""
    key = keys.next(payment.unique_reference, (on, str(payment.amount.minor), *payment.identity))
    shares = payment.shares or (None,)
    return StatementEntry(
        entry_key=key,
        booked_on=payment.booked_on,
        value_on=payment.value_on,
        amount=payment.amount,
        status=BOOKED,
        is_reversal=payment.is_reversal,
        reference=payment.references[0] if len(payment.references) == 1 else None,
        references=payment.references,
        end_to_end_id=None,
        counterparty=payment.counterparty,
        text=payment.text,
        bank_reference=payment.bank_reference,
        transactions=tuple(_transaction(payment, key, place, share) for place, share in enumerate(shares)),
    )


def _transaction(payment: SinglePayment, key: str, place: int, share: Share | None) -> StatementTransaction:
    return StatementTransaction(
        key=transaction_key(key, place),
        amount=share.amount if share else payment.amount,
        original=None,
        references=(share.reference,) if share else payment.references,
        end_to_end_id=None,
        counterparty=payment.counterparty,
        counterparty_account=payment.counterparty_account,
        text=payment.text,
        bank_reference=payment.bank_reference,
        return_reason=None,
        is_checked=payment.is_checked,
    )

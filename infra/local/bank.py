"""A bank on the laptop: one account that takes payments in, executes payment files and writes statements.

It writes camt.053.001.02 after ISO 20022 on its own and shares no code with the reader in `sovinto`, so
that a misunderstanding cannot hide on both sides.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from infra.local.bank_orders import BankTransfer, RefusedByBank, read_transfers
from infra.local.bank_statement import Booking, Day, write_statement

__all__ = ["BankAccount", "BankTransfer", "Booking", "RefusedByBank", "read_transfers"]


@dataclass(slots=True)
class BankAccount:
    """Amounts are minor units (cents). `bookings` is the whole history, in order of booking."""

    iban: str
    owner: str
    bic: str = "SOVIFIHH"
    currency: str = "EUR"
    opening_minor: int = 0
    bookings: list[Booking] = field(default_factory=list)
    executed: set[str] = field(default_factory=set)

    def credit(
        self,
        on: date,
        amount_minor: int,
        reference: str | None = None,
        payer: str = "",
        *,
        text: str = "",
        end_to_end_id: str = "",
        is_reversal: bool = False,
    ) -> Booking:
        """Money in. A reversal gives back an earlier debit, for example a transfer that was returned."""
        return self._book(
            on,
            amount_minor,
            reference=reference,
            counterparty=payer,
            text=text,
            end_to_end_id=end_to_end_id,
            is_reversal=is_reversal,
        )

    def debit(
        self,
        on: date,
        amount_minor: int,
        reference: str | None = None,
        payee: str = "",
        *,
        text: str = "",
        end_to_end_id: str = "",
        is_reversal: bool = False,
    ) -> Booking:
        """Money out. A reversal takes back an earlier credit."""
        return self._book(
            on,
            -amount_minor,
            reference=reference,
            counterparty=payee,
            text=text,
            end_to_end_id=end_to_end_id,
            is_reversal=is_reversal,
        )

    def execute(self, pain001: bytes, on: date) -> tuple[BankTransfer, ...]:
        """Pays the transfers of a payment file out. Raises RefusedByBank for a file that a bank would not
        take: sent before, of another account, contradicting itself, or more than there is."""
        transfers = read_transfers(pain001)
        if any(transfer.debtor_iban != self.iban for transfer in transfers):
            raise RefusedByBank("the file orders payments from an account that is not this one")
        if transfers[0].message_id in self.executed:
            raise RefusedByBank(f"message {transfers[0].message_id} was executed before")
        if sum(transfer.amount_minor for transfer in transfers) > self.balance_minor(on):
            raise RefusedByBank("the balance does not cover the file")
        self.executed.add(transfers[0].message_id)
        for transfer in transfers:
            self.debit(
                on,
                transfer.amount_minor,
                payee=transfer.creditor_name,
                text=transfer.text,
                end_to_end_id=transfer.end_to_end_id,
            )
        return transfers

    def balance_minor(self, on: date) -> int:
        """The booked balance at the end of that day."""
        return self.opening_minor + sum(item.amount_minor for item in self.bookings if item.on <= on)

    def statement(self, on: date) -> bytes:
        """camt.053.001.02 of that booking day; asking again gives the same bytes until more is booked."""
        # The account's days count from its first booking; a quiet day has a statement (and number) too.
        first = min([item.on for item in self.bookings], default=on)
        return write_statement(
            Day(
                on=on,
                sequence=max((on - first).days + 1, 1),
                iban=self.iban,
                owner=self.owner,
                bic=self.bic,
                currency=self.currency,
                opening_minor=self.balance_minor(on - timedelta(days=1)),
                bookings=tuple(item for item in self.bookings if item.on == on),
            )
        )

    def _book(self, on: date, signed_minor: int, **facts: Any) -> Booking:
        number = f"{on:%y%m%d}{len(self.bookings) + 1:010d}"
        booking = Booking(on=on, amount_minor=signed_minor, servicer_reference=number, **facts)
        self.bookings.append(booking)
        return booking

"""One deposit of a BgMax file (TK05 to TK15): its payments, its day and its control sum."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from tempfile import SpooledTemporaryFile

from sovinto.domain.money import Money
from sovinto.formats.statement.bgmax_records import DEDUCTION, PAYMENT, BgMaxPayment, added, begun
from sovinto.formats.statement.fixed_lines import Line, day_in, number_in
from sovinto.formats.statement.keys import EntryKeys
from sovinto.formats.statement.model import Problem
from sovinto.formats.statement.parts import Begun, Ended, Part
from sovinto.formats.statement.single_entries import Share, SinglePayment, build_single_entry

_CURRENCIES = ("SEK", "EUR")
_IN_MEMORY = 4 * 1024 * 1024


@dataclass(slots=True)
class Deposit:
    """TK05 and what follows it. The day comes last, in TK15, so the lines wait for it.

    Up to `_IN_MEMORY` characters they wait in memory, beyond that on disk.
    """

    account: str
    currency: str
    number: int
    waiting: SpooledTemporaryFile[str] = field(
        default_factory=lambda: SpooledTemporaryFile(  # noqa: SIM115
            max_size=_IN_MEMORY, mode="w+", encoding="utf-8", newline="\n"
        )
    )

    @property
    def name(self) -> str:
        return f"deposit {self.number}"

    def keep(self, line: Line) -> None:
        """A record of a payment, until the deposit is read."""
        self.waiting.write(f"{line.number} {line.text}\n")

    def payments(self) -> Iterator[BgMaxPayment | Problem]:
        """The payments in order; a record we do not know is passed over, as the manual asks."""
        payment: BgMaxPayment | None = None
        self.waiting.seek(0)
        for written in self.waiting:
            number, _, text = written.rstrip("\n").partition(" ")
            if text[:2] in (PAYMENT, DEDUCTION):
                if payment:
                    yield payment
                payment = begun(text, int(number))
            elif payment is None or not added(payment, text):
                yield Problem("record_unknown", f"record {text[:2]!r} was passed over", f"line {number}")
        if payment:
            yield payment


@dataclass(slots=True)
class Counts:
    """What the final record (TK70) must confirm."""

    payments: int = 0
    deductions: int = 0
    extras: int = 0
    deposits: int = 0


@dataclass(slots=True)
class ClosedDeposit:
    """One deposit once its closing record is there; `closing` is empty where it is missing."""

    deposit: Deposit
    closing: str
    created_on: date | None
    keys: EntryKeys
    counts: Counts
    count: int = 0
    minor: int = 0

    def parts(self) -> Iterator[Part]:
        """The deposit as one statement, with everything in which it contradicts itself."""
        booked_on = day_in(self.closing[37:45], "YYYYMMDD")
        account, currency = self.deposit.account, self.deposit.currency
        name = f"{self.closing[37:45]}-{self.closing[45:50]}"
        self.keys.account, self.keys.statement_id = account, name
        yield from self._doubts(booked_on)
        if currency not in _CURRENCIES:
            return
        yield Begun(name, self.created_on, account, currency)
        for payment in self.deposit.payments():
            if isinstance(payment, Problem):
                yield payment
            else:
                yield from self._counted(payment, booked_on)
        yield Ended(None, None)
        yield from self._controls()

    def _doubts(self, booked_on: date | None) -> Iterator[Problem]:
        place = self.deposit.name
        if not self.deposit.account:
            yield Problem("account_missing", "TK05 names no bankgiro or plusgiro number", place)
        if self.deposit.currency not in _CURRENCIES:
            yield Problem(
                "currency_invalid", f"currency {self.deposit.currency!r} is not SEK or EUR", place
            )
        if booked_on is None:
            yield Problem("date_invalid", f"{self.closing[37:45]!r} is not the day of a deposit", place)
        if self.closing and self.closing[68:71] != self.deposit.currency:
            message = f"the deposit began in {self.deposit.currency} and closes in {self.closing[68:71]}"
            yield Problem("entry_currency", message, place)

    def _counted(self, payment: BgMaxPayment, booked_on: date | None) -> Iterator[Part]:
        self.count += 1
        self.minor += payment.signed
        is_deduction = payment.kind == DEDUCTION
        self.counts.deductions += is_deduction
        self.counts.payments += not is_deduction
        self.counts.extras += len(payment.extras)
        if not payment.is_whole:
            yield Problem("amount_invalid", "the amount is not a number", f"line {payment.line}")
        yield build_single_entry(self._giro(payment, booked_on), self.keys)

    def _giro(self, payment: BgMaxPayment, booked_on: date | None) -> SinglePayment:
        currency = self.deposit.currency
        return SinglePayment(
            amount=Money(payment.signed, currency),
            booked_on=booked_on,
            value_on=booked_on,
            references=payment.references,
            identity=(payment.kind, payment.serial, payment.sender or "", *payment.references),
            counterparty=" ".join(payment.names) or None,
            counterparty_account=payment.sender,
            text=" ".join(payment.info) or None,
            bank_reference=payment.serial or None,
            is_checked=payment.is_checked,
            shares=tuple(
                Share(extra.reference, Money(extra.signed, currency)) for extra in payment.shares()
            ),
        )

    def _controls(self) -> Iterator[Problem]:
        if not self.closing:
            return
        place = self.deposit.name
        stated, count = number_in(self.closing[50:68]), number_in(self.closing[71:79])
        if stated != self.minor:
            found = Money(self.minor, self.deposit.currency).decimal()
            told = "nothing" if stated is None else Money(stated, self.deposit.currency).decimal()
            yield Problem("control_sum", f"TK15 states {told}, but the payments come to {found}", place)
        if count != self.count:
            yield Problem("control_count", f"TK15 states {count} payments, but {self.count} follow", place)

"""What a client owes us for one month: set-up fees, commission, legal fees, from its cases' ledgers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sovinto.domain.case import Case, Step
from sovinto.domain.case_earnings import Earned, earned_between
from sovinto.domain.client import Client
from sovinto.domain.fees_agreed import FeesAgreed
from sovinto.domain.invoice import FeeInvoiceLine
from sovinto.domain.issued_invoice import COMMISSION, COMMISSION_REST, LEGAL_FEE, SETUP_FEE
from sovinto.domain.law.calendar import Calendar
from sovinto.domain.money import Money
from sovinto.domain.vat_treatment import VatTreatment
from sovinto.ports import Cases


@dataclass(frozen=True, slots=True)
class Month:
    """`start` and `end` (not counted) are the same days as instants."""

    first: date
    last: date
    start: datetime
    end: datetime

    @classmethod
    def ending(cls, last: date, calendar: Calendar) -> Month:
        def midnight(day: date) -> datetime:
            return datetime.combine(day, time(), tzinfo=calendar.zone)

        first = last.replace(day=1)
        return cls(first, last, midnight(first), midnight(last + timedelta(days=1)))

    @property
    def name(self) -> str:
        return f"{self.last:%Y-%m}"


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts and sums of one month; what was earned is below zero where more went back than came in."""

    placed: int
    handed: int
    earned: Earned


def tally(cases: Iterable[Case], month: Month, client: Client, vat: VatTreatment, books: Cases) -> Tally:
    """Reads the ledger of each case only where commission was agreed on."""
    placed = handed = 0
    earned = Earned.nothing(client.currency)
    for case in cases:
        if case.placed_at >= month.end:
            continue
        placed += case.placed_at >= month.start
        handed += any(
            record.step is Step.HAND_TO_LEGAL
            and record.outcome == "performed"
            and month.start <= record.at < month.end
            for record in case.steps
        )
        if client.fees.commission:
            entries = books.entries(case.case_id)
            earned = earned + earned_between(case, entries, client.fees, vat, month.start, month.end)
    return Tally(placed, handed, earned)


def lines_of(found: Tally, client: Client, vat: VatTreatment) -> tuple[FeeInvoiceLine, ...]:
    """Only what is above zero: what went back becomes a credit note."""
    lines = []
    if found.placed and client.setup_fee:
        lines.append(FeeInvoiceLine(SETUP_FEE, found.placed, client.setup_fee, vat))
    if found.earned.charged.minor > 0:
        text = COMMISSION_REST if found.earned.set_off else COMMISSION
        facts = commission_facts(found.earned, client.fees)
        lines.append(FeeInvoiceLine(text, 1, found.earned.charged, vat, facts=facts))
    if found.handed and client.fees.legal_fee_minor:
        fee = Money(client.fees.legal_fee_minor, client.currency)
        lines.append(FeeInvoiceLine(LEGAL_FEE, found.handed, fee, vat))
    return tuple(lines)


def commission_facts(earned: Earned, agreed: FeesAgreed) -> tuple[tuple[str, str], ...]:
    """What the line says: the rates, what they are on, and what debtors bore of it."""
    return (
        ("percent", " / ".join(band.percent for band in agreed.commission)),
        ("collected", _text(earned.base)),
        ("commission", _text(earned.commission)),
        ("borne", _text(earned.set_off)),
    )


def _text(amount: Money) -> str:
    return f"{Money(abs(amount.minor), amount.currency).decimal()} {amount.currency}"

"""Our invoice of a closed month: once per client and month, and a credit note where more went back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from sovinto.countries import load_calendar
from sovinto.domain.agency import Agency
from sovinto.domain.case import Case
from sovinto.domain.client import Client
from sovinto.domain.invoice import FeeInvoice, FeeInvoiceLine
from sovinto.domain.issued_invoice import COMMISSION, COMMISSION_REST, IssuedInvoice
from sovinto.domain.law.calendar import Calendar
from sovinto.domain.money import total
from sovinto.domain.vat_treatment import VatTreatment
from sovinto.errors import AlreadyStored, StaleVersion
from sovinto.ports import Cases, Change, Clients, Clock, Files, Guard, Press
from sovinto.usecases.credit_client_invoice import credit_once
from sovinto.usecases.invoice_lines import Month, Tally, commission_facts, lines_of, tally
from sovinto.usecases.invoice_parties import (
    buyer_of,
    payment_reference_of,
    seller_of,
    treatment_of,
)
from sovinto.usecases.issue_invoice import Invoicing, change_of, document_id_of, papers

# A month that is done stays so: only where one of these is open are older ones looked at.
MONTHS_BACK = 3
MOST_MONTHS = 36
# What is posted around midnight is stored by then.
_MARGIN = timedelta(hours=1)
_COMMISSIONS = (COMMISSION, COMMISSION_REST)


def invoice_client(
    client: Client,
    *,
    agency: Agency,
    press: Press,
    documents: Files,
    cases: Cases,
    clients: Clients,
    clock: Clock,
) -> tuple[FeeInvoice, ...]:
    """What each closed month since the client's first case lacks, of the last MOST_MONTHS, oldest first: an
    invoice, and a credit note where commission goes back.

    A month without either is noted as such and not looked at again. Months wait for those before them, so
    that none is passed over. Raises LawMissing (VAT, holidays),
    InvalidInput for a VAT number or electronic address that is none.
    """
    means = Invoicing(agency, press, documents, cases, clients, clock)
    made: list[FeeInvoice] = []
    run = _Run(client, means, load_calendar(agency.contact.address.country))
    for month in _months(run, run.calendar.local_date(clock.now() - _MARGIN)):
        for guard, act in ((run.invoiced(month), _invoice), (run.credited(month), _give_back)):
            if not run.is_done(guard):
                made += act(run, month, guard)
                if not run.is_done(guard):
                    return tuple(made)
    return tuple(made)


def _months(run: _Run, today: date) -> list[Month]:
    """The closed months that may lack something, oldest first."""
    months = [Month.ending(last, run.calendar) for last in _closed_months(today)]
    recent, older = months[:MONTHS_BACK], months[MONTHS_BACK:]
    if all(run.is_done(guard) for month in recent for guard in (run.invoiced(month), run.credited(month))):
        return []
    first = min((case.placed_at for case in run.placed), default=recent[-1].start)
    return [*(month for month in reversed(older) if month.end > first), *reversed(recent)]


def _closed_months(today: date) -> list[date]:
    """The last days of the months before this one, newest first."""
    ends = []
    for _ in range(MOST_MONTHS):
        today = today.replace(day=1) - timedelta(days=1)
        ends.append(today)
    return ends


@dataclass
class _Run:
    """One client in one run; its cases are read only where a month is open."""

    client: Client
    means: Invoicing
    calendar: Calendar

    @cached_property
    def placed(self) -> list[Case]:
        return list(self.means.cases.of_client(self.client.client_id))

    @cached_property
    def tallies(self) -> dict[str, Tally]:
        return {}

    def tally(self, month: Month) -> Tally:
        if month.name not in self.tallies:
            found = tally(self.placed, month, self.client, self.treatment(month), self.means.cases)
            self.tallies[month.name] = found
        return self.tallies[month.name]

    def treatment(self, month: Month) -> VatTreatment:
        return treatment_of(self.client, buyer_of(self.client), self.means.agency, month.last)

    def is_done(self, guard: Guard) -> bool:
        return self.means.cases.guard(guard.scope, guard.key) is not None

    def invoiced(self, month: Month) -> Guard:
        return Guard(f"CLIENT#{self.client.client_id}", f"INVOICED#{month.name}")

    def credited(self, month: Month) -> Guard:
        return Guard(f"CLIENT#{self.client.client_id}", f"CREDITED#{month.name}")

    def store(self, change: Change) -> bool:
        """False where a twin run took the month or the number; the next run does what is left."""
        try:
            self.means.cases.commit(change)
        except (AlreadyStored, StaleVersion):
            return False
        return True


def _invoice(run: _Run, month: Month, guard: Guard) -> list[FeeInvoice]:
    client, means = run.client, run.means
    lines = lines_of(run.tally(month), client, run.treatment(month))
    if not lines:
        run.store(Change(guards=(guard,)))
        return []
    invoice = _made(run, month, lines)
    now = means.clock.now()
    issued = IssuedInvoice.new(invoice, document_id_of(invoice), month.name)
    listed = papers(invoice, client, month.name, means)
    guards = (replace(guard, payload=str(invoice.number)),)
    return [invoice] if run.store(change_of(issued, listed, now, guards=guards)) else []


def _made(run: _Run, month: Month, lines: Sequence[FeeInvoiceLine]) -> FeeInvoice:
    client, agency = run.client, run.means.agency
    today = run.calendar.local_date(run.means.clock.now())
    number = run.means.clients.last_invoice_number() + 1
    return FeeInvoice(
        number=number,
        client_id=client.client_id,
        invoiced_on=today,
        due_on=run.calendar.next_banking_day(today + timedelta(days=client.fees.payment_days)),
        period_from=month.first,
        period_to=month.last,
        seller=seller_of(agency),
        buyer=buyer_of(client),
        lines=tuple(lines),
        payment_iban=agency.iban,
        payment_bic=agency.bic,
        payment_reference=payment_reference_of(number, agency, today),
        language=client.language,
        buyer_reference=client.buyer_reference,
        order_reference=client.order_reference,
    )


def _give_back(run: _Run, month: Month, guard: Guard) -> list[FeeInvoice]:
    """Commission on money that went back, off the newest invoices that charged any; never more than was
    invoiced. One note for each invoice; what a run before this one gave back counts."""
    found = run.tally(month)
    made: list[FeeInvoice] = []
    if found.earned.charged.minor < 0:
        cause = f"claw-backs {month.name}"
        issued = run.means.clients.invoices(run.client.client_id)
        notes = (one.invoice.net for one in issued if one.cause == cause)
        left = -found.earned.charged - total(notes, run.client.currency)
        facts = commission_facts(found.earned, run.client.fees)
        for one, at in _charged_before(issued):
            part = min(left, one.creditable(at))
            if part.minor > 0:
                request = Guard(guard.scope, f"CREDITED#{month.name}#{one.number}")
                note = credit_once(one, ((at, part),), cause, request, run.client, run.means, facts=facts)
                if note is None:
                    return made
                made.append(note)
                left = left - part
    run.store(Change(guards=(guard,)))
    return made


def _charged_before(issued: Sequence[IssuedInvoice]) -> list[tuple[IssuedInvoice, int]]:
    """Lines with commission, newest invoice first."""
    return [
        (one, at)
        for one in reversed(issued)
        if not one.invoice.is_credit_note
        for at, line in enumerate(one.invoice.lines)
        if line.text in _COMMISSIONS
    ]

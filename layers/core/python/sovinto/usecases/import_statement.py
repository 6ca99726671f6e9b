"""A bank file: every booked line finds its place in the books exactly once, or the file is held whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from sovinto.domain import accounts
from sovinto.domain.agency import Agency
from sovinto.domain.event import Event
from sovinto.domain.ledger import Entry, Line
from sovinto.domain.money import Money
from sovinto.domain.payment import BANK_SOURCE, Payment, UnallocatedPayment
from sovinto.domain.posting import Occasion, transfer
from sovinto.errors import AlreadyStored, LawMissing
from sovinto.formats import payment_reference
from sovinto.formats.statement.model import StatementEntry, StatementFile, StatementTransaction
from sovinto.ids import CaseId, EventId, PaymentId, derived
from sovinto.ports import Cases, Change, Clock, Guard
from sovinto.usecases.payouts import PAYOUT, expected
from sovinto.usecases.record_payment import record_payment
from sovinto.usecases.retry import with_fresh_read

SEEN_BANK = "SEEN#bank"


@dataclass(slots=True)
class ImportReport:
    """Counts of lines; `held` is the reason why nothing of the file was posted."""

    matched: int = 0
    repeated: int = 0
    suspense: int = 0
    transfers: int = 0
    ignored: int = 0
    held: str = ""


@dataclass(frozen=True, slots=True)
class BankLine:
    """One amount on the account with what identifies it.

    `owners` are the references that all of the money carries; empty where parts of it differ.
    """

    key: str
    booked_on: date
    value_on: date
    amount: Money
    found: StatementTransaction
    owners: frozenset[str]


def import_statement(file: StatementFile, *, agency: Agency, cases: Cases, clock: Clock) -> ImportReport:
    """Idempotent per line: the same file, or the same line in another file, posts nothing twice."""
    report = ImportReport(held=_why_held(file, agency))
    if report.held:
        return report
    for statement in file.statements:
        for entry in statement.entries:
            if entry.is_postable:
                for line in _lines(entry):
                    with_fresh_read(partial(_post, line, report, cases, clock))
    return report


def _why_held(file: StatementFile, agency: Agency) -> str:
    if file.format != "camt053":
        return (
            f"{file.format} reports are not posted: the same money comes again in the statement (camt.053)"
        )
    if file.is_held:
        return "; ".join(f"{problem.where}: {problem.message}" for problem in file.problems[:5])
    strangers = {s.account for s in file.statements if s.account != agency.iban}
    return (
        f"account {', '.join(sorted(map(str, strangers)))} is not our collection account"
        if strangers
        else ""
    )


def _lines(entry: StatementEntry) -> list[BankLine]:
    on = entry.booked_on or entry.value_on
    if on is None:
        raise ValueError("a postable entry has a date; the reader holds files without")
    return [
        BankLine(
            item.key,
            on,
            entry.value_on or on,
            entry.amount if item.amount is None else item.amount,
            item,
            _owners(entry, item),
        )
        for item in entry.payments
    ]


def _owners(entry: StatementEntry, item: StatementTransaction) -> frozenset[str]:
    """A line that stands for several payments has an owner only where each of them names the same."""
    parts = (item,) if item in entry.transactions else entry.transactions or (item,)
    named = {
        frozenset(payment_reference.normalise(text) for text in part.references) - {""} for part in parts
    }
    return named.pop() if len(named) == 1 else frozenset()


def _post(line: BankLine, report: ImportReport, cases: Cases, clock: Clock) -> None:
    if not line.amount:
        # Banks book notices and charges of nothing; there is no money to find a place for.
        report.ignored += 1
        return
    guard = Guard(SEEN_BANK, line.key, f"{line.booked_on.isoformat()}|{line.amount.minor}")
    if cases.guard(SEEN_BANK, line.key) is not None:
        report.repeated += 1
        return
    case_id = _case_of(line, cases)
    try:
        if case_id is not None and _is_recorded(line, case_id, guard, cases, clock):
            report.matched += 1
        elif change := _known_transfer(line, guard, cases, clock):
            cases.commit(change)
            report.transfers += 1
        else:
            cases.commit(_into_suspense(line, guard, cases, clock))
            report.suspense += 1
    except AlreadyStored:
        report.repeated += 1


def _is_recorded(line: BankLine, case_id: CaseId, guard: Guard, cases: Cases, clock: Clock) -> bool:
    """False where the law of that day is unknown: such money waits in suspense, and blocks no other."""
    try:
        record_payment(
            _payment(line), case_id=case_id, into=accounts.BANK, guard=guard, cases=cases, clock=clock
        )
    except LawMissing:
        return False
    return True


def _case_of(line: BankLine, cases: Cases) -> CaseId | None:
    """By reference only, and only where every reference of the line names the same case."""
    if line.amount.minor <= 0:
        return None
    named = {cases.by_payment_reference(text) for text in line.owners}
    return named.pop() if len(named) == 1 else None


def _known_transfer(line: BankLine, guard: Guard, cases: Cases, clock: Clock) -> Change | None:
    """Our own remittance leaving, or the provider's payout arriving: by end-to-end id and sum."""
    end_to_end = line.found.end_to_end_id
    if not end_to_end:
        return None
    if line.amount.minor < 0:
        is_ours = cases.guard("REMITTANCE", end_to_end) == str(-line.amount.minor)
        return _transfer(line, accounts.IN_TRANSIT, (guard,), clock) if is_ours else None
    payout = expected(end_to_end, cases)
    if payout is None or payout.minor != line.amount.minor:
        return None
    return _transfer(line, accounts.psp(payout.provider), (guard, payout.booked), clock)


def _payment(line: BankLine) -> Payment:
    return Payment(
        payment_id=PaymentId(derived("pay", "bank", line.key)),
        source=BANK_SOURCE,
        source_id=line.key,
        value_on=line.value_on,
        amount=line.amount,
        reference=line.found.reference or "",
        payer=line.found.counterparty or "",
        text=line.found.text or "",
    )


def _transfer(line: BankLine, counterpart: str, guards: Sequence[Guard], clock: Clock) -> Change:
    """Money of our own that moves between our accounts."""
    return Change(entries=(_entry(line, counterpart, "bank_transfer", clock),), guards=guards)


def _entry(line: BankLine, counterpart: str, kind: str, clock: Clock) -> Entry:
    return transfer(
        Occasion(EventId(derived("evt", "bank", line.key)), clock.now()),
        kind=kind,
        lines=(Line(accounts.BANK, line.amount), Line(counterpart, -line.amount)),
        value_on=line.value_on,
        source=line.key,
        label=line.found.end_to_end_id or "",
    )


def _into_suspense(line: BankLine, guard: Guard, cases: Cases, clock: Clock) -> Change:
    """Money that belongs to no case that we can name: people find its owner, or its payout's news."""
    now = clock.now()
    end_to_end = line.found.end_to_end_id or ""
    reason = "its reference could not be posted" if line.found.references else "no reference"
    waiting = UnallocatedPayment(_payment(line), now, reason, end_to_end if line.amount.minor > 0 else "")
    event = Event(
        event_id=EventId(derived("evt", "bank", line.key, "unallocated")),
        type="payment.unallocated",
        version=1,
        occurred_at=now,
        subject_kind="payment",
        subject_id=waiting.payment.payment_id,
        client_id="",
        data=(("amount_minor", str(line.amount.minor)),),
    )
    is_unannounced = bool(waiting.end_to_end_id) and cases.guard(PAYOUT, waiting.end_to_end_id) is None
    return Change(
        entries=(_entry(line, accounts.SUSPENSE, "suspense_received", clock),),
        guards=(guard,),
        unless=((PAYOUT, waiting.end_to_end_id),) if is_unannounced else (),
        suspense=(waiting,),
        events=(event,),
    )

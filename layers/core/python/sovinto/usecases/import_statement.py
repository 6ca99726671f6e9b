"""A bank file: every booked line finds its place in the books exactly once, or the file is held whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sovinto.domain import accounts
from sovinto.domain.agency import Agency
from sovinto.domain.event import Event
from sovinto.domain.ledger import Line
from sovinto.domain.money import Money
from sovinto.domain.payment import Payment, UnallocatedPayment
from sovinto.domain.posting import Occasion, transfer
from sovinto.errors import AlreadyStored, LawMissing
from sovinto.formats import payment_reference
from sovinto.formats.statement.model import StatementEntry, StatementFile, StatementTransaction
from sovinto.ids import CaseId, EventId, PaymentId, derived
from sovinto.ports import Cases, Change, Clock, Guard
from sovinto.usecases.record_payment import record_payment

SEEN_BANK = "SEEN#bank"


@dataclass(slots=True)
class ImportReport:
    """Counts of lines; `held` is the reason why nothing of the file was posted."""

    matched: int = 0
    repeated: int = 0
    suspense: int = 0
    transfers: int = 0
    held: str = ""


@dataclass(frozen=True, slots=True)
class BankLine:
    """One amount on the account with what identifies it."""

    key: str
    booked_on: date
    value_on: date
    amount: Money
    found: StatementTransaction


def import_statement(file: StatementFile, *, agency: Agency, cases: Cases, clock: Clock) -> ImportReport:
    """Idempotent per line: the same file, or the same line in another file, posts nothing twice."""
    report = ImportReport(held=_why_held(file, agency))
    if report.held:
        return report
    for statement in file.statements:
        for entry in statement.entries:
            if entry.is_postable:
                for line in _lines(entry):
                    _post(line, report, cases, clock)
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
        BankLine(item.key, on, entry.value_on or on, item.amount or entry.amount, item)
        for item in entry.payments
    ]


def _post(line: BankLine, report: ImportReport, cases: Cases, clock: Clock) -> None:
    guard = Guard(SEEN_BANK, line.key, f"{line.booked_on.isoformat()}|{line.amount.minor}")
    if cases.guard(SEEN_BANK, line.key) is not None:
        report.repeated += 1
        return
    case_id = _case_of(line, cases)
    try:
        if case_id is not None and _is_recorded(line, case_id, guard, cases, clock):
            report.matched += 1
        elif counterpart := _known_transfer(line, cases):
            cases.commit(_movement(line, counterpart, guard, clock))
            report.transfers += 1
        else:
            cases.commit(_movement(line, accounts.SUSPENSE, guard, clock))
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
    normalised = {payment_reference.normalise(text) for text in line.found.references} - {""}
    known = {found for text in normalised if (found := cases.by_payment_reference(text))}
    return known.pop() if len(known) == 1 else None


def _known_transfer(line: BankLine, cases: Cases) -> str | None:
    """Our own remittance leaving, or the provider's payout arriving: by end-to-end id and sum."""
    end_to_end = line.found.end_to_end_id
    if not end_to_end:
        return None
    if line.amount.minor < 0:
        expected = cases.guard("REMITTANCE", end_to_end)
        return accounts.IN_TRANSIT if expected == str(-line.amount.minor) else None
    payout = cases.guard("PAYOUT", end_to_end)
    if payout is None:
        return None
    provider, minor = payout.split("|")
    return accounts.psp(provider) if minor == str(line.amount.minor) else None


def _payment(line: BankLine) -> Payment:
    return Payment(
        payment_id=PaymentId(derived("pay", "bank", line.key)),
        source="bank",
        source_id=line.key,
        value_on=line.value_on,
        amount=line.amount,
        reference=line.found.reference or "",
        payer=line.found.counterparty or "",
        text=line.found.text or "",
    )


def _movement(line: BankLine, counterpart: str, guard: Guard, clock: Clock) -> Change:
    """A line that belongs to no case: a transfer of our own, or money that waits in suspense."""
    now = clock.now()
    occasion = Occasion(EventId(derived("evt", "bank", line.key)), now)
    is_suspense = counterpart == accounts.SUSPENSE
    entry = transfer(
        occasion,
        kind="suspense_received" if is_suspense else "bank_transfer",
        lines=(Line(accounts.BANK, line.amount), Line(counterpart, -line.amount)),
        value_on=line.value_on,
        source=line.key,
        label=line.found.end_to_end_id or "",
    )
    reason = "its reference could not be posted" if line.found.references else "no reference"
    waiting = UnallocatedPayment(_payment(line), now, reason)
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
    return Change(
        entries=(entry,),
        guards=(guard,),
        suspense=(waiting,) if is_suspense else (),
        events=(event,) if is_suspense else (),
    )

"""One amount in a bank file, with what identifies it and what every posting of it has in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sovinto.domain import accounts
from sovinto.domain.agency import Agency
from sovinto.domain.event import Event
from sovinto.domain.ledger import Entry, Line
from sovinto.domain.money import Money
from sovinto.domain.payment import BANK_SOURCE, Payment, UnallocatedPayment
from sovinto.domain.posting import Occasion, transfer
from sovinto.formats import payment_reference
from sovinto.formats.statement.model import StatementEntry, StatementTransaction
from sovinto.formats.statement.roles import Role
from sovinto.ids import EventId, PaymentId, derived
from sovinto.ports import Beside, Cases, Change, Clients, Clock, Guard, Orders, afterwards

SEEN_BANK = "SEEN#bank"


@dataclass(frozen=True, slots=True)
class Books:
    """Whom bank lines are for, and where they are posted.

    Without `orders` nothing that we paid out is known to come back, without `clients` no invoice of ours
    is known to be paid. `beside` reads ahead while lines are posted.
    """

    agency: Agency
    cases: Cases
    clock: Clock
    orders: Orders | None = None
    clients: Clients | None = None
    beside: Beside = afterwards

    @property
    def country(self) -> str:
        return self.agency.contact.address.country


@dataclass(frozen=True, slots=True)
class BankLine:
    """`account` is our IBAN, however the file writes it; `digest` that of the file.

    `owners` are the references that all of the money carries; empty where parts of it differ.
    `bank_reference` is the bank's name for this amount alone. `is_notice`: each line of such a file is a
    line of the statement too, so that what is not clear may wait for that. `batch`: what it is a part of,
    in a detail file. `count`: of how many payments the bank says that it is the sum; 0 where it does not.
    """

    key: str
    account: str
    role: Role
    digest: str
    booked_on: date
    value_on: date
    amount: Money
    found: StatementTransaction
    owners: frozenset[str]
    is_reversal: bool
    code: str
    bank_reference: str
    is_notice: bool
    batch: str = ""
    count: int = 0

    @property
    def names_payer(self) -> bool:
        """Sums of many payments have no reference, and nobody's name or account that they come from."""
        return bool(self.owners or self.found.counterparty_account or self.found.counterparty)

    @property
    def is_checked(self) -> bool:
        """The bank checked the one reference of all this money."""
        return self.found.is_checked and len(self.owners) == 1

    @property
    def ledger(self) -> str:
        """The account that such a line moves."""
        return accounts.DETAILS if self.role is Role.DETAILS else accounts.BANK

    @property
    def end_to_end_id(self) -> str:
        return self.found.end_to_end_id or ""

    @property
    def payout_names(self) -> tuple[str, ...]:
        """What a provider may have called its payout: Paytrail's has a reference, as payments have."""
        return tuple(dict.fromkeys(name for name in (self.end_to_end_id, *sorted(self.owners)) if name))

    @property
    def guard(self) -> Guard:
        """`digest` tells which file brought the line, should its import be interrupted."""
        return Guard(SEEN_BANK, self.key, f"{self.booked_on.isoformat()}|{self.amount.minor}|{self.digest}")

    @property
    def payment(self) -> Payment:
        return Payment(
            payment_id=PaymentId(derived("pay", "bank", self.key)),
            source=BANK_SOURCE,
            source_id=self.key,
            value_on=self.value_on,
            amount=self.amount,
            reference=self.found.reference or "",
            payer=self.found.counterparty or "",
            text=self.found.text or "",
            payer_iban=self.found.counterparty_account or "",
        )


def lines_of(
    entry: StatementEntry, account: str, role: Role, digest: str, *, is_notice: bool = False
) -> tuple[BankLine, ...]:
    """What to post of a booked entry. Raises ValueError for one without a day: readers hold such files."""
    on = entry.booked_on or entry.value_on
    if on is None:
        raise ValueError("a postable entry has a date; the reader holds files without")
    payments = entry.payments
    return tuple(
        BankLine(
            # A notice and a statement may give an entry one name; they tell of it in their own ways.
            key=item.key if role is Role.RECORD else derived("dtl", item.key),
            account=account,
            role=role,
            digest=digest,
            booked_on=on,
            value_on=entry.value_on or on,
            amount=entry.amount if item.amount is None else item.amount,
            found=item,
            owners=_owners(entry, item),
            is_reversal=entry.is_reversal or bool(item.return_reason),
            code=entry.code,
            bank_reference=_own_reference(entry, item, is_alone=len(payments) == 1),
            is_notice=is_notice,
            count=(entry.count or 0) if len(payments) == 1 else 0,
        )
        for item in payments
    )


def _own_reference(entry: StatementEntry, item: StatementTransaction, *, is_alone: bool) -> str:
    """Some banks give all parts of a sum the reference of the sum."""
    if is_alone:
        return item.bank_reference or entry.bank_reference or ""
    return "" if item.bank_reference == entry.bank_reference else item.bank_reference or ""


def _owners(entry: StatementEntry, item: StatementTransaction) -> frozenset[str]:
    """A line that stands for several payments has an owner only where each of them names the same."""
    parts = (item,) if item in entry.transactions else entry.transactions or (item,)
    named = {
        frozenset(payment_reference.normalise(text) for text in part.references) - {""} for part in parts
    }
    return named.pop() if len(named) == 1 else frozenset()


def entry_of(line: BankLine, counterpart: str, kind: str, clock: Clock) -> Entry:
    """The line against one account. An entry of no case."""
    return transfer(
        Occasion(EventId(derived("evt", "bank", line.key)), clock.now()),
        kind=kind,
        lines=(Line(line.ledger, line.amount), Line(counterpart, -line.amount)),
        value_on=line.value_on,
        source=line.key,
        label=line.end_to_end_id,
    )


def transferred(line: BankLine, counterpart: str, guards: Sequence[Guard], clock: Clock) -> Change:
    """Money of our own that moves between our accounts."""
    return Change(entries=(entry_of(line, counterpart, "bank_transfer", clock),), guards=tuple(guards))


def waits(
    line: BankLine, rows: Sequence[UnallocatedPayment], guards: Sequence[Guard], clock: Clock
) -> Change:
    """Into suspense, as one row or in parts. A debit that nobody knows waits there below zero."""
    now = clock.now()
    event = Event(
        event_id=EventId(derived("evt", "bank", line.key, "unallocated")),
        type="payment.unallocated",
        version=1,
        occurred_at=now,
        subject_kind="payment",
        subject_id=line.payment.payment_id,
        client_id="",
        data=(("amount_minor", str(line.amount.minor)),),
    )
    return Change(
        entries=(entry_of(line, accounts.SUSPENSE, "suspense_received", clock),),
        guards=tuple(guards),
        suspense=tuple(rows),
        events=(event,),
    )

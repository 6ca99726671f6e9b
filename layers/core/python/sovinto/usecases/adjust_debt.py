"""What the client tells of the debt: a credit note, or money that the debtor paid to it directly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sovinto.domain.case import Case, Claim, Closure
from sovinto.domain.claim_interest import principal_histories
from sovinto.domain.debt_lines import interest_day
from sovinto.domain.event import Event
from sovinto.domain.facts import Facts, Rules
from sovinto.domain.law.allocation import Allocation, allocate, order
from sovinto.domain.ledger import Entry, balance_of
from sovinto.domain.money import Money
from sovinto.domain.payment import CLIENT_SOURCE, Payment
from sovinto.domain.plan import KEPT
from sovinto.domain.posting import Occasion, credited, interest_to
from sovinto.domain.posting import direct_payment as direct_payment_entry
from sovinto.domain.repricing import fees_repriced
from sovinto.domain.settling import billed_on, letters_sent, surplus_given_back
from sovinto.errors import AlreadyStored, IdempotencyKeyReused, InvalidInput, RuleRefused
from sovinto.ids import CaseId, ClientId, PaymentId, derived
from sovinto.ports import Cases, Change, Clock, Guard
from sovinto.usecases.case_file import facts_of
from sovinto.usecases.hold_case import check_owner
from sovinto.usecases.retry import with_fresh_read
from sovinto.usecases.step_context import case_event

MAX_REFERENCE = 64


@dataclass(frozen=True, slots=True)
class Told:
    """What the client reported, and the guard by which it counts once."""

    amount: Money
    on: date
    reference: str
    guard: Guard


def credit_note(
    case_id: CaseId,
    *,
    client_id: ClientId,
    invoice_number: str,
    amount: Money,
    on: date,
    reference: str,
    cases: Cases,
    clock: Clock,
) -> Case:
    """One invoice is lower from `on` on: interest and the fees since then go by the lower principal.

    The same reference of a client counts once. Where nothing is left the case is closed. Raises
    NotFound, InvalidInput, RuleRefused for a closed case, IdempotencyKeyReused, LawMissing.
    """
    told = _told(case_id, client_id, "credit_note", amount, on, reference, invoice_number)

    def post(facts: Facts, rules: Rules, occasion: Occasion) -> tuple[Case, tuple[Entry, ...], Event]:
        claim = _claim(facts, invoice_number, amount)
        claims = tuple(
            replace(item, credited_minor=item.credited_minor + amount.minor) if item is claim else item
            for item in facts.case.claims
        )
        case, today = replace(facts.case, claims=claims), facts.today(rules)
        note = credited(case, claim, amount, occasion, on=on, source=reference)
        books = (*facts.entries, note)
        until = interest_day(case, today, rules.calendar)
        interest = interest_to(case, books, rules.pack, occasion, until=until)
        fees = fees_repriced(case, books, rules.pack, occasion, since=on, today=today)
        event = case_event(case, occasion, "claim.credited", amount_minor=str(amount.minor))
        return case, (note, *interest, *fees), event

    return _once(case_id, client_id, told, post, cases, clock)


def direct_payment(
    case_id: CaseId,
    *,
    client_id: ClientId,
    amount: Money,
    on: date,
    reference: str,
    cases: Cases,
    clock: Clock,
) -> Case:
    """The debtor paid the client on `on`: used up in the order of the law, and never on our account.

    The same reference of a client counts once. Where nothing is left the case is closed. Raises
    NotFound, InvalidInput above what is owed, RuleRefused for a closed case, IdempotencyKeyReused,
    LawMissing.
    """
    told = _told(case_id, client_id, "direct_payment", amount, on, reference)

    def post(facts: Facts, rules: Rules, occasion: Occasion) -> tuple[Case, tuple[Entry, ...], Event]:
        payment_id = PaymentId(derived("pay", client_id, reference))
        received = Payment(payment_id, CLIENT_SOURCE, reference, on, amount)
        interest, allocation = _allocated(received, facts, rules, occasion, cases)
        entry = direct_payment_entry(facts.case, received, allocation, occasion)
        parts = {f"{c.value}_minor": str(part.minor) for c, part in allocation.parts}
        event = case_event(facts.case, occasion, "payment.reported", payment_id=payment_id, **parts)
        return facts.case, (*interest, entry), event

    return _once(case_id, client_id, told, post, cases, clock)


Posting = Callable[[Facts, Rules, Occasion], tuple[Case, tuple[Entry, ...], Event]]


def _told(
    case_id: CaseId,
    client_id: ClientId,
    what: str,
    amount: Money,
    on: date,
    reference: str,
    *more: str,
) -> Told:
    """Raises InvalidInput."""
    if not reference.strip() or len(reference) > MAX_REFERENCE or not reference.isprintable():
        raise InvalidInput(
            f"reference must be 1 to {MAX_REFERENCE} printable characters; give the number of your record",
            field="reference",
        )
    if amount.minor <= 0:
        raise InvalidInput("amount must be above zero; leave out the sign", field="amount")
    same = derived("adj", what, case_id, str(amount.minor), amount.currency, on.isoformat(), *more)
    return Told(amount, on, reference, Guard(f"CLIENT#{client_id}", f"ADJUSTED#{reference}", same))


def _once(
    case_id: CaseId, client_id: ClientId, told: Told, post: Posting, cases: Cases, clock: Clock
) -> Case:
    try:
        return with_fresh_read(lambda: _adjust(case_id, client_id, told, post, cases, clock))
    except AlreadyStored:
        return _repeated(case_id, told, cases)


def _repeated(case_id: CaseId, told: Told, cases: Cases) -> Case:
    if cases.guard(told.guard.scope, told.guard.key) != told.guard.payload:
        raise IdempotencyKeyReused(
            f"reference {told.reference} came before with other contents; "
            "give every credit note and payment a reference of its own",
            field="reference",
        )
    return cases.load(case_id)


def _adjust(
    case_id: CaseId, client_id: ClientId, told: Told, post: Posting, cases: Cases, clock: Clock
) -> Case:
    facts, rules = facts_of(case_id, cases, clock.now())
    check_owner(facts.case, client_id)
    if cases.guard(told.guard.scope, told.guard.key) is not None:
        return _repeated(case_id, told, cases)
    _check(told, facts, rules)
    occasion = Occasion.of_case(facts.case, facts.now)
    case, entries, event = post(facts, rules, occasion)
    books = (*facts.entries, *entries)
    rest = balance_of(case_id, case.currency, books).total
    surplus = surplus_given_back(case, books, occasion, facts.today(rules))
    adjusted, events = _ended_where_paid(case, facts, rest, occasion, event)
    cases.commit(
        Change(
            case=adjusted,
            entries=(*entries, *surplus),
            events=events,
            guards=(told.guard,),
            wake_at=facts.now,
        )
    )
    return adjusted


def _check(told: Told, facts: Facts, rules: Rules) -> None:
    case, today = facts.case, facts.today(rules)
    if not case.is_open:
        raise RuleRefused("the case is closed; its debt is not adjusted any more")
    if told.amount.currency != case.currency:
        raise InvalidInput(f"amount must be in {case.currency}, as the case is; convert it", field="amount")
    if told.on > today:
        raise InvalidInput(f"on must not lie ahead; give {today.isoformat()} or an earlier day", field="on")


def _ended_where_paid(
    case: Case, facts: Facts, rest: Money, occasion: Occasion, event: Event
) -> tuple[Case, Sequence[Event]]:
    """With nothing left to ask for, no planned letter may leave: closed in the same transaction."""
    newer = replace(case, version=case.version + 1)
    if rest.minor > 0:
        return newer, (event,)
    plan = replace(case.plan, status=KEPT) if case.plan and case.plan.is_active else case.plan
    closed = replace(newer, closure=Closure.PAID, closed_at=facts.now, plan=plan)
    return closed, (event, case_event(case, occasion, "case.closed", reason=Closure.PAID.value))


def _claim(facts: Facts, invoice_number: str, amount: Money) -> Claim:
    """Raises InvalidInput for an invoice that is not in the case, or for more than is left of it."""
    for claim, history in principal_histories(facts.case, facts.entries):
        if claim.invoice_number == invoice_number:
            left = history[-1][1]
            if left < amount:
                raise InvalidInput(
                    f"amount must be at most {left.decimal()}, what is left of invoice {invoice_number}",
                    field="amount",
                )
            return claim
    raise InvalidInput(
        f"invoice_number {invoice_number} is not in this case; give one of its invoices",
        field="invoice_number",
    )


def _allocated(
    received: Payment, facts: Facts, rules: Rules, occasion: Occasion, cases: Cases
) -> tuple[tuple[Entry, ...], Allocation]:
    """Who paid what a letter asked, in its time, owes no cents of interest since. Raises InvalidInput."""
    accrued, allocation = _up_to(received.value_on, received, facts, rules, occasion)
    if allocation.over:
        owed = received.amount - allocation.over
        raise InvalidInput(
            f"amount must be at most {owed.decimal()}, what was owed on {received.value_on.isoformat()}; "
            "the rest is between you and the debtor",
            field="amount",
        )
    billed = billed_on(received, letters_sent(cases.communications(facts.case.case_id)))
    if billed is None:
        return accrued, allocation
    settled = _up_to(billed, received, facts, rules, occasion)
    return settled if not settled[1].over else (accrued, allocation)


def _up_to(
    on: date, received: Payment, facts: Facts, rules: Rules, occasion: Occasion
) -> tuple[tuple[Entry, ...], Allocation]:
    """Interest through that day, and what the money is used for."""
    case = facts.case
    until = interest_day(case, on, rules.calendar)
    accrued = interest_to(case, facts.entries, rules.pack, occasion, until=until)
    balance = balance_of(case.case_id, case.currency, (*facts.entries, *accrued))
    turn = order(rules.pack, case.debtor.debtor_type, received.value_on)
    return accrued, allocate(received.amount, balance, turn)

"""Money for a case: interest to the day, allocation by the law, the books, and the end when paid."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sovinto.domain import accounts
from sovinto.domain.case import Case, Closure
from sovinto.domain.claim_class import Balance, ClaimClass
from sovinto.domain.communication import Channel, Communication
from sovinto.domain.debt_lines import interest_day
from sovinto.domain.event import Event
from sovinto.domain.explanation import Explanation
from sovinto.domain.facts import Facts, Rules, paid
from sovinto.domain.law.allocation import Allocation, allocate, order, order_explained
from sovinto.domain.ledger import Entry, balance_of
from sovinto.domain.matching import with_owner
from sovinto.domain.money import Money, total
from sovinto.domain.payment import Payable, Payment
from sovinto.domain.posting import Occasion, interest_to
from sovinto.domain.posting import payment as payment_entry
from sovinto.domain.refund import Payer
from sovinto.domain.settling import billed_on, letters_sent, surplus_given_back
from sovinto.domain.standing_fees import fee_amount, reversal, standing_fees
from sovinto.errors import AlreadyStored
from sovinto.formats.account_number import is_iban
from sovinto.ids import CaseId
from sovinto.ports import CaseFile, Cases, Change, Clock, Guard
from sovinto.usecases.case_file import facts_of_file
from sovinto.usecases.match_payment import payment_clues
from sovinto.usecases.retry import with_fresh_read
from sovinto.usecases.step_context import case_event, communicate

# The debtor owes nothing more after these ends; an uncollectable debt may still be paid.
NOTHING_OWED = frozenset({Closure.PAID, Closure.DISPUTE_UPHELD, Closure.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of the payment; `is_repeat` when it was in the books already."""

    allocation: Allocation | None
    is_closed: bool
    is_repeat: bool


_NOTHING = Change()


def record_payment(
    received: Payment,
    *,
    case_id: CaseId,
    into: str,
    guard: Guard,
    cases: Cases,
    clock: Clock,
    beside: Change = _NOTHING,
    owner: Explanation | None = None,
    file: CaseFile | None = None,
) -> Recorded:
    """Posts once per guard, however often the money is announced.

    `beside`: money found, events, further guards and absent ones that belong to the same transaction.
    `owner`: the rule or the person that found the case, kept with the payment's entry. `file`: the
    case as a rule found it: where it moved since, StaleVersion is raised, as the rule must look again.
    Raises NotFound, LawMissing.
    """

    def over(read: CaseFile) -> Recorded:
        return _once(
            received,
            read,
            into=into,
            guard=guard,
            cases=cases,
            clock=clock,
            beside=beside,
            owner=owner,
        )

    try:
        return over(file) if file else with_fresh_read(lambda: over(cases.file(case_id)))
    except AlreadyStored:
        return Recorded(None, is_closed=not cases.load(case_id).is_open, is_repeat=True)


def _once(
    received: Payment,
    file: CaseFile,
    *,
    into: str,
    guard: Guard,
    cases: Cases,
    clock: Clock,
    beside: Change,
    owner: Explanation | None,
) -> Recorded:
    facts, rules = facts_of_file(file, cases, clock.now())
    case = facts.case
    occasion = Occasion.of_case(case, facts.now)
    accrued, allocation = allocated(received, facts, rules, occasion, lambda: file.communications)
    used = payment_entry(case, received, allocation, occasion, into=into)
    posted = (
        *accrued,
        replace(used, explanation=with_owner(_why(received, case, rules, allocation), owner)),
    )
    books = (*facts.entries, *posted)
    rest = balance_of(case.case_id, case.currency, books)
    is_paid = case.is_open and rest.total.minor <= 0
    if is_paid:
        posted = (*posted, *surplus_given_back(case, books, occasion, facts.today(rules)))
    messages, events = _tell(case, received, allocation, rest.total, occasion, is_paid=is_paid)
    cases.commit(
        Change(
            case=_settled(case, facts, is_paid=is_paid),
            entries=posted,
            guards=(guard, *beside.guards),
            payables=payables_of(case, received, allocation),
            payers=_payers(case, received, posted),
            communications=messages,
            events=(*events, *beside.events),
            found=beside.found,
            unless=beside.unless,
            clues=payment_clues(received, case),
            wake_at=facts.now if case.is_open else None,
        )
    )
    return Recorded(allocation, is_closed=is_paid, is_repeat=False)


def allocated(
    received: Payment,
    facts: Facts,
    rules: Rules,
    occasion: Occasion,
    said: Callable[[], Sequence[Communication]],
) -> tuple[tuple[Entry, ...], Allocation]:
    """Interest to post with the payment, fees it came before, and what the payment is used for.

    `said`: all that was sent in the case, looked at only where the money is less than the debt.
    Raises LawMissing.
    """
    case = facts.case
    if case.closure in NOTHING_OWED:
        return (), Allocation.nothing_owed(received.amount)
    spared, since = _since(received, facts)
    accrued, balance = _owed(received.value_on, facts, rules, occasion)
    if received.amount < min(balance.total, balance.total + since):
        billed = billed_on(received, letters_sent(said()))
        if billed is not None:
            accrued, balance = _owed(billed, facts, rules, occasion)
    if spared and received.amount >= balance.total + since:
        today = facts.today(rules)
        accrued = (*accrued, *(reversal(case, fee, occasion, today) for fee in spared))
        balance = balance_of(case.case_id, case.currency, (*facts.entries, *accrued))
    return accrued, _allocate(received.amount, balance, case, rules, received)


def _since(received: Payment, facts: Facts) -> tuple[tuple[Entry, ...], Money]:
    """Fees of letters that nobody would have sent, had all been paid on the day the money counts from;
    and how much more was owed on that day for the payments and fees since."""
    case, later = facts.case, [e for e in facts.entries if e.value_on > received.value_on]
    spared = tuple(fee for fee in standing_fees(facts.entries) if fee in later)
    fees = total((fee_amount(case, fee) for fee in spared), case.currency)
    return spared, paid(case.currency, later) - fees


def _owed(on: date, facts: Facts, rules: Rules, occasion: Occasion) -> tuple[tuple[Entry, ...], Balance]:
    accrued = _interest(facts, rules, on, occasion)
    return accrued, balance_of(facts.case.case_id, facts.case.currency, (*facts.entries, *accrued))


def _interest(facts: Facts, rules: Rules, on: date, occasion: Occasion) -> tuple[Entry, ...]:
    """Up to the day the money counts from, also when that takes back interest posted since."""
    until = interest_day(facts.case, on, rules.calendar)
    return interest_to(facts.case, facts.entries, rules.pack, occasion, until=until)


def _why(received: Payment, case: Case, rules: Rules, allocation: Allocation) -> Explanation | None:
    """By which rule it was used up, and from which line of the bank it came."""
    if not allocation.parts:
        return None
    return order_explained(
        rules.pack,
        debtor_type=case.debtor.debtor_type,
        on=received.value_on,
        source_id=received.source_id,
    )


def _allocate(amount: Money, balance: Balance, case: Case, rules: Rules, received: Payment) -> Allocation:
    return allocate(amount, balance, order(rules.pack, case.debtor.debtor_type, received.value_on))


def _settled(case: Case, facts: Facts, *, is_paid: bool) -> Case:
    """A promise stays as it is: a rest was promised for that day too, and so it is where the money
    goes back."""
    newer = replace(case, version=case.version + 1)
    if not is_paid:
        return newer
    plan = replace(case.plan, status="kept") if case.plan and case.plan.is_active else case.plan
    return replace(newer, closure=Closure.PAID, closed_at=facts.now, plan=plan)


def payables_of(case: Case, received: Payment, allocation: Allocation) -> tuple[Payable, ...]:
    """What is owed to the client; collection fees paid by the debtor are ours to retain by contract."""
    if not allocation.parts:
        return ()
    collected = total((amount for _, amount in allocation.parts), case.currency)
    fees = [amount for claim_class, amount in allocation.parts if claim_class is ClaimClass.FEE]
    payable = Payable(
        client_id=case.client_id,
        case_id=case.case_id,
        client_reference=case.client_reference,
        payment_id=received.payment_id,
        received_on=received.value_on,
        collected=collected,
        retained=total(fees, case.currency),
        source=received.source,
        again_of=received.again_of,
    )
    return (payable,)


def _payers(case: Case, received: Payment, posted: Sequence[Entry]) -> tuple[Payer, ...]:
    """Whom a surplus goes back to, where the bank line says from which account it came."""
    account = accounts.refunds(case.case_id)
    is_owed_back = any(line.account == account for entry in posted for line in entry.lines)
    if not is_owed_back or not is_iban(received.payer_iban):
        return ()
    return (Payer(case.case_id, received.payment_id, received.payer, received.payer_iban),)


def allocated_event(case: Case, received: Payment, allocation: Allocation, occasion: Occasion) -> Event:
    """What the payment was used for, in minor units by class; `over` is below zero where a surplus of
    before is used, and the sum is the money that came."""
    parts = {f"{c.value}_minor": str(amount.minor) for c, amount in allocation.parts}
    return case_event(
        case,
        occasion,
        "payment.allocated",
        payment_id=received.payment_id,
        over_minor=str(allocation.over.minor),
        **parts,
    )


def _tell(
    case: Case,
    received: Payment,
    allocation: Allocation,
    rest: Money,
    occasion: Occasion,
    *,
    is_paid: bool,
) -> tuple[tuple[Communication, ...], tuple[Event, ...]]:
    """The event for everybody who follows the case, and thanks to the debtor."""
    events = [allocated_event(case, received, allocation, occasion)]
    if is_paid:
        events.append(case_event(case, occasion, "case.closed", reason=Closure.PAID.value))
    if not case.debtor.email or not case.is_open:
        return (), tuple(events)
    item, planned = communicate(
        case,
        occasion,
        channel=Channel.EMAIL,
        template="payment_received",
        facts=(
            ("amount", f"{received.amount.decimal()} {case.currency}"),
            ("balance", f"{Money(max(rest.minor, 0), case.currency).decimal()} {case.currency}"),
            ("received_on", received.value_on.isoformat()),
        ),
    )
    return (item,), (*events, planned)

"""Money that went back: out of the books as it came in, and a case that it had paid goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sovinto.domain.case import Case
from sovinto.domain.communication import Channel, Communication
from sovinto.domain.debt_lines import interest_day
from sovinto.domain.event import Event
from sovinto.domain.facts import Facts, Rules
from sovinto.domain.ledger import Entry, balance_of
from sovinto.domain.money import Money
from sovinto.domain.posting import Occasion, interest_to
from sovinto.domain.reversal import (
    Reason,
    Undone,
    allocated_entry,
    asked_again,
    is_paid,
    reopened,
    reversing,
    surplus_kept,
    undone,
    without,
)
from sovinto.domain.settling import surplus_given_back
from sovinto.errors import AlreadyStored, InvalidInput, NotFound
from sovinto.ids import CaseId, PaymentId
from sovinto.ports import Cases, Change, Clock, Guard
from sovinto.usecases.case_file import facts_of
from sovinto.usecases.retry import with_fresh_read
from sovinto.usecases.step_context import case_event, communicate


@dataclass(frozen=True, slots=True)
class Reversed:
    """What became of it; `is_repeat` when it was in the books already (`amount` is None then)."""

    amount: Money | None
    is_reopened: bool
    is_repeat: bool


@dataclass(frozen=True, slots=True)
class _Told:
    payment_id: PaymentId
    amount: Money | None
    on: date
    reason: Reason


def reverse_payment(
    payment_id: PaymentId,
    case_id: CaseId,
    *,
    amount: Money | None,
    on: date,
    reason: str,
    guard: Guard,
    cases: Cases,
    clock: Clock,
) -> Reversed:
    """Takes back `amount` of a payment (None: all that is left of it), once per guard.

    The debt stands as if that money had never come; a case that is paid no more is open again where it
    was. Any other closed case stays closed. Raises NotFound for a payment that is not in the case's
    books, InvalidInput for an amount above what is left of it, LawMissing.
    """
    told = _Told(payment_id, amount, on, _reason(reason))
    try:
        return with_fresh_read(lambda: _once(told, case_id, guard, cases, clock))
    except AlreadyStored:
        return Reversed(None, is_reopened=False, is_repeat=True)


def _reason(text: str) -> Reason:
    try:
        return Reason(text)
    except ValueError as error:
        raise InvalidInput(f"reason must be one of {', '.join(Reason)}", field="reason") from error


def _once(told: _Told, case_id: CaseId, guard: Guard, cases: Cases, clock: Clock) -> Reversed:
    if cases.guard(guard.scope, guard.key) is not None:
        raise AlreadyStored("this money went back before")
    facts, rules = facts_of(case_id, cases, clock.now())
    entry = allocated_entry(facts.entries, told.payment_id)
    if entry is None:
        raise NotFound(f"payment {told.payment_id} is not in the books of case {case_id}")
    occasion = Occasion.of_case(facts.case, facts.now)
    what = undone(facts.case, entry, facts.entries, told.amount)
    case, posted = _posted(entry, what, facts, rules, occasion)
    is_reopened = case.is_open and not facts.case.is_open
    payable = cases.payable(case.client_id, case_id, told.payment_id) if what.parts else None
    # Less where it was not paid on yet; else a claw-back that the next remittance nets.
    less = () if payable is None else (without(payable, what, occasion.event_id),)
    is_clawed_back = payable is not None and payable.is_remitted
    messages, planned = _tell(case, told, what, (*facts.entries, *posted), occasion)
    cases.commit(
        Change(
            case=replace(case, version=case.version + 1),
            entries=posted,
            guards=(guard,),
            payables=less if is_clawed_back else (),
            reduced=() if is_clawed_back else less,
            communications=messages,
            events=(_event(case, told, what, occasion, is_reopened=is_reopened), *planned),
            wake_at=facts.now if case.is_open else None,
        )
    )
    return Reversed(what.amount, is_reopened=is_reopened, is_repeat=False)


def _posted(
    entry: Entry, what: Undone, facts: Facts, rules: Rules, occasion: Occasion
) -> tuple[Case, tuple[Entry, ...]]:
    """The case after it, and the entries. What had only waited to be refunded changes no debt."""
    case, today = facts.case, facts.today(rules)
    reversal = reversing(case, entry, what, occasion)
    if not what.parts or not (case.is_open or is_paid(case)):
        return case, (reversal,)
    if case.is_open:
        return case, (reversal, *_interest(case, (*facts.entries, reversal), rules, occasion, today))
    undoing = (reversal, *surplus_kept(facts.entries, occasion))
    books = (*facts.entries, *undoing)
    if balance_of(case.case_id, case.currency, books).total.minor <= 0:
        return case, (*undoing, *surplus_given_back(case, books, occasion, today))
    undoing = (*undoing, *asked_again(case, entry, facts.entries, occasion))
    open_again = reopened(case)
    interest = _interest(open_again, (*facts.entries, *undoing), rules, occasion, today)
    return open_again, (*undoing, *interest)


def _interest(
    case: Case, entries: Sequence[Entry], rules: Rules, occasion: Occasion, today: date
) -> tuple[Entry, ...]:
    """Also for the days on which that money had stopped it."""
    until = interest_day(case, today, rules.calendar)
    return interest_to(case, entries, rules.pack, occasion, until=until)


def _event(case: Case, told: _Told, what: Undone, occasion: Occasion, *, is_reopened: bool) -> Event:
    parts: dict[str, int] = {}
    for claim_class, amount in what.parts:
        name = f"{claim_class.value}_minor"
        parts[name] = parts.get(name, 0) + amount.minor
    outcome = "reopened" if is_reopened else "open" if case.is_open else "stays_closed"
    return case_event(
        case,
        occasion,
        "payment.reversed",
        payment_id=told.payment_id,
        reason=told.reason.value,
        outcome=outcome,
        amount_minor=str(what.amount.minor),
        over_minor=str(what.over.minor),
        **{name: str(minor) for name, minor in parts.items()},
    )


def _tell(
    case: Case, told: _Told, what: Undone, books: Sequence[Entry], occasion: Occasion
) -> tuple[tuple[Communication, ...], tuple[Event, ...]]:
    """The debtor hears what is open again before anything else is asked."""
    if not case.debtor.email or not case.is_open:
        return (), ()
    rest = balance_of(case.case_id, case.currency, books).total
    item, planned = communicate(
        case,
        occasion,
        channel=Channel.EMAIL,
        template="payment_reversed",
        facts=(
            ("amount", f"{what.amount.decimal()} {case.currency}"),
            ("balance", f"{Money(max(rest.minor, 0), case.currency).decimal()} {case.currency}"),
            ("reversed_on", told.on.isoformat()),
        ),
    )
    return (item,), (planned,)

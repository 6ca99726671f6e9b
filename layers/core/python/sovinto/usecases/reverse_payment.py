"""Money that went back: out of the books as it came in, and a case that it had paid goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sovinto.domain.case import Case
from sovinto.domain.communication import Communication
from sovinto.domain.debt_lines import interest_day
from sovinto.domain.event import Event
from sovinto.domain.facts import Facts, Rules
from sovinto.domain.fairness import letter_channel
from sovinto.domain.ledger import Entry, balance_of
from sovinto.domain.money import Money
from sovinto.domain.payment import Payable
from sovinto.domain.posting import Occasion, interest_to
from sovinto.domain.reopening import asked_again, reopened, surplus_kept, with_grace
from sovinto.domain.reversal import (
    Reason,
    Undone,
    allocated_entry,
    is_paid,
    reversing,
    short_of_refund,
    undone,
    without,
)
from sovinto.domain.settling import surplus_given_back
from sovinto.domain.waiting_surplus import Piece, pieces
from sovinto.errors import AlreadyStored, InvalidInput, NotFound
from sovinto.ids import CaseId, PaymentId
from sovinto.ports import Cases, Change, Clock, Guard
from sovinto.usecases.case_file import facts_of
from sovinto.usecases.refund_short import short_row
from sovinto.usecases.retry import with_fresh_read
from sovinto.usecases.step_context import case_event, communicate
from sovinto.usecases.use_surplus import Used, use_surplus


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
    out_of: str
    beside: Change


_NOTHING = Change()


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
    out_of: str = "",
    beside: Change = _NOTHING,
) -> Reversed:
    """Takes back `amount` of a payment (None: all that is left of it), once per guard.

    It leaves the account it came to, or `out_of`. `beside`: further guards of the same transaction.

    The debt stands as if that money had never come; what other payments left over pays it first. A case
    that is paid no more is open again where it was. Any other closed case stays closed. Raises NotFound
    for a payment that is not in the case's books, InvalidInput for an amount above what is left of it,
    LawMissing.
    """
    told = _Told(payment_id, amount, on, _reason(reason), out_of, beside)
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
    parts = pieces(facts.case, entry, facts.entries, what)
    case, used = _posted(parts, facts, rules, cases, occasion, told.out_of)
    short = short_of_refund(case, (*facts.entries, *used.entries), occasion, told.on)
    posted = (*used.entries, *short)
    is_reopened = case.is_open and not facts.case.is_open
    less, clawed_back = _payables(parts, case, cases, occasion)
    messages, planned = _tell(case, told, what, occasion)
    event = _event(case, told, what, parts, occasion, is_reopened=is_reopened)
    cases.commit(
        Change(
            case=replace(case, version=case.version + 1),
            entries=posted,
            guards=(guard, *told.beside.guards),
            unless=told.beside.unless,
            payables=(*clawed_back, *used.payables),
            reduced=less,
            communications=messages,
            suspense=[short_row(item) for item in short],
            found=told.beside.found,
            events=(event, *used.events, *planned, *told.beside.events),
            wake_at=facts.now if case.is_open else None,
        )
    )
    return Reversed(what.amount, is_reopened=is_reopened, is_repeat=False)


def _payables(
    parts: Sequence[Piece], case: Case, cases: Cases, occasion: Occasion
) -> tuple[tuple[Payable, ...], tuple[Payable, ...]]:
    """Less where it was not paid on yet; else a claw-back that the next remittance nets."""
    less: list[Payable] = []
    clawed_back: list[Payable] = []
    for piece in parts:
        payment_id = PaymentId(piece.entry.source)
        payable = cases.payable(case.client_id, case.case_id, payment_id) if piece.what.parts else None
        if payable is not None:
            found = clawed_back if payable.is_remitted else less
            found.append(without(payable, piece.what, occasion.event_id))
    return tuple(less), tuple(clawed_back)


def _posted(
    parts: Sequence[Piece], facts: Facts, rules: Rules, cases: Cases, occasion: Occasion, out_of: str
) -> tuple[Case, Used]:
    """The case after it, and what is stored. What had only waited to be refunded changes no debt."""
    case, today = facts.case, facts.today(rules)
    undoing = tuple(
        # Only the payment that went back can have left another account than it came to.
        reversing(case, piece.entry, piece.what, occasion, out_of if number == 0 else "")
        for number, piece in enumerate(parts)
    )
    if not any(piece.what.parts for piece in parts) or not (case.is_open or is_paid(case)):
        return case, Used(undoing)
    if case.is_open:
        agreed_at = case.plan.agreed_at if case.plan else None
        counted = agreed_at is not None and any(p.entry.posted_at > agreed_at for p in parts)
        undoing = (*undoing, *_interest(case, (*facts.entries, *undoing), rules, occasion, today))
        return with_grace(case, today) if counted else case, Used(undoing)
    undoing = (*undoing, *surplus_kept(facts.entries, occasion))
    books = (*facts.entries, *undoing)
    if balance_of(case.case_id, case.currency, books).total.minor <= 0:
        return case, Used((*undoing, *surplus_given_back(case, books, occasion, today)))
    for piece in parts:
        undoing = (*undoing, *asked_again(case, piece.entry, facts.entries, occasion))
    return _owed_again(undoing, facts, rules, cases, occasion)


def _owed_again(
    undoing: Sequence[Entry], facts: Facts, rules: Rules, cases: Cases, occasion: Occasion
) -> tuple[Case, Used]:
    """Other money of the debtor that waited to be refunded pays first; only for a rest is it open again."""
    case, today = facts.case, facts.today(rules)
    open_again = reopened(case, rules, facts.now)
    used = use_surplus(open_again, (*facts.entries, *undoing), facts, rules, cases, occasion)
    posted = (*undoing, *used.entries)
    books = (*facts.entries, *posted)
    if balance_of(case.case_id, case.currency, books).total.minor <= 0:
        return case, replace(used, entries=(*posted, *surplus_given_back(case, books, occasion, today)))
    interest = _interest(open_again, books, rules, occasion, today)
    return open_again, replace(used, entries=(*posted, *interest))


def _interest(
    case: Case, entries: Sequence[Entry], rules: Rules, occasion: Occasion, today: date
) -> tuple[Entry, ...]:
    """Also for the days on which that money had stopped it."""
    until = interest_day(case, today, rules.calendar)
    return interest_to(case, entries, rules.pack, occasion, until=until)


def _event(
    case: Case,
    told: _Told,
    what: Undone,
    parts: Sequence[Piece],
    occasion: Occasion,
    *,
    is_reopened: bool,
) -> Event:
    """What goes back by class, whatever it was that the surplus had been used for."""
    classes: dict[str, int] = {}
    for claim_class, amount in (part for piece in parts for part in piece.what.parts):
        name = f"{claim_class.value}_minor"
        classes[name] = classes.get(name, 0) + amount.minor
    outcome = "reopened" if is_reopened else "open" if case.is_open else "stays_closed"
    return case_event(
        case,
        occasion,
        "payment.reversed",
        payment_id=told.payment_id,
        reason=told.reason.value,
        outcome=outcome,
        amount_minor=str(what.amount.minor),
        over_minor=str(what.amount.minor - sum(classes.values())),
        **{name: str(minor) for name, minor in classes.items()},
    )


def _tell(
    case: Case, told: _Told, what: Undone, occasion: Occasion
) -> tuple[tuple[Communication, ...], tuple[Event, ...]]:
    """The debtor hears what is open again before anything else is asked: by e-mail, else by post.

    What is owed it says when it leaves; where the case stands still then, it asks for nothing.
    """
    channel = letter_channel(case)
    if channel is None or not case.is_open:
        return (), ()
    item, planned = communicate(
        case,
        occasion,
        channel=channel,
        template="payment_reversed",
        facts=(
            ("amount", f"{what.amount.decimal()} {case.currency}"),
            ("reversed_on", told.on.isoformat()),
        ),
    )
    return (item,), (planned,)

"""Money that only waited to be refunded pays the debt that is owed again, before anybody is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sovinto.domain import accounts
from sovinto.domain.case import Case
from sovinto.domain.event import Event
from sovinto.domain.facts import Facts, Rules
from sovinto.domain.law.allocation import Allocation
from sovinto.domain.ledger import Entry
from sovinto.domain.money import Money
from sovinto.domain.payment import Payable, Payment
from sovinto.domain.posting import Occasion
from sovinto.domain.posting import payment as payment_entry
from sovinto.domain.waiting_surplus import surplus_payments
from sovinto.ids import EventId, derived
from sovinto.ports import Cases
from sovinto.usecases.record_payment import allocated, allocated_event, payables_of


@dataclass(frozen=True, slots=True)
class Used:
    """What is stored beside the reversal."""

    entries: tuple[Entry, ...] = ()
    payables: tuple[Payable, ...] = ()
    events: tuple[Event, ...] = ()


def use_surplus(
    case: Case, books: Sequence[Entry], facts: Facts, rules: Rules, cases: Cases, occasion: Occasion
) -> Used:
    """For `case` as open again with `books`: each surplus is allocated as a payment of its day.

    No more is taken than is owed; the rest still waits. Raises LawMissing.
    """
    used = Used()
    for waiting in tuple(surplus_payments(case, books)):
        own = Occasion(EventId(derived("evt", occasion.event_id, waiting.payment_id)), occasion.at)
        seen = replace(facts, case=case, entries=(*books, *used.entries))
        accrued, found = allocated(waiting, seen, rules, own, lambda: cases.communications(case.case_id))
        if not found.parts:
            continue
        taken = replace(waiting, amount=waiting.amount - found.over)
        part = replace(found, over=Money.zero(case.currency))
        entry = payment_entry(case, taken, part, own, into=accounts.refunds(case.case_id))
        used = Used(
            (*used.entries, *accrued, entry),
            (*used.payables, *payables_of(case, taken, part)),
            (*used.events, allocated_event(case, taken, _told(found, taken), own)),
        )
    return used


def _told(found: Allocation, taken: Payment) -> Allocation:
    """The money was announced as surplus when it came: it leaves `over`, so that who adds events up counts
    it once."""
    return replace(found, over=-taken.amount)

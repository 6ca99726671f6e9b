"""What clients paid us lies on the account of other people's money: by rhythm it is ordered to our own."""

from __future__ import annotations

from datetime import date

from sovinto.countries import load_calendar
from sovinto.domain import accounts
from sovinto.domain.agency import Agency
from sovinto.domain.ledger import Line
from sovinto.domain.money import Money
from sovinto.domain.order import SYSTEM, OrderKind, OrderState, PaymentOrder
from sovinto.domain.posting import Occasion, transfer
from sovinto.errors import AlreadyStored, StaleVersion
from sovinto.formats.account_number import checked_bic, checked_iban
from sovinto.formats.pain001_checks import CURRENCIES, home_of
from sovinto.ids import EventId, derived
from sovinto.ports import Book, Cases, Change, Clock, Guard
from sovinto.usecases.guard_series import length_of
from sovinto.usecases.order_payment import execution_day, ordered, payable_by_file
from sovinto.usecases.ours_free import ours_now
from sovinto.usecases.seal_days import BEGINNING
from sovinto.usecases.tries import is_stopped, tries_of_own

SWEPT = "SWEPT"
_GIVEN_BACK = (OrderState.REJECTED, OrderState.WITHDRAWN)


def sweep_own(
    *, agency: Agency, book: Book, cases: Cases, clock: Clock, beginning: date = BEGINNING
) -> tuple[PaymentOrder, ...]:
    """Orders for all of `bank:ours_due`, one for each currency that our own account takes; none without
    an account.

    The amount is the fold of the ledger: what was ours when the last day (UTC) ended, less all that was
    moved since, and no more than the account holds beside what is owed to others (`ours_free`). Never more
    than one at a time, and never two of one day. Raises LawMissing, InvalidInput for an account that the
    bank would refuse.
    """
    if not agency.own_iban:
        return ()
    ours = ours_now(book=book, cases=cases, clock=clock, beginning=beginning)
    made: list[PaymentOrder] = []
    for currency in sorted(ours.due):
        minor = ours.to_move(currency)
        is_taken = agency.own_iban[:2] == (home_of(currency) or agency.own_iban[:2])
        if minor <= 0 or not is_taken or is_stopped(tries_of_own(agency.own_iban, currency), cases):
            continue
        if _is_due(currency, ours.counted_to, agency, cases, clock):
            made += _order(Money(minor, currency), agency, cases, clock)
    return tuple(made)


def is_own_stopped(agency: Agency, cases: Cases) -> bool:
    """What was moved there, in any currency, came back so often that people have to look."""
    return bool(stopped_own(agency, cases))


def stopped_own(agency: Agency, cases: Cases) -> tuple[str, ...]:
    """The series of those currencies."""
    named = (tries_of_own(agency.own_iban, currency) for currency in CURRENCIES) if agency.own_iban else ()
    return tuple(name for name in named if is_stopped(name, cases))


def _last(currency: str, cases: Cases) -> PaymentOrder | None:
    place = length_of(SWEPT, currency, cases)
    order_id = cases.guard(SWEPT, f"{currency}#{place - 1}") if place else None
    return cases.order(order_id) if order_id else None


def _is_due(currency: str, counted_to: date, agency: Agency, cases: Cases, clock: Clock) -> bool:
    """Daily: each banking day; else the month's first one, or the first on which a run came."""
    calendar = load_calendar(agency.contact.address.country)
    today = calendar.local_date(clock.now())
    last = _last(currency, cases)
    if not calendar.is_banking_day(today):
        return False
    if last is None:
        return True
    # The index of the book may lag: what was ordered on a day that is not counted yet may be missing in it.
    if not last.is_final or last.proposed_at.date() > counted_to:
        return False
    before = calendar.local_date(last.proposed_at)
    is_new_month = (before.year, before.month) != (today.year, today.month)
    return agency.own_rhythm == "daily" or last.state in _GIVEN_BACK or is_new_month


def _order(amount: Money, agency: Agency, cases: Cases, clock: Clock) -> tuple[PaymentOrder, ...]:
    place, now = length_of(SWEPT, amount.currency, cases), clock.now()
    order_id = derived("own", amount.currency, str(place)).replace("_", "-")
    on = execution_day(agency, now)
    entry = transfer(
        Occasion(EventId(derived("evt", order_id)), now),
        kind="own_ordered",
        lines=(
            Line(accounts.OURS_DUE, amount),
            Line(accounts.IN_TRANSIT, -amount),
            Line(accounts.OWN_ACCOUNT, amount),
            Line(accounts.OWN_FROM_COLLECTION, -amount),
        ),
        value_on=on,
        source=order_id,
        label=order_id,
    )
    order = PaymentOrder(
        order_id=order_id,
        kind=OrderKind.OWN,
        payee=agency.contact.name,
        iban=checked_iban(agency.own_iban, field="own_iban"),
        bic=checked_bic(agency.own_bic, field="own_bic"),
        amount=amount,
        source=accounts.OURS_DUE,
        text="Paid invoices of ours",
        entry_id=entry.entry_id,
        proposed_by=SYSTEM,
        proposed_at=now,
        execution_on=on,
    )
    payable_by_file(order, agency)
    swept = Guard(SWEPT, f"{amount.currency}#{place}", order_id, clash=StaleVersion)
    try:
        cases.commit(Change(entries=(entry,), guards=(swept, ordered(order)), orders=(order,)))
    except (AlreadyStored, StaleVersion):
        # A twin run ordered it.
        return ()
    return (order,)

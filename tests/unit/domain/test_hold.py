"""Holds in any order: only the days they cover count, for interest and for what fell due meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sovinto.countries import load_pack
from sovinto.domain import posting
from sovinto.domain.agreement import Promise
from sovinto.domain.case import Case
from sovinto.domain.claim_interest import claim_interest, principal_histories
from sovinto.domain.hold import Hold, HoldReason
from sovinto.domain.law.interest import accrue
from sovinto.domain.ledger import Entry, balance_of
from sovinto.domain.money import Money
from sovinto.domain.plan import Instalment, Plan
from sovinto.domain.standstill import without_holds

from tests.support.books import check_books
from tests.support.facts import case_of, claim, eur, occasion, placed, rules_of

DAY = timedelta(days=1)
DUE = date(2025, 11, 1)
TODAY = DUE + 200 * DAY
PLACED = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)

Span = tuple[int, int, int | None]
spans = st.lists(
    st.tuples(st.integers(-20, 180), st.integers(0, 90), st.none() | st.integers(-10, 90)),
    max_size=6,
)


def hold_of(span: Span, number: int = 0) -> Hold:
    """From a day, so many days more; released so many days after it began, or never."""
    start, length, released = span
    from_on = DUE + start * DAY
    made = Hold(
        f"hld_{number}", HoldReason.MORATORIUM, from_on, from_on + length * DAY, PLACED, "col_1", True
    )
    return made if released is None else made.released(from_on + released * DAY, PLACED, "col_1")


def day_by_day(case: Case, minor: int) -> int:
    """Each unpaused stretch of days on its own, as a letter would itemise it."""
    pack = load_pack("FI")
    paused = [any(hold.covers(DUE + n * DAY) for hold in case.holds) for n in range(1, 201)]
    history: list[tuple[date, Money]] = []
    for number, is_paused in enumerate(paused, start=1):
        owed = eur(0 if is_paused else minor)
        if not history or history[-1][1] != owed:
            history.append((DUE + number * DAY, owed))
    result = accrue(
        pack,
        debtor_type=case.debtor.debtor_type,
        due_on=DUE,
        principal_history=history,
        until=TODAY,
    )
    return result.total.minor


@given(st.integers(1, 500_000), spans, st.randoms(use_true_random=False))
def test_interest_is_that_of_the_days_outside_whatever_the_order(
    minor: int, drawn: list[Span], shuffle: object
) -> None:
    holds = [hold_of(span, number) for number, span in enumerate(drawn)]
    case = case_of(case_of().debtor, claim(minor, due_on=DUE), holds=tuple(holds))
    shuffle.shuffle(holds)  # type: ignore[attr-defined]
    again = replace(case, holds=tuple(holds))
    entries = placed(case)
    ((_, result),) = claim_interest(case, entries, load_pack("FI"), until=TODAY)
    ((_, shuffled),) = claim_interest(again, entries, load_pack("FI"), until=TODAY)
    assert result == shuffled
    assert result.total.minor == day_by_day(case, minor)


@given(st.integers(1_000, 500_000), spans)
def test_placing_holds_one_by_one_posts_what_all_of_them_together_give(
    minor: int, drawn: list[Span]
) -> None:
    """Interest is in the books before each hold comes: only differences are posted, and they add up."""
    pack = load_pack("FI")
    case = case_of(case_of().debtor, claim(minor, due_on=DUE))
    entries: tuple[Entry, ...] = placed(case)
    entries += posting.interest_to(case, entries, pack, occasion("letter"), until=TODAY)
    for number, span in enumerate(drawn):
        case = replace(case, holds=(*case.holds, hold_of(span, number)))
        now = occasion(f"hold_{number}")
        entries += posting.interest_to(case, entries, pack, now, until=TODAY)
        check_books(entries)
    booked = balance_of(case.case_id, "EUR", entries).interest.minor
    assert booked == day_by_day(case, minor)


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 40), st.integers(0, 30)), min_size=1, max_size=5)
)
def test_every_day_that_stood_still_is_given_back_exactly_once(drawn: list[tuple[int, int, int]]) -> None:
    """Holds placed and ended at any moments, some back-dated: the plan moves by the days of their union."""
    calendar = rules_of(case_of()).calendar
    agreed = PLACED - 40 * DAY
    plan = Plan("plan_1", agreed, (Instalment(1, date(2026, 2, 2), eur(5_000)),))
    case = case_of(plan=plan, promise=Promise(date(2026, 12, 1), agreed))
    moments = sorted(
        [
            (PLACED + start * DAY + number * timedelta(minutes=1), "place", number)
            for number, (start, _, _) in enumerate(drawn)
        ]
        + [
            (PLACED + (start + 1 + lasts) * DAY + number * timedelta(minutes=1), "end", number)
            for number, (start, lasts, _) in enumerate(drawn)
        ]
    )
    stood: set[date] = set()
    for at, what, number in moments:
        if what == "place":
            begins = calendar.local_date(at) - drawn[number][2] * DAY
            made = Hold(f"hld_{number}", HoldReason.ILLNESS, begins, None, at, "col_1")
            case = replace(case, holds=(*case.holds, made))
            continue
        over = next(hold for hold in case.holds if hold.hold_id == f"hld_{number}")
        today = calendar.local_date(at)
        stood |= {over.from_on + n * DAY for n in range((today - over.from_on).days)}
        case = without_holds(case, (over,), last_on=today - DAY, at=at, by="col_1", calendar=calendar)
    assert case.promise is not None
    since = calendar.local_date(agreed)
    assert (case.promise.by_on - date(2026, 12, 1)).days == len([day for day in stood if day >= since])


def test_a_promise_that_was_missed_before_is_not_prolonged() -> None:
    calendar = rules_of(case_of()).calendar
    hold = Hold("hld_1", HoldReason.ILLNESS, date(2026, 1, 5), None, PLACED, "col_1")
    case = case_of(holds=(hold,), promise=Promise(date(2026, 1, 4), PLACED - 9 * DAY))
    freed = without_holds(
        case, (hold,), last_on=date(2026, 1, 9), at=PLACED + 5 * DAY, by="col_1", calendar=calendar
    )
    assert freed.promise == case.promise
    waiting = replace(case, promise=Promise(date(2026, 1, 5), PLACED - 9 * DAY))
    freed = without_holds(
        waiting, (hold,), last_on=date(2026, 1, 9), at=PLACED + 5 * DAY, by="col_1", calendar=calendar
    )
    assert freed.promise is not None and freed.promise.by_on == date(2026, 1, 10)


@pytest.mark.parametrize(
    ("until", "last_on", "released_on"),
    [
        (None, date(2026, 1, 9), date(2026, 1, 9)),
        (date(2026, 1, 7), date(2026, 1, 9), date(2026, 1, 7)),
        (date(2026, 2, 7), date(2026, 1, 9), date(2026, 1, 9)),
    ],
)
def test_the_last_day_of_a_hold(until: date | None, last_on: date, released_on: date) -> None:
    hold = Hold("hld_1", HoldReason.ILLNESS, date(2026, 1, 5), until, PLACED, "col_1")
    assert (hold.is_active, hold.last_on) == (True, until)
    over = hold.released(last_on, PLACED, "col_2")
    assert (over.is_active, over.released_on, over.ended_by) == (False, released_on, "col_2")
    assert over.covers(released_on) and not over.covers(released_on + DAY)


def test_credit_notes_and_payments_in_any_order_leave_the_same_principal() -> None:
    case = case_of(
        case_of().debtor, claim(10_000, number="A"), claim(20_000, due_on=DUE + 9 * DAY, number="B")
    )
    note = posting.credited(
        case, case.claims[1], eur(5_000), occasion("cn"), on=DUE + 20 * DAY, source="CN"
    )
    histories = {
        c.invoice_number: history for c, history in principal_histories(case, (*placed(case), note))
    }
    assert histories["A"] == ((DUE + DAY, eur(10_000)),)
    assert histories["B"] == ((DUE + 10 * DAY, eur(20_000)), (DUE + 20 * DAY, eur(15_000)))


@pytest.mark.parametrize("noticed_after", [1, 4])
def test_days_after_the_last_one_of_a_hold_are_not_given_back(noticed_after: int) -> None:
    """However late its end is noticed; and a day beyond it is the other hold's to give back."""
    calendar = rules_of(case_of()).calendar
    begins, until = date(2026, 1, 5), date(2026, 1, 9)
    hold = Hold("hld_1", HoldReason.ILLNESS, begins, until, PLACED, "col_1")
    other = Hold("hld_2", HoldReason.ILLNESS, until + DAY, None, PLACED + 5 * DAY, "col_1")
    case = case_of(holds=(hold,), promise=Promise(date(2026, 2, 1), PLACED - 9 * DAY))
    at = datetime(2026, 1, 9, 8, 0, tzinfo=UTC) + noticed_after * DAY
    freed = without_holds(case, (hold,), last_on=at.date(), at=at, by="timeline", calendar=calendar)
    assert freed.promise is not None and freed.promise.by_on == date(2026, 2, 6)
    both = replace(case, holds=(hold, other))
    at = datetime(2026, 1, 13, 8, 0, tzinfo=UTC)
    freed = without_holds(both, (other,), last_on=date(2026, 1, 12), at=at, by="col_1", calendar=calendar)
    freed = without_holds(freed, (hold,), last_on=at.date(), at=at, by="timeline", calendar=calendar)
    assert freed.promise is not None and freed.promise.by_on == date(2026, 2, 9)

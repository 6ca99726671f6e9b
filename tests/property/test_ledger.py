"""Whatever is posted balances; the balance is the fold of the entries, and nothing else."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from sovinto.domain import accounts, posting
from sovinto.domain.case import Case
from sovinto.domain.debt_lines import debt_view
from sovinto.domain.law.allocation import allocate, order
from sovinto.domain.ledger import Entry, Line, balance_of, fold

from tests.support.books import check_books
from tests.support.facts import (
    BUSINESS,
    CONSUMER,
    case_of,
    claim,
    eur,
    money_in,
    occasion,
    placed,
    rules_of,
)

DUE = date(2025, 6, 2)
TODAY = date(2026, 6, 1)
debtors = st.sampled_from([CONSUMER, BUSINESS])
claims = st.lists(st.tuples(st.integers(1, 500_000), st.integers(0, 200)), min_size=1, max_size=4).map(
    lambda made: tuple(
        claim(minor, due_on=DUE + timedelta(days=days), number=f"I-{number}")
        for number, (minor, days) in enumerate(made)
    )
)
payments = st.lists(st.tuples(st.integers(1, 400_000), st.integers(-30, 360)), max_size=6)


def after(case: Case, paid: list[tuple[int, int]]) -> tuple[Entry, ...]:
    """All payments posted in the order given, whatever their value dates; interest to the last day."""
    rules, entries = rules_of(case), placed(case)
    for number, (minor, days) in enumerate(paid):
        received = money_in(minor, DUE + timedelta(days=days), f"pay_{number}")
        when = occasion(f"p{number}")
        entries += posting.interest_to(case, entries, rules.pack, when, until=received.value_on)
        balance = balance_of(case.case_id, "EUR", entries)
        turn = order(rules.pack, case.debtor.debtor_type, received.value_on)
        allocation = allocate(received.amount, balance, turn)
        entries += (posting.payment(case, received, allocation, when, into=accounts.BANK),)
    return entries + posting.interest_to(case, entries, rules.pack, occasion("end"), until=TODAY)


@given(debtors, claims, payments)
def test_books_balance_after_any_payments(debtor: object, made: tuple, paid: list[tuple[int, int]]) -> None:
    case = case_of(debtor, *made)  # type: ignore[arg-type]
    entries = after(case, paid)
    check_books(entries)
    received = sum(minor for minor, _ in paid)
    sums = {account: minor for (account, _), minor in fold(entries).items()}
    assert sums.get("bank:collection", 0) == received
    kept = -sums.get(accounts.client_payable(case.client_id), 0) - sums.get(
        accounts.refunds(case.case_id), 0
    )
    assert kept == received, "every cent belongs to the client or goes back"


@given(debtors, claims, payments)
def test_the_page_shows_what_the_books_say(
    debtor: object, made: tuple, paid: list[tuple[int, int]]
) -> None:
    case = case_of(debtor, *made)  # type: ignore[arg-type]
    entries, rules = after(case, paid), rules_of(case)
    view = debt_view(case, entries, rules.pack, rules.calendar, TODAY)
    assert view.total == balance_of(case.case_id, "EUR", entries).total
    assert view.total.minor == sum(line.amount.minor for line in view.lines)


@given(debtors, claims, payments)
def test_posting_interest_twice_posts_it_once(
    debtor: object, made: tuple, paid: list[tuple[int, int]]
) -> None:
    case = case_of(debtor, *made)  # type: ignore[arg-type]
    entries = after(case, paid)
    assert posting.interest_to(case, entries, rules_of(case).pack, occasion("again"), until=TODAY) == ()


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=8))
def test_an_entry_balances_or_is_refused(legs: list[int]) -> None:
    lines = tuple(Line(f"a{number}", eur(minor)) for number, minor in enumerate(legs))

    def post() -> Entry:
        now = occasion()
        return Entry(now.entry_id("x"), "x", now.at, TODAY, lines, now.event_id)

    try:
        post()
    except ValueError:
        assert sum(legs) != 0
    else:
        assert sum(legs) == 0

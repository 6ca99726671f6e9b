"""Entries balance or do not exist; postings know their accounts, ids and explanations."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sovinto.domain import accounts, posting
from sovinto.domain.case import Case
from sovinto.domain.claim_class import ClaimClass
from sovinto.domain.claim_interest import principal_histories
from sovinto.domain.law.allocation import Allocation
from sovinto.domain.ledger import Entry, Line, balance_of, debtor_account, fold
from sovinto.domain.money import Money

from tests.support.facts import case_of, claim, eur, money_in, occasion, placed, rules_of

DUE = date(2025, 11, 1)
PACK = rules_of(case_of()).pack


def entry(*lines: Line) -> Entry:
    now = occasion()
    return Entry(now.entry_id("x"), "x", now.at, DUE, lines, now.event_id)


def test_an_entry_out_of_balance_does_not_exist() -> None:
    with pytest.raises(ValueError, match="out of balance by 1 EUR"):
        entry(Line("a", eur(2)), Line("b", eur(-1)))
    with pytest.raises(ValueError, match="no lines"):
        entry()


def test_each_currency_balances_by_itself() -> None:
    sek = Money(5, "SEK")
    entry(Line("a", eur(2)), Line("b", eur(-2)), Line("a", sek), Line("b", -sek))
    with pytest.raises(ValueError, match="SEK"):
        entry(Line("a", eur(2)), Line("b", eur(-2)), Line("a", sek))


def test_fold_keeps_currencies_apart() -> None:
    sek = Money(5, "SEK")
    one = entry(Line("a", eur(2)), Line("b", eur(-2)), Line("a", sek), Line("b", -sek))
    assert fold([one, one]) == {("a", "EUR"): 4, ("b", "EUR"): -4, ("a", "SEK"): 10, ("b", "SEK"): -10}


def test_ids_repeat_with_their_occasion_and_differ_within_it() -> None:
    case = two_claims()
    assert [e.entry_id for e in placed(case)] == [e.entry_id for e in placed(case)]
    assert len({e.entry_id for e in placed(case)}) == 2
    other = posting.placement(case, occasion("another"))
    assert not {e.entry_id for e in placed(case)} & {e.entry_id for e in other}


def two_claims() -> Case:
    return case_of(
        case_of().debtor,
        claim(6_000, number="I-1", due_on=DUE),
        claim(4_000, number="I-2", due_on=DUE + timedelta(days=30)),
    )


def test_interest_is_posted_by_the_difference_with_its_reason() -> None:
    case = case_of()
    first = posting.interest_to(case, placed(case), PACK, occasion("a"), until=date(2026, 1, 5))
    more = posting.interest_to(case, (*placed(case), *first), PACK, occasion("b"), until=date(2026, 2, 5))
    whole = posting.interest_to(case, placed(case), PACK, occasion("c"), until=date(2026, 2, 5))
    account = debtor_account(case.case_id, ClaimClass.INTEREST)
    assert sum(e.amount_on(account, "EUR").minor for e in (*first, *more)) == sum(
        e.amount_on(account, "EUR").minor for e in whole
    )
    assert all(e.explanation and e.explanation.rule_id for e in (*first, *more))


def test_no_interest_before_the_day_after_the_due_date() -> None:
    case = case_of()
    assert posting.interest_to(case, placed(case), PACK, occasion(), until=DUE) == ()


def test_a_payment_fills_the_oldest_claim_first() -> None:
    case = two_claims()
    allocation = Allocation(((ClaimClass.PRINCIPAL, eur(7_000)),), eur(0))
    paid_on = date(2025, 12, 10)
    paid = posting.payment(case, money_in(7_000, paid_on), allocation, occasion("p"), into=accounts.BANK)
    books = (*placed(case), paid)
    histories = {one.invoice_number: days for one, days in principal_histories(case, books)}
    after = paid_on + timedelta(days=1)
    assert histories["I-1"][-1] == (after, eur(0))
    assert histories["I-2"][-1] == (after, eur(3_000))


def test_money_before_the_due_day_lowers_the_principal_from_the_start() -> None:
    case = case_of()
    allocation = Allocation(((ClaimClass.PRINCIPAL, eur(4_000)),), eur(0))
    early = money_in(4_000, DUE - timedelta(days=9))
    paid = posting.payment(case, early, allocation, occasion("p"), into=accounts.BANK)
    ((_, history),) = principal_histories(case, (*placed(case), paid))
    assert history == ((DUE + timedelta(days=1), eur(6_000)),)


def test_a_payment_owes_the_client_what_the_debtor_no_longer_owes() -> None:
    case = case_of()
    allocation = Allocation(((ClaimClass.PRINCIPAL, eur(10_000)),), eur(50))
    paid = posting.payment(case, money_in(10_050, DUE), allocation, occasion("p"), into=accounts.BANK)
    sums = {account: minor for (account, _), minor in fold([*placed(case), paid]).items()}
    assert sums == {
        debtor_account(case.case_id, ClaimClass.PRINCIPAL): 0,
        accounts.client_claims(case.client_id): 0,
        accounts.client_payable(case.client_id): -10_000,
        accounts.refunds(case.case_id): -50,
        accounts.BANK: 10_050,
    }


def test_the_balance_is_of_this_case_only() -> None:
    mine, other = case_of(), case_of(case_id="case_2")
    books = (*placed(mine), *placed(other))
    assert balance_of(mine.case_id, "EUR", books).total == eur(10_000)
    assert balance_of(mine.case_id, "SEK", books).total == Money(0, "SEK")

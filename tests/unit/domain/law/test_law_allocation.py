"""The order of the law, and payments used up in it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sovinto.countries import load_pack
from sovinto.domain.claim_class import Balance, ClaimClass
from sovinto.domain.debtor import DebtorType
from sovinto.domain.law.allocation import allocate, order
from sovinto.domain.money import Money
from sovinto.errors import InvalidInput, LawMissing

PACK = load_pack("FI")
ON = date(2025, 6, 1)
P, INTEREST, F, C = ClaimClass.PRINCIPAL, ClaimClass.INTEREST, ClaimClass.FEE, ClaimClass.COST
CONSUMER_ORDER = (INTEREST, P, C, F)


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


BALANCE = Balance(principal=eur(10000), interest=eur(547), fee=eur(2600), cost=eur(0))


@pytest.mark.parametrize(
    ("debtor_type", "expected"),
    [(DebtorType.CONSUMER, CONSUMER_ORDER), (DebtorType.BUSINESS, (C, F, INTEREST, P))],
)
def test_order_by_debtor(debtor_type: DebtorType, expected: tuple[ClaimClass, ...]) -> None:
    assert order(PACK, debtor_type, ON) == expected


def test_order_fails_closed() -> None:
    with pytest.raises(LawMissing):
        order(PACK, DebtorType.CONSUMER, date(2022, 4, 30))


@pytest.mark.parametrize(
    ("amount", "parts", "over"),
    [
        (1, ((INTEREST, 1),), 0),
        (547, ((INTEREST, 547),), 0),
        (548, ((INTEREST, 547), (P, 1)), 0),
        (10547, ((INTEREST, 547), (P, 10000)), 0),
        (13147, ((INTEREST, 547), (P, 10000), (F, 2600)), 0),
        (13148, ((INTEREST, 547), (P, 10000), (F, 2600)), 1),
    ],
)
def test_classes_fill_in_order(amount: int, parts: tuple[tuple[ClaimClass, int], ...], over: int) -> None:
    found = allocate(eur(amount), BALANCE, CONSUMER_ORDER)
    assert found.parts == tuple((name, eur(part)) for name, part in parts)
    assert found.over == eur(over)


def test_a_class_in_credit_pays_for_the_others() -> None:
    balance = Balance(principal=eur(100), interest=eur(-50), fee=eur(0), cost=eur(0))
    found = allocate(eur(120), balance, CONSUMER_ORDER)
    assert (found.parts, found.over) == (((P, eur(50)),), eur(70))
    assert found.netted == ((INTEREST, eur(50)), (P, eur(-50)))


def test_where_the_credit_covers_everything_all_of_it_is_over() -> None:
    balance = Balance(principal=eur(30), interest=eur(-50), fee=eur(5), cost=eur(0))
    found = allocate(eur(10), balance, CONSUMER_ORDER)
    assert (found.parts, found.over) == ((), eur(10))
    assert found.netted == ((INTEREST, eur(35)), (P, eur(-30)), (F, eur(-5)))


minors = st.integers(-5_000, 5_000)


@given(st.integers(1, 20_000), st.tuples(minors, minors, minors, minors))
def test_nothing_is_taken_beyond_the_whole_debt(amount: int, owed: tuple[int, int, int, int]) -> None:
    balance = Balance(*map(eur, owed))
    found = allocate(eur(amount), balance, CONSUMER_ORDER)
    taken = sum(part.minor for _, part in found.parts)
    assert taken == min(amount, max(balance.total.minor, 0))
    assert taken + found.over.minor == amount
    assert sum(part.minor for _, part in found.netted) == 0


@pytest.mark.parametrize("amount", [0, -1])
def test_an_amount_not_above_zero_is_refused(amount: int) -> None:
    with pytest.raises(InvalidInput, match="amount"):
        allocate(eur(amount), BALANCE, CONSUMER_ORDER)


@pytest.mark.parametrize("wrong", [(P, INTEREST, F), (P, P, INTEREST, F), ()])
def test_an_order_that_misses_a_class_is_refused(wrong: tuple[ClaimClass, ...]) -> None:
    with pytest.raises(InvalidInput, match="order"):
        allocate(eur(1), BALANCE, wrong)

"""Estonian rules beside money: limitation, payments, disputes, legal steps and VAT."""

from __future__ import annotations

from datetime import date

import pytest
from sovinto.countries import load_pack
from sovinto.domain.claim_class import ClaimClass
from sovinto.domain.debtor import DebtorType
from sovinto.domain.law.allocation import order
from sovinto.domain.law.contents import required_content
from sovinto.domain.law.kinds import (
    Circumstance,
    Content,
    Effect,
    Interruption,
    LetterKind,
    Precondition,
    ReferenceScheme,
)
from sovinto.domain.law.legal_steps import legal_steps
from sovinto.domain.law.limitation import limitation_on
from sovinto.domain.law.references import reference_schemes
from sovinto.domain.law.stops import stop_for
from sovinto.domain.law.vat import standard_rate
from sovinto.domain.money import Money

PACK = load_pack("EE")
DUE = date(2025, 3, 15)
BOTH = pytest.mark.parametrize("debtor_type", list(DebtorType))


@pytest.mark.parametrize(
    ("what", "last"),
    [
        (Interruption.ACKNOWLEDGEMENT, "2029-01-10"),
        (Interruption.WRITTEN_DEMAND, "2028-03-15"),
        (Interruption.PART_PAYMENT, "2028-03-15"),
    ],
)
def test_only_an_acknowledgement_begins_the_three_years_again(what: Interruption, last: str) -> None:
    found = limitation_on(
        PACK, debtor_type=DebtorType.CONSUMER, due_on=DUE, interruptions=[(what, date(2026, 1, 10))]
    )
    assert found.last_on == date.fromisoformat(last)


def test_a_claim_of_a_leap_day_ends_on_the_28th() -> None:
    found = limitation_on(PACK, debtor_type=DebtorType.BUSINESS, due_on=date(2024, 2, 29))
    assert found.last_on == date(2027, 2, 28)


@BOTH
def test_payments_go_to_costs_then_interest_then_principal(debtor_type: DebtorType) -> None:
    assert order(PACK, debtor_type, DUE) == (
        ClaimClass.COST,
        ClaimClass.FEE,
        ClaimClass.INTEREST,
        ClaimClass.PRINCIPAL,
    )


@BOTH
def test_a_dispute_stops_letters_and_fees(debtor_type: DebtorType) -> None:
    stop = stop_for(PACK, Circumstance.DISPUTE, debtor_type=debtor_type, since=DUE)
    assert {Effect.NO_CONTACT, Effect.NO_DEMAND, Effect.NO_FEES} <= stop.effects
    assert Effect.NO_INTEREST not in stop.effects


@pytest.mark.parametrize(("principal", "is_open"), [("8000", True), ("8000.01", False)])
def test_the_payment_order_has_a_limit(principal: str, is_open: bool) -> None:
    steps = legal_steps(
        PACK,
        debtor_type=DebtorType.BUSINESS,
        principal=Money.parse(principal, "EUR"),
        met=frozenset(Precondition),
        on=DUE,
    )
    assert [(step.step, step.is_open) for step in steps] == [("payment_order", is_open)]


def test_a_disputed_consumer_debt_is_never_registered() -> None:
    steps = legal_steps(
        PACK,
        debtor_type=DebtorType.CONSUMER,
        principal=Money(10000, "EUR"),
        met=frozenset(Precondition) - {Precondition.UNDISPUTED},
        on=DUE,
    )
    assert {step.step for step in steps} == {"payment_order", "credit_entry"}
    assert not any(step.is_open for step in steps)


@pytest.mark.parametrize("letter", [LetterKind.SECOND_REMINDER, LetterKind.DEMAND])
def test_amounts_stand_apart_in_letters_that_cost(letter: LetterKind) -> None:
    items, _ = required_content(PACK, kind=letter, debtor_type=DebtorType.CONSUMER, on=DUE)
    assert {Content.PRINCIPAL, Content.INTEREST, Content.COSTS_ITEMISED} <= items


@pytest.mark.parametrize(
    ("on", "percent"),
    [
        ("2023-12-31", "20"),
        ("2024-01-01", "22"),
        ("2025-06-30", "22"),
        ("2025-07-01", "24"),
    ],
)
def test_the_rate_of_vat_on_our_invoices(on: str, percent: str) -> None:
    assert standard_rate(PACK, date.fromisoformat(on)).percent == percent


def test_payments_carry_the_estonian_reference() -> None:
    row = reference_schemes(PACK, debtor_type=DebtorType.CONSUMER, on=DUE)
    assert (row.preferred, row.national) == (ReferenceScheme.EE_731, ReferenceScheme.EE_731)


def test_guesses_say_so() -> None:
    guesses = [row for row in PACK.rows if row.citation.source.startswith(("policy", "general knowledge"))]
    assert guesses
    assert all(not row.citation.is_confirmed for row in guesses)

"""Dutch rules beside money: limitation, disputes, courts, forms, and the dunning policy."""

from __future__ import annotations

from datetime import date

import pytest
from sovinto.countries import load_calendar, load_pack, load_policy
from sovinto.domain.claim_class import ClaimClass
from sovinto.domain.debtor import DebtorType
from sovinto.domain.law.allocation import order
from sovinto.domain.law.contents import required_content
from sovinto.domain.law.forms import lawful_channels
from sovinto.domain.law.kinds import (
    Circumstance,
    Content,
    Effect,
    FeeKind,
    Interruption,
    LetterKind,
)
from sovinto.domain.law.legal_steps import legal_steps
from sovinto.domain.law.limitation import limitation_on
from sovinto.domain.law.rows import Row
from sovinto.domain.law.stops import stop_for
from sovinto.domain.law.vat import standard_rate
from sovinto.domain.money import Money

PACK = load_pack("NL")
DUE = date(2025, 3, 15)
CONSUMER, BUSINESS = DebtorType.CONSUMER, DebtorType.BUSINESS
BOTH = pytest.mark.parametrize("debtor_type", list(DebtorType))


def eur(text: str) -> Money:
    return Money.parse(text, "EUR")


@pytest.mark.parametrize(
    ("who", "due", "last"),
    [
        (CONSUMER, "2024-02-29", "2026-02-28"),
        (CONSUMER, "2025-03-15", "2027-03-15"),
        (BUSINESS, "2025-03-15", "2030-03-15"),
    ],
)
def test_limitation(who: DebtorType, due: str, last: str) -> None:
    found = limitation_on(PACK, debtor_type=who, due_on=date.fromisoformat(due))
    assert found.last_on == date.fromisoformat(last)


@pytest.mark.parametrize(("noticed", "last"), [("2027-03-15", "2029-03-15"), ("2027-03-16", "2027-03-15")])
def test_a_written_notice_in_time_begins_the_period_again(noticed: str, last: str) -> None:
    letter = (Interruption.WRITTEN_DEMAND, date.fromisoformat(noticed))
    found = limitation_on(PACK, debtor_type=CONSUMER, due_on=DUE, interruptions=[letter])
    assert found.last_on == date.fromisoformat(last)


@BOTH
def test_payments_go_to_costs_then_interest_then_principal(debtor_type: DebtorType) -> None:
    assert order(PACK, debtor_type, DUE) == (
        ClaimClass.COST,
        ClaimClass.FEE,
        ClaimClass.INTEREST,
        ClaimClass.PRINCIPAL,
    )


@BOTH
def test_a_dispute_stops_letters_and_costs_but_not_interest(debtor_type: DebtorType) -> None:
    stop = stop_for(PACK, Circumstance.DISPUTE, debtor_type=debtor_type, since=DUE)
    assert {Effect.NO_CONTACT, Effect.NO_DEMAND, Effect.NO_FEES} <= stop.effects
    assert Effect.NO_INTEREST not in stop.effects
    assert stop.last_on is None


@pytest.mark.parametrize(("principal", "is_within"), [("25000", True), ("25000.01", False)])
@BOTH
def test_the_small_claims_judge_has_a_limit(
    principal: str, is_within: bool, debtor_type: DebtorType
) -> None:
    (step,) = legal_steps(PACK, debtor_type=debtor_type, principal=eur(principal), met=frozenset(), on=DUE)
    assert step.is_within_limit is is_within
    assert not step.is_open


@pytest.mark.parametrize(("has_consent", "channels"), [(False, {"post"}), (True, {"post", "email"})])
def test_the_notice_goes_by_post_unless_the_debtor_agreed(has_consent: bool, channels: set[str]) -> None:
    found, _ = lawful_channels(
        PACK,
        kind=LetterKind.NOTICE,
        debtor_type=CONSUMER,
        has_electronic_consent=has_consent,
        on=DUE,
    )
    assert found == channels


def test_the_notice_announces_costs_and_their_tax() -> None:
    items, _ = required_content(PACK, kind=LetterKind.NOTICE, debtor_type=CONSUMER, on=DUE)
    assert {Content.COSTS_ANNOUNCED, Content.CONSEQUENCE, Content.VAT_STATEMENT} <= items


@BOTH
def test_policy_sends_every_letter_of_the_ladder_in_order(debtor_type: DebtorType) -> None:
    steps = load_policy("NL", debtor_type).steps
    assert tuple(s.letter for s in steps if s.letter is not None) == PACK.ladder(debtor_type)
    assert [s.fee for s in steps if s.fee is not None] == [FeeKind.DEMAND_FEE]


def test_identity_vat_and_calendar() -> None:
    assert (PACK.currency, PACK.zone, PACK.languages) == ("EUR", "Europe/Amsterdam", ("nl", "en"))
    assert standard_rate(PACK, DUE).percent == "21"
    calendar = load_calendar("NL")
    assert not calendar.is_banking_day(date(2026, 4, 27))
    assert calendar.is_banking_day(date(2026, 4, 28))


def test_rows_ship_unsigned_and_guesses_say_so() -> None:
    assert all(row.citation.signed_off_by is None for row in PACK.rows)
    unsure = [row for row in PACK.rows if _is_unsourced(row)]
    assert unsure
    assert all(not row.citation.is_confirmed for row in unsure)


def _is_unsourced(row: Row) -> bool:
    return row.citation.source.startswith(("policy", "general knowledge"))

"""The United Kingdom: a frozen rate and a fixed sum between businesses, nothing on top for consumers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sovinto.countries import load_calendar, load_pack, load_policy
from sovinto.domain.case import Step
from sovinto.domain.communication import Channel
from sovinto.domain.debt import Debt, debt_on
from sovinto.domain.debtor import DebtorType
from sovinto.domain.law.contact import next_contact_time
from sovinto.domain.law.fees import FeeFacts, cap_for, fee_for
from sovinto.domain.law.interest import accrue
from sovinto.domain.law.kinds import (
    Circumstance,
    Effect,
    FeeKind,
    Interruption,
    LetterKind,
    Precondition,
    RateMovement,
)
from sovinto.domain.law.legal_steps import legal_steps
from sovinto.domain.law.limitation import limitation_on
from sovinto.domain.law.model import Pack
from sovinto.domain.law.rows import FeeModeRow, FeeRow, InterestTermsRow
from sovinto.domain.law.stops import stop_for
from sovinto.domain.law.waits import SentLetter, earliest_on, response_days
from sovinto.domain.money import Money
from sovinto.errors import LawMissing, RuleRefused

PACK = load_pack("GB")
CONSUMER, BUSINESS = DebtorType.CONSUMER, DebtorType.BUSINESS
DUE = date(2026, 3, 16)


def gbp(text: str) -> Money:
    return Money.parse(text, "GBP")


def owed(due_on: str, on: str, *, principal: str = "1000", who: DebtorType = BUSINESS) -> Debt:
    facts = FeeFacts(who, gbp(principal))
    return debt_on(PACK, facts, due_on=date.fromisoformat(due_on), on=date.fromisoformat(on))


def floating() -> Pack:
    """The same pack, were the rate to follow each half-year."""
    terms = tuple(replace(row, movement=RateMovement.FLOATING) for row in PACK.of(InterestTermsRow))
    return replace(PACK, rules={**PACK.rules, InterestTermsRow: terms})


@pytest.mark.parametrize(
    ("principal", "lump_sum"),
    [
        ("0.01", "40"),
        ("999.98", "40"),
        ("999.99", "40"),
        ("1000.00", "70"),
        ("9999.98", "70"),
        ("9999.99", "70"),
        ("10000.00", "100"),
        ("10000.01", "100"),
    ],
)
def test_the_fixed_sum_grows_with_the_debt(principal: str, lump_sum: str) -> None:
    assert owed("2026-03-16", "2026-03-17", principal=principal).fee_total == gbp(lump_sum)
    assert owed("2026-03-16", "2026-03-16", principal=principal).fee_total == gbp("0")


def test_the_rate_stays_as_on_the_first_day_of_interest() -> None:
    interest = owed("2025-12-15", "2026-03-31").interest
    assert [(segment.days, segment.rate) for segment in interest.segments] == [(106, "12.25")]
    assert interest.total == gbp("35.58")


def test_a_floating_rate_would_come_to_another_sum() -> None:
    history = ((date(2025, 5, 31), gbp("1000")),)
    by_pack = [
        accrue(
            pack,
            debtor_type=BUSINESS,
            due_on=date(2025, 5, 31),
            principal_history=history,
            until=date(2025, 7, 30),
        )
        for pack in (PACK, floating())
    ]
    assert [[segment.rate for segment in result.segments] for result in by_pack] == [
        ["12.75"],
        ["12.75", "12.25"],
    ]
    assert [result.total for result in by_pack] == [gbp("20.96"), gbp("20.55")]


@pytest.mark.parametrize(
    ("due_on", "rate"),
    [
        ("2025-06-29", "12.75"),
        ("2025-06-30", "12.25"),
        ("2025-12-30", "12.25"),
        ("2025-12-31", "11.75"),
        ("2026-06-30", "11.75"),
        ("2026-12-30", "11.75"),
    ],
)
def test_the_first_day_after_the_due_date_decides_the_rate(due_on: str, rate: str) -> None:
    segments = owed(due_on, "2027-01-31").interest.segments
    assert [segment.rate for segment in segments] == [rate]


def test_the_leap_day_bears_interest() -> None:
    assert owed("2024-02-28", "2024-03-01").interest.segments[0].days == 2
    assert owed("2025-02-28", "2025-03-01").interest.segments[0].days == 1


def test_a_debt_that_begins_in_a_half_year_without_a_rate_is_refused() -> None:
    with pytest.raises(LawMissing, match="reference rate"):
        owed("2026-12-31", "2027-01-01")


@pytest.mark.parametrize("principal", ["0.01", "1000.00", "10000.00"])
def test_a_consumer_owes_the_principal_alone(principal: str) -> None:
    debt = owed("2025-06-15", "2026-06-15", principal=principal, who=CONSUMER)
    assert (debt.total, debt.interest.segments, debt.fees) == (gbp(principal), (), ())


@pytest.mark.parametrize("who", list(DebtorType))
def test_no_letter_earns_a_fee_and_no_total_is_named(who: DebtorType) -> None:
    facts = FeeFacts(who, gbp("500"))
    assert PACK.of(FeeRow) == ()
    cap = cap_for(PACK, facts, on=DUE)
    assert (None if cap is None else cap.amount) == (gbp("0") if who is CONSUMER else None)
    with pytest.raises(LawMissing, match="demand_fee"):
        fee_for(PACK, facts, kind=FeeKind.DEMAND_FEE, on=DUE, charged=())


@pytest.mark.parametrize("is_vat_deductible", [True, False])
def test_the_fixed_sum_carries_no_vat(is_vat_deductible: bool) -> None:
    facts = FeeFacts(BUSINESS, gbp("500"), is_vat_deductible=is_vat_deductible)
    assert fee_for(PACK, facts, kind=FeeKind.LUMP_SUM, on=DUE, charged=()).amount == gbp("40")


def test_the_right_to_charge() -> None:
    modes = {who: row.mode.value for row in PACK.of(FeeModeRow) for who in row.debtor_types}
    assert modes == {CONSUMER: "contract_only", BUSINESS: "fixed_sum_plus"}


def test_a_consumer_has_thirty_full_days_after_the_letter_of_claim() -> None:
    sent = [
        SentLetter(LetterKind.REMINDER, date(2026, 3, 17)),
        SentLetter(LetterKind.NOTICE, date(2026, 4, 1)),
    ]
    earliest = earliest_on(PACK, kind=LetterKind.DEMAND, debtor_type=CONSUMER, due_on=DUE, sent=sent)
    assert earliest.on == date(2026, 5, 2)
    assert response_days(PACK, LetterKind.NOTICE, CONSUMER, on=DUE)[0] == 30


def test_a_consumer_gets_no_demand_before_the_letter_of_claim() -> None:
    sent = [SentLetter(LetterKind.REMINDER, date(2026, 3, 17))]
    with pytest.raises(RuleRefused, match="send the notice first"):
        earliest_on(PACK, kind=LetterKind.DEMAND, debtor_type=CONSUMER, due_on=DUE, sent=sent)


@pytest.mark.parametrize("who", list(DebtorType))
def test_the_policy_sends_every_letter_of_the_ladder_in_order(who: DebtorType) -> None:
    steps = load_policy("GB", who).steps
    assert tuple(step.letter for step in steps if step.letter is not None) == PACK.ladder(who)
    fees = {step.step: step.fee for step in steps if step.fee is not None}
    assert fees == ({Step.SEND_REMINDER: FeeKind.LUMP_SUM} if who is BUSINESS else {})


@pytest.mark.parametrize(
    ("circumstance", "last_on"),
    [
        (Circumstance.DISPUTE, None),
        (Circumstance.DEBT_ADVICE, date(2026, 4, 14)),
        (Circumstance.MORATORIUM, date(2026, 5, 14)),
    ],
)
def test_what_stops_and_for_how_long(circumstance: Circumstance, last_on: date | None) -> None:
    stop = stop_for(PACK, circumstance, debtor_type=CONSUMER, since=DUE)
    assert stop.last_on == last_on
    assert {Effect.NO_DEMAND, Effect.NO_FEES, Effect.NO_LEGAL_STEP} <= stop.effects


def test_breathing_space_stops_interest_and_contact_too() -> None:
    stop = stop_for(PACK, Circumstance.MORATORIUM, debtor_type=CONSUMER, since=DUE)
    assert stop.effects == frozenset(Effect)
    assert (stop.holds(date(2026, 5, 14)), stop.holds(date(2026, 5, 15))) == (True, False)


@pytest.mark.parametrize(
    ("interruption", "last_on"),
    [
        (Interruption.WRITTEN_DEMAND, date(2032, 3, 16)),
        (Interruption.ACKNOWLEDGEMENT, date(2033, 1, 1)),
        (Interruption.PART_PAYMENT, date(2033, 1, 1)),
    ],
)
def test_a_letter_does_not_begin_the_six_years_anew(interruption: Interruption, last_on: date) -> None:
    came = [(interruption, date(2027, 1, 1))]
    limitation = limitation_on(PACK, debtor_type=CONSUMER, due_on=DUE, interruptions=came)
    assert limitation.last_on == last_on


def test_a_consumer_is_not_sued_before_the_letter_of_claim() -> None:
    met = frozenset(Precondition) - {Precondition.NOTICE_GIVEN}
    (claim,) = legal_steps(PACK, debtor_type=CONSUMER, principal=gbp("500"), met=met, on=DUE)
    assert (claim.is_open, claim.lacking) == (False, frozenset({Precondition.NOTICE_GIVEN}))


def test_calls_wait_for_the_morning_and_skip_sunday() -> None:
    calendar = load_calendar("GB")
    saturday_night = datetime(2026, 7, 4, 21, 0, tzinfo=UTC)
    moment = next_contact_time(PACK, calendar, Channel.CALL, saturday_night, CONSUMER)
    assert moment == datetime(2026, 7, 6, 7, 0, tzinfo=UTC)

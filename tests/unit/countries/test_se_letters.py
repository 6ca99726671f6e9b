"""The Swedish pack: waiting times, letters, contact hours, limits and policy."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sovinto.countries import load_calendar, load_pack, load_policy
from sovinto.domain.case import Step
from sovinto.domain.claim_class import ClaimClass
from sovinto.domain.communication import Channel
from sovinto.domain.debtor import DebtorType
from sovinto.domain.law.allocation import order
from sovinto.domain.law.contact import next_contact_time
from sovinto.domain.law.contents import kept_until, required_content
from sovinto.domain.law.fees import ChargedFee, FeeFacts, fee_for
from sovinto.domain.law.forms import lawful_channels
from sovinto.domain.law.kinds import (
    Circumstance,
    Content,
    Effect,
    FeeKind,
    Interruption,
    LetterKind,
    Precondition,
    RecordKind,
    ReferenceScheme,
)
from sovinto.domain.law.legal_steps import legal_steps
from sovinto.domain.law.limitation import limitation_on
from sovinto.domain.law.references import reference_schemes
from sovinto.domain.law.stops import stop_for
from sovinto.domain.law.vat import standard_rate
from sovinto.domain.law.waits import SentLetter, earliest_on, response_days
from sovinto.domain.money import Money

PACK = load_pack("SE")
CONSUMER, BUSINESS = DebtorType.CONSUMER, DebtorType.BUSINESS
BOTH = pytest.mark.parametrize("debtor_type", list(DebtorType))
DUE = date(2023, 11, 15)
TODAY = date(2026, 3, 2)


def sek(text: str) -> Money:
    return Money.parse(text, "SEK")


def facts(debtor_type: DebtorType, principal: str = "1000") -> FeeFacts:
    return FeeFacts(debtor_type, sek(principal))


@BOTH
def test_the_demand_comes_eight_days_after_the_reminder(debtor_type: DebtorType) -> None:
    def first(kind: LetterKind, *sent: SentLetter) -> date:
        return earliest_on(PACK, kind=kind, debtor_type=debtor_type, due_on=DUE, sent=sent).on

    late = date(2024, 2, 21)
    assert first(LetterKind.REMINDER) == DUE + timedelta(days=1)
    assert first(LetterKind.DEMAND, SentLetter(LetterKind.REMINDER, late)) == date(2024, 2, 29)
    assert first(LetterKind.DEMAND) == DUE + timedelta(days=8)


def test_a_demand_a_day_early_earns_nothing() -> None:
    amounts = [
        fee_for(
            PACK,
            facts(CONSUMER),
            kind=FeeKind.DEMAND_FEE,
            on=date(2023, 11, day),
            charged=[ChargedFee(FeeKind.REMINDER_FEE, date(2023, 11, 16), sek("60"))],
            due_on=DUE,
        ).amount
        for day in (23, 24)
    ]
    assert amounts == [sek("0"), sek("180")]


@BOTH
@pytest.mark.parametrize("kind", [LetterKind.REMINDER, LetterKind.DEMAND])
def test_letters_say_give_and_travel_as_the_law_asks(debtor_type: DebtorType, kind: LetterKind) -> None:
    days, _ = response_days(PACK, kind, debtor_type, on=TODAY)
    items, _ = required_content(PACK, kind=kind, debtor_type=debtor_type, on=TODAY)
    channels, _ = lawful_channels(
        PACK, kind=kind, debtor_type=debtor_type, has_electronic_consent=False, on=TODAY
    )
    assert days == 8
    assert {Content.CREDITOR_NAME, Content.GROUND, Content.COSTS_ITEMISED, Content.PAY_BY} <= items
    assert (Content.OBJECT_BY in items) == (kind is LetterKind.DEMAND)
    assert (Channel.EMAIL in channels) == (kind is LetterKind.REMINDER)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-03-02T06:59", "2026-03-02T07:00"),
        ("2026-03-02T18:59", "2026-03-02T18:59"),
        ("2026-03-02T19:00", "2026-03-03T07:00"),
        ("2026-03-07T14:00", "2026-03-09T07:00"),
        ("2026-01-06T09:00", "2026-01-07T07:00"),
    ],
)
def test_calls_keep_daytime_and_days_of_rest(now: str, opens: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    found = next_contact_time(PACK, load_calendar("SE"), Channel.CALL, moment, CONSUMER)
    assert found == datetime.fromisoformat(opens).replace(tzinfo=UTC)


@BOTH
def test_a_dispute_leaves_only_the_court(debtor_type: DebtorType) -> None:
    stop = stop_for(PACK, Circumstance.DISPUTE, debtor_type=debtor_type, since=TODAY)
    assert {Effect.NO_DEMAND, Effect.NO_FEES} <= stop.effects
    assert Effect.NO_LEGAL_STEP not in stop.effects


@pytest.mark.parametrize(("debtor_type", "years"), [(CONSUMER, 3), (BUSINESS, 10)])
def test_a_demand_begins_the_limitation_anew(debtor_type: DebtorType, years: int) -> None:
    due, demanded = date(2024, 2, 29), date(2025, 1, 10)
    plain = limitation_on(PACK, debtor_type=debtor_type, due_on=due)
    renewed = limitation_on(
        PACK,
        debtor_type=debtor_type,
        due_on=due,
        interruptions=[(Interruption.WRITTEN_DEMAND, demanded)],
    )
    assert plain.last_on == date(2024 + years, 2, 28)
    assert plain.is_time_barred(plain.last_on + timedelta(days=1))
    assert renewed.last_on == date(2025 + years, 1, 10)


def test_costs_and_interest_are_paid_before_the_principal() -> None:
    assert order(PACK, CONSUMER, TODAY) == (
        ClaimClass.COST,
        ClaimClass.FEE,
        ClaimClass.INTEREST,
        ClaimClass.PRINCIPAL,
    )


def test_what_follows_letters_and_what_is_kept() -> None:
    (step,) = legal_steps(
        PACK, debtor_type=CONSUMER, principal=sek("1"), met=frozenset({Precondition.DEMANDED}), on=TODAY
    )
    assert (step.step, step.answer_days, step.is_open) == ("payment_order", 10, False)
    kept, _ = kept_until(PACK, RecordKind.ACCOUNTING_VOUCHER, debtor_type=CONSUMER, ended_on=TODAY)
    assert kept == date(2033, 3, 2)
    scheme = reference_schemes(PACK, debtor_type=CONSUMER, on=TODAY)
    assert scheme.preferred is ReferenceScheme.SE_OCR
    assert standard_rate(PACK, TODAY).percent == "25"


@BOTH
def test_the_policy_sends_every_letter_of_the_ladder(debtor_type: DebtorType) -> None:
    policy = load_policy("SE", debtor_type)
    letters = tuple(step.letter for step in policy.steps if step.letter is not None)
    reminder = policy.step(Step.SEND_REMINDER)
    assert letters == PACK.ladder(debtor_type)
    assert reminder is not None
    assert reminder.fee is (FeeKind.REMINDER_FEE if debtor_type is CONSUMER else FeeKind.LUMP_SUM)

"""The Norwegian pack: waiting times, the law that is coming, letters, contact hours and limits."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sovinto.countries import load_calendar, load_pack, load_policy
from sovinto.domain.case import Step
from sovinto.domain.communication import Channel
from sovinto.domain.debtor import DebtorType
from sovinto.domain.law.contact import next_contact_time
from sovinto.domain.law.contents import required_content
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
    ReferenceScheme,
    Sender,
)
from sovinto.domain.law.legal_steps import legal_steps
from sovinto.domain.law.limitation import limitation_on
from sovinto.domain.law.references import reference_schemes
from sovinto.domain.law.stops import stop_for
from sovinto.domain.law.vat import standard_rate
from sovinto.domain.law.waits import SentLetter, earliest_on, response_days
from sovinto.domain.money import Money
from sovinto.errors import LawMissing

PACK = load_pack("NO")
CONSUMER, BUSINESS = DebtorType.CONSUMER, DebtorType.BUSINESS
BOTH = pytest.mark.parametrize("debtor_type", list(DebtorType))
DUE = date(2026, 3, 15)
PAID = date(2026, 9, 30)
LAST_DAY, NEW_LAW = date(2026, 12, 31), date(2027, 1, 1)


def nok(text: str) -> Money:
    return Money.parse(text, "NOK")


def fee(
    kind: FeeKind,
    principal: str = "1500",
    *,
    debtor_type: DebtorType = CONSUMER,
    on: date = PAID,
    deductible: bool = True,
    sender: Sender = Sender.AGENCY,
    charged: tuple[ChargedFee, ...] = (),
) -> Money:
    asked = FeeFacts(debtor_type, nok(principal), is_vat_deductible=deductible)
    return fee_for(PACK, asked, kind=kind, on=on, charged=charged, sender=sender).amount


@BOTH
@pytest.mark.parametrize(
    ("kind", "sent", "day"),
    [
        (LetterKind.REMINDER, (), "2026-03-29"),
        (LetterKind.NOTICE, (), "2026-03-30"),
        (LetterKind.NOTICE, ((LetterKind.REMINDER, "2026-05-04"),), "2026-05-19"),
        (LetterKind.DEMAND, ((LetterKind.NOTICE, "2026-05-19"),), "2026-06-03"),
        (LetterKind.SECOND_DEMAND, ((LetterKind.DEMAND, "2026-06-03"),), "2026-07-16"),
    ],
)
def test_each_letter_waits_for_the_one_before(
    debtor_type: DebtorType, kind: LetterKind, sent: tuple[tuple[LetterKind, str], ...], day: str
) -> None:
    left = [SentLetter(letter, date.fromisoformat(on)) for letter, on in sent]
    earliest = earliest_on(PACK, kind=kind, debtor_type=debtor_type, due_on=DUE, sent=left)
    assert earliest.on == date.fromisoformat(day)


def test_a_demand_without_the_notice_earns_nothing() -> None:
    decision = fee_for(
        PACK,
        FeeFacts(CONSUMER, nok("1500")),
        kind=FeeKind.DEMAND_FEE,
        on=PAID,
        charged=(),
        due_on=DUE,
    )
    assert decision.amount == nok("0")
    assert "must follow a notice" in decision.reason


@pytest.mark.parametrize("kind", [FeeKind.REMINDER_FEE, FeeKind.DEMAND_FEE, FeeKind.SECOND_DEMAND_FEE])
def test_no_fee_under_the_law_that_is_coming(kind: FeeKind) -> None:
    with pytest.raises(LawMissing, match=r"LOV-2026-05-22-19 is expected from 2027-01-01"):
        fee(kind, on=NEW_LAW)


@BOTH
@pytest.mark.parametrize("kind", PACK.ladder(CONSUMER))
def test_no_letter_under_the_law_that_is_coming(debtor_type: DebtorType, kind: LetterKind) -> None:
    sent = [SentLetter(letter, date(2026, 12, 20)) for letter in PACK.ladder(debtor_type)]
    due = date(2026, 12, 18)
    with pytest.raises(LawMissing, match="LOV-2026-05-22-19"):
        earliest_on(PACK, kind=kind, debtor_type=debtor_type, due_on=due, sent=sent)
    with pytest.raises(LawMissing, match="LOV-2026-05-22-19"):
        lawful_channels(PACK, kind=kind, debtor_type=debtor_type, has_electronic_consent=True, on=NEW_LAW)


@pytest.mark.parametrize(("due", "is_lawful"), [(date(2026, 12, 17), True), (date(2026, 12, 18), False)])
def test_the_last_day_of_the_present_law(due: date, is_lawful: bool) -> None:
    def first() -> date:
        return earliest_on(PACK, kind=LetterKind.REMINDER, debtor_type=CONSUMER, due_on=due, sent=()).on

    if is_lawful:
        assert first() == LAST_DAY
    else:
        with pytest.raises(LawMissing, match="LOV-2026-05-22-19"):
            first()


@BOTH
@pytest.mark.parametrize("kind", PACK.ladder(CONSUMER))
def test_letters_say_give_and_travel_as_the_law_asks(debtor_type: DebtorType, kind: LetterKind) -> None:
    days, _ = response_days(PACK, kind, debtor_type, on=PAID)
    items, _ = required_content(PACK, kind=kind, debtor_type=debtor_type, on=PAID)
    by_consent = [
        Channel.EMAIL
        in lawful_channels(
            PACK, kind=kind, debtor_type=debtor_type, has_electronic_consent=consent, on=PAID
        )[0]
        for consent in (False, True)
    ]
    assert days == 14
    assert (Content.CONSEQUENCE in items) == (kind is not LetterKind.REMINDER)
    assert by_consent == [kind is LetterKind.REMINDER, True]


@pytest.mark.parametrize(
    ("channel", "now", "opens"),
    [
        (Channel.CALL, "2026-03-02T06:59", "2026-03-02T07:00"),
        (Channel.SMS, "2026-03-02T19:59", "2026-03-02T19:59"),
        (Channel.SMS, "2026-03-02T20:00", "2026-03-03T07:00"),
        (Channel.EMAIL, "2026-03-07T07:30", "2026-03-07T08:00"),
        (Channel.CALL, "2026-03-07T14:00", "2026-03-09T07:00"),
        (Channel.CALL, "2026-04-02T09:00", "2026-04-04T07:00"),
        (Channel.POST, "2026-05-17T09:00", "2026-05-17T09:00"),
    ],
)
def test_contact_keeps_the_hours_of_the_new_law(channel: Channel, now: str, opens: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    found = next_contact_time(PACK, load_calendar("NO"), channel, moment, CONSUMER)
    assert found == datetime.fromisoformat(opens).replace(tzinfo=UTC)


def test_stops_limits_and_what_follows() -> None:
    stop = stop_for(PACK, Circumstance.DISPUTE, debtor_type=CONSUMER, since=PAID)
    assert {Effect.NO_FEES, Effect.NO_DEMAND} <= stop.effects
    asked = [(Interruption.WRITTEN_DEMAND, PAID)]
    limit = limitation_on(PACK, debtor_type=CONSUMER, due_on=DUE, interruptions=asked)
    assert limit.last_on == date(2029, 3, 15)
    assert limit.is_time_barred(limit.last_on + timedelta(days=1))
    met = frozenset(Precondition) - {Precondition.UNDISPUTED}
    steps = legal_steps(PACK, debtor_type=CONSUMER, principal=nok("1"), met=met, on=PAID)
    assert {step.step: step.is_open for step in steps} == {
        "enforcement_request": False,
        "conciliation_claim": True,
    }
    scheme = reference_schemes(PACK, debtor_type=CONSUMER, on=NEW_LAW)
    assert scheme.preferred is ReferenceScheme.NO_KID_MOD10
    assert standard_rate(PACK, PAID).percent == "25"


@BOTH
def test_the_policy_sends_every_letter_of_the_ladder(debtor_type: DebtorType) -> None:
    policy = load_policy("NO", debtor_type)
    letters = tuple(step.letter for step in policy.steps if step.letter is not None)
    reminder = policy.step(Step.SEND_REMINDER)
    assert letters == PACK.ladder(debtor_type)
    assert reminder is not None
    assert reminder.fee is (FeeKind.REMINDER_FEE if debtor_type is CONSUMER else FeeKind.LUMP_SUM)

"""Denmark: three reminders, the free 10 § letter, the agency's tariff, and rates up to 2026 H1."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sovinto.countries import load_calendar, load_pack, load_policy
from sovinto.domain.debt import debt_on
from sovinto.domain.debtor import DebtorType
from sovinto.domain.law.contents import required_content
from sovinto.domain.law.fees import ChargedFee, FeeDecision, FeeFacts, cap_for, fee_for
from sovinto.domain.law.interest import InterestResult, accrue
from sovinto.domain.law.kinds import Certainty, Content, FeeKind, Interruption, LetterKind, Sender
from sovinto.domain.law.legal_steps import legal_steps
from sovinto.domain.law.limitation import limitation_on
from sovinto.domain.law.waits import SentLetter, earliest_on, response_days
from sovinto.domain.money import Money
from sovinto.errors import LawMissing, RuleRefused

PACK = load_pack("DK")
DUE, ON = date(2025, 3, 15), date(2025, 9, 30)
CONSUMER, BUSINESS = DebtorType.CONSUMER, DebtorType.BUSINESS
BOTH = pytest.mark.parametrize("debtor_type", list(DebtorType))
FIRST, SECOND, THIRD = LetterKind.REMINDER, LetterKind.SECOND_REMINDER, LetterKind.THIRD_REMINDER


def kr(text: str) -> Money:
    return Money.parse(text, "DKK")


def facts(principal: str, debtor_type: DebtorType = CONSUMER, *, deducts: bool = True) -> FeeFacts:
    return FeeFacts(debtor_type, kr(principal), is_vat_deductible=deducts)


def demand(principal: Money, debtor_type: DebtorType = CONSUMER, *, deducts: bool = True) -> FeeDecision:
    owed = FeeFacts(debtor_type, principal, is_vat_deductible=deducts)
    return fee_for(PACK, owed, kind=FeeKind.DEMAND_FEE, on=ON, charged=())


def interest(due_on: date, until: date, debtor_type: DebtorType = CONSUMER) -> InterestResult:
    history = ((due_on, kr("1000")),)
    return accrue(PACK, debtor_type=debtor_type, due_on=due_on, principal_history=history, until=until)


def sent(*letters: LetterKind) -> list[SentLetter]:
    """Each letter on its first lawful day."""
    done: list[SentLetter] = []
    for kind in letters:
        day = earliest_on(PACK, kind=kind, debtor_type=CONSUMER, due_on=DUE, sent=done).on
        done.append(SentLetter(kind, day))
    return done


def test_consumer_debt_in_full() -> None:
    debt = debt_on(PACK, facts("1234.56"), due_on=DUE, on=ON)
    assert [(fee.kind.value, fee.on.isoformat(), fee.amount) for fee in debt.fees] == [
        ("reminder_fee", "2025-03-16", kr("100")),
        ("reminder_fee", "2025-03-26", kr("100")),
        ("reminder_fee", "2025-04-05", kr("100")),
        ("demand_fee", "2025-04-26", kr("700")),
    ]
    assert [(s.days, s.rate, s.amount) for s in debt.interest.segments] == [
        (107, "10.75", kr("38.91")),
        (92, "9.75", kr("30.34")),
    ]
    assert (debt.fee_total, debt.cap, debt.total) == (kr("1000"), kr("1000"), kr("2303.81"))


def test_a_business_owes_the_lump_sum_beside_the_fees() -> None:
    debt = debt_on(PACK, facts("1234.56", BUSINESS), due_on=DUE, on=ON)
    assert (debt.fees[0].kind, debt.fees[0].amount) == (FeeKind.LUMP_SUM, kr("310"))
    assert (debt.fee_total, debt.cap) == (kr("1310"), kr("1310"))
    assert "dk.lump_sum.business" in debt.unconfirmed


def test_the_lump_sum_charged_before_takes_nothing_off_the_tariff() -> None:
    lump = ChargedFee(FeeKind.LUMP_SUM, ON, kr("310"))
    owed = facts("1234.56", BUSINESS)
    decision = fee_for(PACK, owed, kind=FeeKind.DEMAND_FEE, on=ON, charged=[lump])
    assert (decision.amount, decision.reason) == (kr("700"), "")


@pytest.mark.parametrize(
    ("up_to", "amount", "beyond"),
    [
        ("1000", "400", "700"),
        ("2500", "700", "1000"),
        ("5000", "1000", "1300"),
        ("10000", "1300", "1700"),
        ("25000", "1700", "2250"),
        ("50000", "2250", "2850"),
        ("100000", "2850", "3850"),
        ("250000", "3850", "6400"),
        ("500000", "6400", "6400"),
    ],
)
@BOTH
def test_the_agencys_tariff(debtor_type: DebtorType, up_to: str, amount: str, beyond: str) -> None:
    edge, cent = kr(up_to), kr("0.01")
    found = [demand(principal, debtor_type).amount for principal in (edge - cent, edge, edge + cent)]
    assert found == [kr(amount), kr(amount), kr(beyond)]


@pytest.mark.parametrize(
    ("principal", "amount"),
    [("0.01", "400"), ("500000.50", "6400.01"), ("500001", "6400.01"), ("600000", "7400")],
)
def test_outside_the_bands(principal: str, amount: str) -> None:
    assert demand(kr(principal)).amount == kr(amount)


@pytest.mark.parametrize(
    ("principal", "deducts", "amount"),
    [("1000", True, "400"), ("1000", False, "500"), ("600000", False, "9250")],
)
@BOTH
def test_vat_joins_the_tariff_where_the_creditor_cannot_deduct_it(
    debtor_type: DebtorType, principal: str, deducts: bool, amount: str
) -> None:
    assert demand(kr(principal), debtor_type, deducts=deducts).amount == kr(amount)


@pytest.mark.parametrize(("deducts", "cap"), [(True, "700"), (False, "800")])
def test_the_cap_is_three_reminders_without_vat_and_the_tariff(deducts: bool, cap: str) -> None:
    decision = cap_for(PACK, facts("1000", deducts=deducts), on=ON)
    assert decision is not None
    assert decision.amount == kr(cap)


@pytest.mark.parametrize(("charged", "amount"), [(0, "100"), (2, "100"), (3, "0")])
@pytest.mark.parametrize("sender", list(Sender))
def test_at_most_three_reminders_are_charged(sender: Sender, charged: int, amount: str) -> None:
    """Whoever sent the earlier ones: the creditor's own count too."""
    before = [ChargedFee(FeeKind.REMINDER_FEE, ON, kr("100"), sender)] * charged
    decision = fee_for(
        PACK, facts("1000"), kind=FeeKind.REMINDER_FEE, on=ON, charged=before, letter=FIRST, due_on=DUE
    )
    assert decision.amount == kr(amount)


def test_a_second_demand_fee_is_refused() -> None:
    before = [ChargedFee(FeeKind.DEMAND_FEE, ON, kr("400"))]
    decision = fee_for(PACK, facts("1000"), kind=FeeKind.DEMAND_FEE, on=ON, charged=before)
    assert decision.amount == kr("0")


def test_the_creditors_own_tariff_is_not_in_the_pack() -> None:
    with pytest.raises(LawMissing, match="demand_fee sent by the creditor"):
        fee_for(
            PACK,
            facts("1000"),
            kind=FeeKind.DEMAND_FEE,
            on=ON,
            charged=(),
            sender=Sender.CREDITOR,
        )


def test_the_notice_is_free() -> None:
    with pytest.raises(LawMissing, match="notice_fee"):
        fee_for(PACK, facts("1000"), kind=FeeKind.NOTICE_FEE, on=ON, charged=())


@pytest.mark.parametrize(
    ("before", "letter", "first_day"),
    [
        ((), FIRST, "2025-03-16"),
        ((FIRST,), SECOND, "2025-03-26"),
        ((FIRST, SECOND), THIRD, "2025-04-05"),
        ((FIRST,), LetterKind.NOTICE, "2025-03-26"),
        ((FIRST, SECOND, THIRD), LetterKind.NOTICE, "2025-04-15"),
        ((), LetterKind.NOTICE, "2025-03-25"),
        ((FIRST, LetterKind.NOTICE), LetterKind.DEMAND, "2025-04-06"),
    ],
)
@BOTH
def test_first_lawful_day(
    debtor_type: DebtorType, before: tuple[LetterKind, ...], letter: LetterKind, first_day: str
) -> None:
    found = earliest_on(PACK, kind=letter, debtor_type=debtor_type, due_on=DUE, sent=sent(*before))
    assert found.on == date.fromisoformat(first_day)


@pytest.mark.parametrize(("days", "amount"), [(9, "0"), (10, "100"), (11, "100")])
def test_a_reminder_within_ten_days_of_the_last_earns_nothing(days: int, amount: str) -> None:
    reminded = sent(FIRST)
    decision = fee_for(
        PACK,
        facts("1000"),
        kind=FeeKind.REMINDER_FEE,
        on=reminded[-1].on + timedelta(days=days),
        charged=[ChargedFee(FeeKind.REMINDER_FEE, reminded[-1].on, kr("100"))],
        letter=SECOND,
        due_on=DUE,
        sent=reminded,
    )
    assert decision.amount == kr(amount)


@pytest.mark.parametrize(("days", "amount"), [(10, "0"), (11, "400")])
def test_the_demand_waits_until_the_notice_has_run_out(days: int, amount: str) -> None:
    noticed = sent(FIRST, LetterKind.NOTICE)
    on = noticed[-1].on + timedelta(days=days)
    decision = fee_for(
        PACK,
        facts("1000"),
        kind=FeeKind.DEMAND_FEE,
        on=on,
        charged=(),
        letter=LetterKind.DEMAND,
        due_on=DUE,
        sent=noticed,
    )
    assert decision.amount == kr(amount)


def test_no_demand_without_a_notice() -> None:
    with pytest.raises(RuleRefused, match="must follow a notice"):
        earliest_on(PACK, kind=LetterKind.DEMAND, debtor_type=CONSUMER, due_on=DUE, sent=sent(FIRST))


@pytest.mark.parametrize("letter", PACK.ladder(CONSUMER))
@BOTH
def test_every_letter_leaves_ten_days_to_answer(debtor_type: DebtorType, letter: LetterKind) -> None:
    assert response_days(PACK, letter, debtor_type, on=ON)[0] == 10


@pytest.mark.parametrize(
    ("due_on", "until", "rates"),
    [
        (date(2025, 12, 30), date(2025, 12, 31), ["9.75"]),
        (date(2025, 12, 30), date(2026, 1, 1), ["9.75", "9.75"]),
        (date(2025, 6, 29), date(2025, 6, 30), ["10.75"]),
        (date(2025, 6, 29), date(2025, 7, 1), ["10.75", "9.75"]),
        (date(2022, 1, 1), date(2022, 1, 2), ["7.55"]),
        (date(2025, 7, 1), date(2025, 7, 1), []),
    ],
)
@BOTH
def test_the_rate_floats_by_half_year(
    debtor_type: DebtorType, due_on: date, until: date, rates: list[str]
) -> None:
    assert [segment.rate for segment in interest(due_on, until, debtor_type).segments] == rates


def test_a_leap_day_bears_interest() -> None:
    (segment,) = interest(date(2024, 2, 27), date(2024, 3, 1)).segments
    assert (segment.days, segment.amount) == (3, kr("0.97"))


def test_the_unpublished_half_year_is_refused() -> None:
    last = interest(date(2026, 6, 28), date(2026, 6, 30))
    assert [segment.days for segment in last.segments] == [2]
    with pytest.raises(LawMissing, match=r"reference rate .* covers 2026-07-01"):
        interest(date(2026, 6, 28), date(2026, 7, 1))


def test_only_acknowledgement_and_court_interrupt_the_limitation() -> None:
    def last_on(kind: Interruption) -> date:
        found = limitation_on(
            PACK, debtor_type=CONSUMER, due_on=DUE, interruptions=[(kind, date(2026, 5, 1))]
        )
        return found.last_on

    assert last_on(Interruption.WRITTEN_DEMAND) == date(2028, 3, 15)
    assert last_on(Interruption.ACKNOWLEDGEMENT) == date(2029, 5, 1)


@pytest.mark.parametrize(("principal", "is_open"), [("100000", True), ("100000.01", False)])
def test_the_payment_order_has_a_limit(principal: str, is_open: bool) -> None:
    (wanted,) = legal_steps(PACK, debtor_type=CONSUMER, principal=kr(principal), met=frozenset(), on=ON)
    (step,) = legal_steps(PACK, debtor_type=CONSUMER, principal=kr(principal), met=wanted.lacking, on=ON)
    assert (step.is_open, wanted.is_open) == (is_open, False)


def test_the_notice_says_all_that_the_claim_can_be_judged_by() -> None:
    items, why = required_content(PACK, kind=LetterKind.NOTICE, debtor_type=CONSUMER, on=ON)
    assert {Content.GROUND, Content.PRINCIPAL, Content.PAY_BY} < items
    assert why.statute == "Inkassoloven 10 §"


@BOTH
def test_policy_sends_the_notice_before_the_demand(debtor_type: DebtorType) -> None:
    policy = load_policy("DK", debtor_type)
    letters = [step.letter for step in policy.steps if step.letter is not None]
    assert letters == [FIRST, LetterKind.NOTICE, LetterKind.DEMAND]
    assert policy.policy_id == f"dk_{debtor_type.value}_v2"


def test_the_calendar_and_the_citations() -> None:
    calendar = load_calendar("DK")
    assert date(2026, 4, 2) in calendar.holidays
    assert {row.citation.certainty for row in PACK.rows} == set(Certainty)
    assert all(row.citation.signed_off_by is None for row in PACK.rows)

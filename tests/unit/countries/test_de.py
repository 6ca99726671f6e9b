"""Germany: collection cost as damage, capped by multiples of the RVG scale from 2025-06-01."""

from __future__ import annotations

from datetime import date

import pytest
from sovinto.countries import load_calendar, load_pack, load_policy
from sovinto.domain.communication import Channel
from sovinto.domain.debt import debt_on
from sovinto.domain.debtor import DebtorType
from sovinto.domain.law.contents import required_content
from sovinto.domain.law.fees import ChargedFee, FeeFacts, cap_for, fee_for
from sovinto.domain.law.interest import InterestResult, accrue
from sovinto.domain.law.kinds import Certainty, Content, FeeKind, Interruption, LetterKind, Sender
from sovinto.domain.law.limitation import limitation_on
from sovinto.domain.law.rows import ScaleRow
from sovinto.domain.law.tariff import scale_amount
from sovinto.domain.law.waits import SentLetter, earliest_on, response_days
from sovinto.domain.money import Money
from sovinto.errors import LawMissing, RuleRefused

PACK = load_pack("DE")
DUE, ON, RVG_FROM = date(2025, 3, 15), date(2025, 9, 30), date(2025, 6, 1)
CONSUMER, BUSINESS = DebtorType.CONSUMER, DebtorType.BUSINESS
BOTH = pytest.mark.parametrize("debtor_type", list(DebtorType))
DEMAND, SECOND = FeeKind.DEMAND_FEE, FeeKind.SECOND_DEMAND_FEE


def eur(text: str) -> Money:
    return Money.parse(text, "EUR")


def facts(principal: str, debtor_type: DebtorType = CONSUMER, *, deducts: bool = True) -> FeeFacts:
    return FeeFacts(debtor_type, eur(principal), is_vat_deductible=deducts)


def interest(due_on: date, until: date, debtor_type: DebtorType = CONSUMER) -> InterestResult:
    history = ((due_on, eur("1000")),)
    return accrue(PACK, debtor_type=debtor_type, due_on=due_on, principal_history=history, until=until)


@pytest.mark.parametrize(
    ("principal", "deducts", "first", "together"),
    [
        ("1234.56", True, "80.70", "141.05"),
        ("1234.56", False, "96.03", "167.85"),
        ("45.00", True, "18.30", "32.94"),
        ("45.00", False, "21.78", "39.20"),
    ],
)
def test_consumer_example(principal: str, deducts: bool, first: str, together: str) -> None:
    debt = debt_on(PACK, facts(principal, deducts=deducts), due_on=DUE, on=ON)
    assert [(fee.kind, fee.on) for fee in debt.fees] == [
        (DEMAND, date(2025, 6, 1)),
        (SECOND, date(2025, 6, 15)),
    ]
    assert debt.fees[0].amount == eur(first)
    assert (debt.fee_total, debt.cap) == (eur(together), eur(together))


@pytest.mark.parametrize(
    ("debtor_type", "segments", "total"),
    [
        (CONSUMER, [(107, "7.27", "26.31"), (92, "6.27", "19.51")], "45.82"),
        (BUSINESS, [(107, "11.27", "40.79"), (92, "10.27", "31.96")], "72.75"),
    ],
)
def test_interest_of_the_example(
    debtor_type: DebtorType, segments: list[tuple[int, str, str]], total: str
) -> None:
    found = debt_on(PACK, facts("1234.56", debtor_type), due_on=DUE, on=ON).interest
    assert [(s.days, s.rate, s.amount.decimal()) for s in found.segments] == segments
    assert found.total == eur(total)


@pytest.mark.parametrize(
    ("principal", "total", "lump"), [("1234.56", "141.05", "0"), ("45.00", "40", "40")]
)
def test_a_business_owes_the_larger_of_lump_sum_and_fees(principal: str, total: str, lump: str) -> None:
    debt = debt_on(PACK, facts(principal, BUSINESS), due_on=DUE, on=ON)
    assert (debt.fees[0].kind, debt.fees[0].amount) == (FeeKind.LUMP_SUM, eur(lump))
    assert (debt.fee_total, debt.cap) == (eur(total), eur(total))


@pytest.mark.parametrize(
    ("principal", "demand", "second"), [("1234.56", "40.70", "60.35"), ("45.00", "0", "0")]
)
def test_fees_beyond_a_lump_sum_charged_before(principal: str, demand: str, second: str) -> None:
    owed, charged = facts(principal, BUSINESS), [ChargedFee(FeeKind.LUMP_SUM, DUE, eur("40"))]
    for kind, on, amount in ((DEMAND, RVG_FROM, demand), (SECOND, ON, second)):
        decision = fee_for(PACK, owed, kind=kind, on=on, charged=charged, due_on=DUE)
        assert decision.amount == eur(amount)
        charged.append(ChargedFee(kind, on, decision.amount))


@pytest.mark.parametrize(
    ("up_to", "fee", "beyond"),
    [
        ("50", "30.50", "51.50"),
        ("500", "51.50", "93"),
        ("1000", "93", "134.50"),
        ("1500", "134.50", "176"),
        ("2000", "176", "235.50"),
        ("3000", "235.50", "295"),
        ("5000", "354.50", "414"),
        ("10000", "652", "707"),
        ("13000", "707", "762"),
        ("25000", "927", "1013"),
        ("50000", "1357", "1456.50"),
        ("200000", "2352", "2492"),
        ("500000", "3752", "3927"),
        ("550000", "3927", "4102"),
    ],
)
def test_every_step_of_the_rvg_scale(up_to: str, fee: str, beyond: str) -> None:
    (scale,) = PACK.of(ScaleRow)
    edge, cent = eur(up_to), eur("0.01")
    found = [scale_amount(scale.steps, value) for value in (edge - cent, edge, edge + cent)]
    assert found == [eur(fee), eur(fee), eur(beyond)]


@pytest.mark.parametrize(
    ("kind", "principal", "amount"),
    [
        (DEMAND, "500", "30.90"),
        (DEMAND, "500.01", "55.80"),
        (DEMAND, "3000", "137.75"),
        (SECOND, "50", "32.94"),
        (SECOND, "500", "55.62"),
        (SECOND, "1000", "100.44"),
        (SECOND, "10000", "606.80"),
    ],
)
@BOTH
def test_fee_with_expenses(debtor_type: DebtorType, kind: FeeKind, principal: str, amount: str) -> None:
    """Expenses are a fifth of the fee, at most 20 euro (from a fee of 100 on)."""
    decision = fee_for(PACK, facts(principal, debtor_type), kind=kind, on=ON, charged=())
    assert (decision.amount, decision.reason) == (eur(amount), "")


@pytest.mark.parametrize("kind", [DEMAND, SECOND])
def test_one_fee_of_a_kind_for_each_claim(kind: FeeKind) -> None:
    before = [ChargedFee(kind, RVG_FROM, eur("30"))]
    decision = fee_for(PACK, facts("1000"), kind=kind, on=ON, charged=before)
    assert (decision.amount, decision.reason) == (eur("0"), "1 of at most 1 such fees are charged already")


@pytest.mark.parametrize("kind", [DEMAND, SECOND])
def test_fees_before_the_scale_are_refused(kind: FeeKind) -> None:
    first = fee_for(PACK, facts("1000"), kind=kind, on=RVG_FROM, charged=())
    assert first.amount > eur("0")
    with pytest.raises(LawMissing, match=f"{kind.value} sent by the agency"):
        fee_for(PACK, facts("1000"), kind=kind, on=date(2025, 5, 31), charged=())


def test_a_debt_before_the_scale_is_refused() -> None:
    with pytest.raises(LawMissing, match="total of fees"):
        debt_on(PACK, facts("1000"), due_on=DUE, on=date(2025, 5, 31))


@pytest.mark.parametrize(
    ("kind", "sender"), [(FeeKind.REMINDER_FEE, Sender.AGENCY), (DEMAND, Sender.CREDITOR)]
)
def test_reminders_and_the_creditors_own_letters_have_no_tariff(kind: FeeKind, sender: Sender) -> None:
    with pytest.raises(LawMissing, match=kind.value):
        fee_for(PACK, facts("1000"), kind=kind, on=ON, charged=(), sender=sender)


@pytest.mark.parametrize(
    ("letter", "sent", "first_day"),
    [
        (LetterKind.REMINDER, (), "2025-07-02"),
        (LetterKind.DEMAND, (), "2025-07-02"),
        (LetterKind.SECOND_DEMAND, ((LetterKind.DEMAND, date(2025, 7, 2)),), "2025-07-16"),
    ],
)
@BOTH
def test_first_lawful_day(
    debtor_type: DebtorType,
    letter: LetterKind,
    sent: tuple[tuple[LetterKind, date], ...],
    first_day: str,
) -> None:
    letters = [SentLetter(kind, on) for kind, on in sent]
    due_on = date(2025, 7, 1)
    found = earliest_on(PACK, kind=letter, debtor_type=debtor_type, due_on=due_on, sent=letters)
    assert found.on == date.fromisoformat(first_day)


@pytest.mark.parametrize(("on", "amount"), [("2025-07-15", "0"), ("2025-07-16", "44.64")])
def test_the_second_demand_earns_nothing_too_early(on: str, amount: str) -> None:
    demanded = date(2025, 7, 2)
    decision = fee_for(
        PACK,
        facts("1000"),
        kind=SECOND,
        on=date.fromisoformat(on),
        charged=[ChargedFee(DEMAND, demanded, eur("55.80"))],
        due_on=date(2025, 7, 1),
        sent=[SentLetter(LetterKind.DEMAND, demanded)],
    )
    assert decision.amount == eur(amount)


def test_no_second_demand_without_a_first() -> None:
    with pytest.raises(RuleRefused, match="must follow a demand"):
        earliest_on(PACK, kind=LetterKind.SECOND_DEMAND, debtor_type=CONSUMER, due_on=DUE, sent=())


@pytest.mark.parametrize(("channel", "days"), [(Channel.POST, 13), (Channel.EMAIL, 10)])
def test_the_time_to_answer_ends_before_the_second_demand(channel: Channel, days: int) -> None:
    assert response_days(PACK, LetterKind.DEMAND, CONSUMER, on=ON, channel=channel)[0] == days


@pytest.mark.parametrize(
    ("due_on", "until", "rates"),
    [
        (date(2024, 12, 30), date(2024, 12, 31), ["8.37"]),
        (date(2024, 12, 30), date(2025, 1, 1), ["8.37", "7.27"]),
        (date(2026, 6, 29), date(2026, 6, 30), ["6.27"]),
        (date(2026, 6, 29), date(2026, 7, 1), ["6.27", "6.52"]),
        (date(2022, 6, 30), date(2022, 7, 1), ["4.12"]),
    ],
)
def test_the_rate_floats_by_half_year(due_on: date, until: date, rates: list[str]) -> None:
    assert [segment.rate for segment in interest(due_on, until).segments] == rates


def test_a_leap_day_bears_interest() -> None:
    (segment,) = interest(date(2024, 2, 27), date(2024, 3, 1), BUSINESS).segments
    assert (segment.days, segment.rate, segment.amount) == (3, "12.62", eur("1.04"))


def test_a_half_year_without_a_rate_is_refused() -> None:
    assert interest(date(2026, 12, 30), date(2026, 12, 31)).total == eur("0.18")
    with pytest.raises(LawMissing, match=r"reference rate .* covers 2027-01-01"):
        interest(date(2026, 12, 30), date(2027, 1, 1))


@pytest.mark.parametrize(
    ("due_on", "last_on"), [("2025-01-01", "2028-12-31"), ("2025-12-31", "2028-12-31")]
)
def test_limitation_runs_from_the_end_of_the_year(due_on: str, last_on: str) -> None:
    found = limitation_on(
        PACK,
        debtor_type=CONSUMER,
        due_on=date.fromisoformat(due_on),
        interruptions=[(Interruption.WRITTEN_DEMAND, date(2026, 5, 1))],
    )
    assert found.last_on == date.fromisoformat(last_on)


@pytest.mark.parametrize(("debtor_type", "names_it"), [(CONSUMER, True), (BUSINESS, False)])
def test_a_private_person_is_told_the_supervisor(debtor_type: DebtorType, names_it: bool) -> None:
    items, _ = required_content(PACK, kind=LetterKind.DEMAND, debtor_type=debtor_type, on=ON)
    assert (Content.SUPERVISOR in items) is names_it
    assert {Content.INTEREST_BASIS, Content.COSTS_ITEMISED, Content.VAT_STATEMENT} < items


@pytest.mark.parametrize(
    ("debtor_type", "fees"),
    [(CONSUMER, [None, DEMAND, SECOND]), (BUSINESS, [FeeKind.LUMP_SUM, DEMAND, SECOND])],
)
def test_policy_reminds_before_it_demands(debtor_type: DebtorType, fees: list[FeeKind | None]) -> None:
    steps = [step for step in load_policy("DE", debtor_type).steps if step.letter is not None]
    assert tuple(step.letter for step in steps) == PACK.ladder(debtor_type)
    assert [step.fee for step in steps] == fees


def test_the_cap_cites_the_scale_and_the_calendar_is_german() -> None:
    cap = cap_for(PACK, facts("1000"), on=ON)
    assert cap is not None
    assert [rule.rule_id for rule in cap.rules] == ["de.fee_cap", "de.second_demand_fee", "de.scale.rvg"]
    assert date(2026, 10, 3) in load_calendar("DE").holidays


def test_no_rule_is_signed_off_and_none_claims_to_be_read_in_the_law() -> None:
    assert {row.citation.certainty for row in PACK.rows} == {Certainty.SECONDARY, Certainty.ASSUMED}
    assert all(row.citation.signed_off_by is None for row in PACK.rows)

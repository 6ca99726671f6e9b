"""Countries that live by the shared rules for businesses until a lawyer writes their own."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sovinto.countries import countries, load_calendar, load_pack, load_policy
from sovinto.countries.loader import _shared, load_identity
from sovinto.domain.communication import Channel
from sovinto.domain.debt import Debt, debt_on
from sovinto.domain.debtor import DebtorType
from sovinto.domain.law.contact import next_contact_time
from sovinto.domain.law.contents import required_content
from sovinto.domain.law.fees import FeeFacts, cap_for
from sovinto.domain.law.forms import lawful_channels
from sovinto.domain.law.kinds import Certainty, Circumstance, Effect, FeeKind, LetterKind
from sovinto.domain.law.limitation import limitation_on
from sovinto.domain.law.references import reference_schemes
from sovinto.domain.law.stops import stop_for
from sovinto.domain.law.vat import standard_rate
from sovinto.domain.law.waits import response_days
from sovinto.domain.money import Money
from sovinto.errors import InvalidInput, LawMissing

HEIRS = {country: load_identity(country) for country in countries() if load_identity(country).inherits}
ALL = tuple(HEIRS)
EURO = tuple(country for country in ALL if HEIRS[country].inherits == "eu_business")
CONTRACT_ONLY = tuple(country for country in ALL if HEIRS[country].inherits == "contract_only")
OWN_MONEY = {
    "CH": "CHF", "CZ": "CZK", "HU": "HUF", "IS": "ISK", "LI": "CHF", "PL": "PLN", "RO": "RON",
}  # fmt: skip
BUSINESS = DebtorType.BUSINESS
ON = date(2026, 10, 5)


def owed(country: str, due_on: str, on: str, principal: str) -> Debt:
    pack = load_pack(country)
    facts = FeeFacts(BUSINESS, Money.parse(principal, pack.currency))
    return debt_on(pack, facts, due_on=date.fromisoformat(due_on), on=date.fromisoformat(on))


def test_more_than_thirty_countries_are_there() -> None:
    assert len(countries()) > 30
    assert set(ALL) == set(EURO) | set(CONTRACT_ONLY)
    assert len(EURO) > 15


def test_rules_with_amounts_in_euro_are_for_the_euro_only() -> None:
    """Its 40 euro would become 40 zloty."""
    identity = HEIRS["PL"].model_copy(update={"inherits": "eu_business"})
    with pytest.raises(InvalidInput, match="EUR, and the country's currency is PLN"):
        _shared(identity)


@pytest.mark.parametrize("country", ALL)
def test_the_country_is_its_own(country: str) -> None:
    pack = load_pack(country)
    assert (pack.country, pack.languages[-1]) == (country, "en")
    assert pack.currency == OWN_MONEY.get(country, "EUR")


@pytest.mark.parametrize("country", ALL)
def test_every_rule_is_open_about_being_assumed(country: str) -> None:
    rows = load_pack(country).rows
    assert {row.citation.certainty for row in rows} == {Certainty.ASSUMED}
    assert {row.citation.is_confirmed for row in rows} == {False}


@pytest.mark.parametrize("country", ALL)
def test_a_consumer_is_refused_with_a_sentence(country: str) -> None:
    with pytest.raises(LawMissing, match=f"The {country} pack takes business debtors only, not consumer"):
        load_pack(country).ladder(DebtorType.CONSUMER)
    policy = load_policy(country, BUSINESS)
    assert policy.plan.min_instalment.currency == load_pack(country).currency
    with pytest.raises(LawMissing, match="no policy"):
        load_policy(country, DebtorType.CONSUMER)


@pytest.mark.parametrize("country", ALL)
def test_holidays_are_known_for_every_year_of_the_calendar(country: str) -> None:
    calendar = load_calendar(country)
    for year in range(calendar.first_on.year, calendar.last_on.year + 1):
        assert not calendar.is_banking_day(date(year, 1, 1))
        assert not calendar.is_banking_day(date(year, 12, 25))
        assert sum(day.year == year for day in calendar.holidays) >= 4


@pytest.mark.parametrize("country", ALL)
def test_every_letter_of_the_policy_can_be_sent(country: str) -> None:
    pack = load_pack(country)
    letters = tuple(step.letter for step in load_policy(country, BUSINESS).steps if step.letter is not None)
    assert letters == pack.ladder(BUSINESS)
    for kind in letters:
        channels, _ = lawful_channels(
            pack, kind=kind, debtor_type=BUSINESS, has_electronic_consent=False, on=ON
        )
        assert channels == {Channel.EMAIL, Channel.POST}
        assert response_days(pack, kind, BUSINESS, on=ON)[0] == 13
        assert required_content(pack, kind=kind, debtor_type=BUSINESS, on=ON)[0]


@pytest.mark.parametrize("country", ALL)
def test_no_total_is_named_a_dispute_stops_and_three_years_are_our_limit(country: str) -> None:
    pack = load_pack(country)
    cap = cap_for(pack, FeeFacts(BUSINESS, Money.parse("100", pack.currency)), on=ON)
    assert (cap is None) is (country in EURO)
    assert cap is None or not cap.amount
    assert reference_schemes(pack, debtor_type=BUSINESS, on=ON).preferred.value == "rf"
    stop = stop_for(pack, Circumstance.DISPUTE, debtor_type=BUSINESS, since=ON)
    assert Effect.NO_DEMAND in stop.effects
    assert limitation_on(pack, debtor_type=BUSINESS, due_on=ON).last_on == ON.replace(year=ON.year + 3)


@pytest.mark.parametrize(("country", "first"), [("BG", "2026-01-01"), ("HR", "2023-01-01")])
def test_nothing_is_calculated_in_euro_before_the_euro(country: str, first: str) -> None:
    since = date.fromisoformat(first)
    assert owed(country, str(since - timedelta(days=1)), first, "100").interest.segments[0].from_on == since
    with pytest.raises(LawMissing, match=str(since - timedelta(days=1))):
        owed(country, str(since - timedelta(days=2)), first, "100")


@pytest.mark.parametrize("country", [country for country in EURO if country != "BG"])
def test_forty_euro_and_the_ecb_rate_plus_eight(country: str) -> None:
    debt = owed(country, "2025-03-15", "2025-09-30", "1234.56")
    assert [(s.days, s.rate, s.amount.decimal()) for s in debt.interest.segments] == [
        (107, "11.15", "40.35"),
        (92, "10.15", "31.58"),
    ]
    assert [(fee.kind, fee.on, fee.amount.decimal()) for fee in debt.fees] == [
        (FeeKind.LUMP_SUM, date(2025, 3, 16), "40.00")
    ]
    assert debt.total.decimal() == "1346.49"


@pytest.mark.parametrize(
    ("on", "rate"),
    [
        ("2022-01-01", "8"),
        ("2022-12-31", "8"),
        ("2023-01-01", "10.5"),
        ("2023-07-01", "12"),
        ("2024-01-01", "12.5"),
        ("2024-02-29", "12.5"),
        ("2024-06-30", "12.5"),
        ("2024-07-01", "12.25"),
        ("2025-01-01", "11.15"),
        ("2025-06-30", "11.15"),
        ("2025-07-01", "10.15"),
        ("2026-06-30", "10.15"),
        ("2026-07-01", "10.4"),
        ("2026-12-31", "10.4"),
    ],
)
def test_the_rate_of_each_half_year(on: str, rate: str) -> None:
    segments = owed("AT", "2021-12-31", on, "100").interest.segments
    assert segments[-1].rate == rate


def test_a_half_year_without_a_rate_is_refused() -> None:
    with pytest.raises(LawMissing, match="reference rate"):
        owed("FR", "2026-12-15", "2027-01-01", "100")


@pytest.mark.parametrize("country", CONTRACT_ONLY)
def test_elsewhere_the_principal_alone_is_asked_for(country: str) -> None:
    debt = owed(country, "2022-01-15", "2027-06-30", "50000")
    assert (debt.interest.segments, debt.fees) == ((), ())
    assert debt.total == debt.principal
    assert all(step.fee is None for step in load_policy(country, BUSINESS).steps)


@pytest.mark.parametrize(("country", "first_on"), [("BG", date(2026, 1, 1)), ("HR", date(2023, 1, 1))])
def test_the_calendar_begins_with_the_euro(country: str, first_on: date) -> None:
    assert load_calendar(country).first_on == first_on


@pytest.mark.parametrize(
    ("country", "percent"),
    [("AT", "20"), ("SK", "23"), ("HU", "27"), ("RO", "21"), ("CH", "8.1"), ("IS", "24")],
)
def test_vat_on_our_own_invoices(country: str, percent: str) -> None:
    assert standard_rate(load_pack(country), ON).percent == percent


@pytest.mark.parametrize(("country", "day"), [("SK", date(2024, 12, 31)), ("RO", date(2025, 7, 31))])
def test_vat_before_its_row_is_refused(country: str, day: date) -> None:
    with pytest.raises(LawMissing, match="VAT"):
        standard_rate(load_pack(country), day)


def test_a_business_is_called_in_office_hours_of_its_own_zone() -> None:
    friday_evening = datetime(2026, 10, 2, 17, 0, tzinfo=UTC)
    moment = next_contact_time(load_pack("GR"), load_calendar("GR"), Channel.CALL, friday_evening, BUSINESS)
    assert moment == datetime(2026, 10, 5, 6, 0, tzinfo=UTC)


def test_a_letter_says_what_it_asks_for() -> None:
    with_interest = required_content(load_pack("IT"), kind=LetterKind.DEMAND, debtor_type=BUSINESS, on=ON)[
        0
    ]
    without = required_content(load_pack("PL"), kind=LetterKind.DEMAND, debtor_type=BUSINESS, on=ON)[0]
    assert sorted(with_interest - without) == ["costs_itemised", "interest", "interest_basis"]

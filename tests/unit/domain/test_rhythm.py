"""When a client is paid: a missed payday is made good, claw-backs never wait, nothing waits for ever."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sovinto.countries import load_calendar
from sovinto.domain.money import Money
from sovinto.domain.payment import Payable
from sovinto.domain.rhythm import Pace, Rhythm, to_pay
from sovinto.errors import InvalidInput
from sovinto.ids import CaseId, ClientId, PaymentId

FI = load_calendar("FI")


def payable(on: date, minor: int = 1_000) -> Payable:
    zero = Money(0, "EUR")
    return Payable(
        ClientId("cli_1"), CaseId("case_1"), "A", PaymentId(f"pay_{on}"), on, Money(minor, "EUR"), zero
    )


def paid(rhythm: Rhythm, today: date, *payables: Payable) -> list[int]:
    return [p.received_on.day for p in to_pay(payables, rhythm, "EUR", FI, today)]


@pytest.mark.parametrize(
    ("rhythm", "today", "expected"),
    [
        (Rhythm(), date(2026, 1, 10), [2, 7, 9]),
        (Rhythm(Pace.DAILY), date(2026, 1, 9), [2, 7, 9]),
        (Rhythm(Pace.DAILY), date(2026, 1, 10), []),
        (Rhythm(Pace.WEEKLY, day=3), date(2026, 1, 7), [2, 7]),
        (Rhythm(Pace.WEEKLY, day=3), date(2026, 1, 8), [2, 7]),
        # The 6th is Epiphany, so a Tuesday payday is the Wednesday after.
        (Rhythm(Pace.WEEKLY, day=2), date(2026, 1, 7), [2, 7]),
        (Rhythm(Pace.MONTHLY, day=5), date(2026, 1, 9), [2]),
        (Rhythm(Pace.THRESHOLD, least_minor=3_000), date(2026, 1, 9), [2, 7, 9]),
        (Rhythm(Pace.THRESHOLD, least_minor=3_001), date(2026, 1, 9), [2]),
    ],
)
def test_the_rhythm(rhythm: Rhythm, today: date, expected: list[int]) -> None:
    received = [payable(date(2026, 1, day)) for day in (2, 7, 9)]
    assert paid(rhythm, today, *received) == expected


def test_claw_backs_never_wait() -> None:
    back = payable(date(2026, 1, 9), -500)
    assert paid(Rhythm(Pace.MONTHLY, day=5), date(2026, 1, 9), back) == [9]


RHYTHMS = st.one_of(
    st.just(Rhythm(Pace.DAILY)),
    st.integers(1, 7).map(lambda day: Rhythm(Pace.WEEKLY, day)),
    st.integers(1, 28).map(lambda day: Rhythm(Pace.MONTHLY, day)),
    st.integers(1, 9_999).map(lambda least: Rhythm(Pace.THRESHOLD, least_minor=least)),
)


@given(RHYTHMS, st.dates(date(2025, 1, 1), date(2026, 6, 30)))
def test_every_payment_is_paid_within_a_month_and_a_few_days(rhythm: Rhythm, on: date) -> None:
    money = payable(on)
    days = [on + timedelta(days=ahead) for ahead in range(42)]
    found = [day for day in days if to_pay([money], rhythm, "EUR", FI, day)]
    assert found and FI.is_banking_day(found[0])
    later = [day for day in days if day > found[0] and FI.is_banking_day(day)]
    assert all(to_pay([money], rhythm, "EUR", FI, day) for day in later), "a missed run is made good"


@pytest.mark.parametrize(
    "given_",
    [{"pace": Pace.WEEKLY, "day": 8}, {"pace": Pace.MONTHLY, "day": 29}, {"pace": Pace.THRESHOLD}],
)
def test_a_rhythm_without_its_number_is_refused(given_: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        Rhythm(**given_)  # type: ignore[arg-type]

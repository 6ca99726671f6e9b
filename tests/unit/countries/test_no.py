"""The Norwegian pack: fees as multiples of the inkassosats, the published rates, and example E3."""

from __future__ import annotations

from datetime import date

import pytest
from sovinto.countries import load_pack
from sovinto.domain.debt import debt_on
from sovinto.domain.debtor import DebtorType
from sovinto.domain.law.fees import ChargedFee, FeeFacts, cap_for, fee_for, lump_sum_for
from sovinto.domain.law.interest import accrue
from sovinto.domain.law.kinds import (
    FeeKind,
    Sender,
)
from sovinto.domain.money import Money
from sovinto.errors import LawMissing

PACK = load_pack("NO")
CONSUMER, BUSINESS = DebtorType.CONSUMER, DebtorType.BUSINESS
DUE = date(2026, 3, 15)
PAID = date(2026, 9, 30)
LAST_DAY = date(2026, 12, 31)


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


def interest(due_on: date, until: date, principal: str) -> list[tuple[str, int, str]]:
    result = accrue(
        PACK,
        debtor_type=BUSINESS,
        due_on=due_on,
        principal_history=((due_on, nok(principal)),),
        until=until,
    )
    return [(segment.rate, segment.days, segment.amount.decimal()) for segment in result.segments]


def test_e3_consumer_to_the_cent() -> None:
    debt = debt_on(PACK, FeeFacts(CONSUMER, nok("1500")), due_on=DUE, on=PAID)
    assert interest(DUE, PAID, "1500") == [("12", 107, "52.77"), ("12.25", 92, "46.32")]
    assert debt.interest.total == nok("99.09")
    assert [(step.kind, step.on, step.amount) for step in debt.fees] == [
        (FeeKind.REMINDER_FEE, date(2026, 3, 29), nok("38")),
        (FeeKind.NOTICE_FEE, date(2026, 4, 13), nok("38")),
        (FeeKind.DEMAND_FEE, date(2026, 4, 28), nok("300")),
        (FeeKind.SECOND_DEMAND_FEE, date(2026, 6, 10), nok("300")),
    ]
    assert (debt.fee_total, debt.cap, debt.total) == (nok("676"), nok("676"), nok("2275.09"))


def test_e3_business_fees_absorb_the_compensation() -> None:
    debt = debt_on(PACK, FeeFacts(BUSINESS, nok("1500")), due_on=DUE, on=PAID)
    assert [(step.kind, step.amount) for step in debt.fees] == [
        (FeeKind.LUMP_SUM, nok("0")),
        (FeeKind.REMINDER_FEE, nok("38")),
        (FeeKind.NOTICE_FEE, nok("38")),
        (FeeKind.DEMAND_FEE, nok("450")),
        (FeeKind.SECOND_DEMAND_FEE, nok("450")),
    ]
    assert (debt.fees[0].absorbed, debt.cap) == (nok("460"), nok("976"))


@pytest.mark.parametrize(
    ("on", "consumer", "business"),
    [
        ("2026-03-15", "0", "0"),
        ("2026-03-16", "0", "460"),
        ("2026-03-28", "0", "460"),
        ("2026-03-29", "38", "460"),
        ("2026-04-12", "38", "460"),
        ("2026-04-13", "76", "460"),
        ("2026-04-27", "76", "460"),
        ("2026-04-28", "376", "526"),
        ("2026-06-09", "376", "526"),
        ("2026-06-10", "676", "976"),
    ],
)
def test_fees_appear_on_their_first_lawful_day(on: str, consumer: str, business: str) -> None:
    for debtor_type, fees in ((CONSUMER, consumer), (BUSINESS, business)):
        debt = debt_on(PACK, FeeFacts(debtor_type, nok("1500")), due_on=DUE, on=date.fromisoformat(on))
        assert debt.fee_total == nok(fees)


@pytest.mark.parametrize(
    ("limit", "at", "above"),
    [
        ("500", "187.50", "262.50"),
        ("1000", "262.50", "300"),
        ("2500", "300", "600"),
        ("10000", "600", "1200"),
        ("50000", "1200", "2700"),
        ("250000", "2700", "5400"),
    ],
)
def test_each_band_ends_with_its_limit(limit: str, at: str, above: str) -> None:
    below, beyond = f"{int(limit) - 1}.99", f"{limit}.01"
    for principal, light in ((below, at), (limit, at), (beyond, above)):
        once, amount = nok(light), fee(FeeKind.DEMAND_FEE, principal)
        assert amount == once
        assert fee(FeeKind.SECOND_DEMAND_FEE, principal) == once + once
        business = fee(FeeKind.DEMAND_FEE, principal, debtor_type=BUSINESS)
        assert business.minor * 2 == once.minor * 3
        assert fee(FeeKind.SECOND_DEMAND_FEE, principal, debtor_type=BUSINESS) == business + business


@pytest.mark.parametrize(
    ("kind", "sender", "in_2025", "in_2026"),
    [
        (FeeKind.REMINDER_FEE, Sender.AGENCY, "35", "38"),
        (FeeKind.REMINDER_FEE, Sender.CREDITOR, "35", "38"),
        (FeeKind.NOTICE_FEE, Sender.AGENCY, "35", "38"),
        (FeeKind.DEMAND_FEE, Sender.CREDITOR, "105", "113"),
        (FeeKind.DEMAND_FEE, Sender.AGENCY, "280", "300"),
        (FeeKind.SECOND_DEMAND_FEE, Sender.AGENCY, "560", "600"),
    ],
)
def test_fees_follow_the_inkassosats_of_the_year(
    kind: FeeKind, sender: Sender, in_2025: str, in_2026: str
) -> None:
    assert fee(kind, on=date(2025, 12, 31), sender=sender) == nok(in_2025)
    assert fee(kind, on=date(2026, 1, 1), sender=sender) == nok(in_2026)
    assert fee(kind, on=LAST_DAY, sender=sender) == nok(in_2026)


def test_a_year_without_an_inkassosats_is_refused() -> None:
    with pytest.raises(LawMissing, match="scale inkassosats"):
        fee(FeeKind.REMINDER_FEE, on=date(2024, 12, 31))


@pytest.mark.parametrize(
    ("kind", "amount"),
    [(FeeKind.REMINDER_FEE, "38"), (FeeKind.NOTICE_FEE, "38"), (FeeKind.DEMAND_FEE, "375")],
)
def test_vat_joins_only_what_the_agency_does(kind: FeeKind, amount: str) -> None:
    assert fee(kind, deductible=False) == nok(amount)


def test_the_heavy_fee_stands_in_for_the_light_one_with_vat_too() -> None:
    light = ChargedFee(FeeKind.DEMAND_FEE, date(2026, 4, 28), nok("375"))
    assert fee(FeeKind.SECOND_DEMAND_FEE, deductible=False, charged=(light,)) == nok("375")


@pytest.mark.parametrize(
    ("charged", "asked", "amount"),
    [
        ((FeeKind.REMINDER_FEE,), FeeKind.NOTICE_FEE, "38"),
        ((FeeKind.REMINDER_FEE,), FeeKind.REMINDER_FEE, "38"),
        ((FeeKind.REMINDER_FEE, FeeKind.NOTICE_FEE), FeeKind.REMINDER_FEE, "0"),
        ((FeeKind.REMINDER_FEE, FeeKind.REMINDER_FEE), FeeKind.NOTICE_FEE, "0"),
        ((FeeKind.DEMAND_FEE,), FeeKind.DEMAND_FEE, "0"),
    ],
)
def test_two_reminders_of_either_kind_and_one_demand(
    charged: tuple[FeeKind, ...], asked: FeeKind, amount: str
) -> None:
    before = tuple(ChargedFee(kind, date(2026, 4, 1), nok("38")) for kind in charged)
    assert fee(asked, charged=before) == nok(amount)


def test_a_creditor_charges_one_demand_of_its_own() -> None:
    own = ChargedFee(FeeKind.DEMAND_FEE, date(2026, 4, 28), nok("113"), Sender.CREDITOR)
    cap = cap_for(PACK, FeeFacts(CONSUMER, nok("1500")), on=PAID, sender=Sender.CREDITOR)
    assert fee(FeeKind.SECOND_DEMAND_FEE, sender=Sender.CREDITOR, charged=(own,)) == nok("0")
    assert cap is not None
    assert cap.amount == nok("189")


@pytest.mark.parametrize(
    ("due", "amount"),
    [
        ("2021-12-31", "390"),
        ("2022-06-30", "400"),
        ("2025-12-31", "460"),
        ("2026-06-29", "460"),
        ("2026-06-30", "430"),
    ],
)
def test_the_first_day_of_delay_decides_the_compensation(due: str, amount: str) -> None:
    due_on, facts = date.fromisoformat(due), FeeFacts(BUSINESS, nok("1500"))
    asked = {on: lump_sum_for(PACK, facts, due_on=due_on, on=on, charged=()) for on in (due_on, PAID)}
    assert (asked[due_on].amount, asked[PAID].amount) == (nok("0"), nok(amount))


def test_the_compensation_of_a_half_year_without_a_row_is_refused_not_zero() -> None:
    with pytest.raises(LawMissing, match="lump sum"):
        lump_sum_for(PACK, FeeFacts(BUSINESS, nok("1500")), due_on=date(2026, 12, 31), on=PAID, charged=())


@pytest.mark.parametrize(
    ("due", "until", "segments"),
    [
        ("2022-06-29", "2022-07-01", [("8.5", 1, "23.29"), ("9.25", 1, "25.34")]),
        ("2024-02-28", "2024-03-01", [("12.5", 2, "68.49")]),
        ("2025-06-29", "2025-07-01", [("12.5", 1, "34.25"), ("12.25", 1, "33.56")]),
        ("2025-12-30", "2026-01-01", [("12.25", 1, "33.56"), ("12", 1, "32.88")]),
    ],
)
def test_the_rate_changes_on_the_first_of_january_and_july(
    due: str, until: str, segments: list[tuple[str, int, str]]
) -> None:
    assert interest(date.fromisoformat(due), date.fromisoformat(until), "100000") == segments


def test_charged_letter_by_letter_a_business_owes_what_exceeds_the_compensation() -> None:
    charged: tuple[ChargedFee, ...] = (ChargedFee(FeeKind.LUMP_SUM, DUE, nok("460")),)
    amounts = []
    for at, kind in enumerate((FeeKind.NOTICE_FEE, FeeKind.DEMAND_FEE, FeeKind.SECOND_DEMAND_FEE)):
        on = date(2026, 4 + at, 28)
        amount = fee(kind, debtor_type=BUSINESS, on=on, charged=charged)
        charged = (*charged, ChargedFee(kind, on, amount))
        amounts.append(amount)
    assert amounts == [nok("0"), nok("28"), nok("450")]

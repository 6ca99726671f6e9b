"""The table and the explained engine say the same of every case, and refuse the same ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sovinto.countries import countries, load_pack
from sovinto.domain.debt import debt_on
from sovinto.domain.debtor import DebtorType
from sovinto.domain.debts.table import DebtTable, debt_table
from sovinto.domain.law.fees import FeeFacts
from sovinto.domain.law.kinds import (
    ClaimKind,
    Compounding,
    FeeKind,
    InterestBasis,
    LetterKind,
    RateMovement,
    Rounding,
    Sender,
    VatTreatment,
)
from sovinto.domain.law.model import Pack
from sovinto.domain.law.rows import (
    Band,
    CapPart,
    FeeCapRow,
    FeeRow,
    FeeVatRow,
    InterestTermsRow,
    LumpSumRow,
    MarginRow,
    ReferenceRateRow,
    Row,
    ScaleRow,
    ScaleStep,
    Tariff,
    WaitRow,
)
from sovinto.domain.money import Money
from sovinto.errors import SovintoError

from tests.support.power import examples

FI = load_pack("FI")
CHANGE = date(2025, 6, 1)


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def every(pack: Pack, kind: type[Row], **changes: Any) -> Pack:
    """The pack with some fields of all rows of one kind changed."""
    rows = tuple(replace(row, **changes) for row in pack.of(kind))
    return replace(pack, rules={**pack.rules, kind: rows})


def with_row(pack: Pack, row: Row) -> Pack:
    return replace(pack, rules={**pack.rules, type(row): (*pack.of(type(row)), row)})


def from_change_on(pack: Pack, kind: type[Row], change: Callable[[Any], Row], days: int = 0) -> Pack:
    """The rows of one kind end the day before the change, and changed ones follow `days` later."""
    rows: list[Row] = []
    for row in pack.of(kind):
        old, new = replace(row.citation, valid_to=CHANGE - timedelta(days=1)), change(row)
        later = replace(row.citation, valid_from=CHANGE + timedelta(days=days))
        rows += [replace(row, citation=old), replace(new, citation=later)]
    return replace(pack, rules={**pack.rules, kind: tuple(rows)})


PERCENT = Tariff(
    bands=(
        Band(eur(2500_00), eur(0), percent_of_excess=Fraction(15)),
        Band(eur(5000_00), eur(375_00), percent_of_excess=Fraction(10)),
        Band(eur(10000_00), eur(625_00), percent_of_excess=Fraction(5)),
        Band(None, eur(875_00), percent_of_excess=Fraction(1, 2)),
    ),
    minimum=eur(40_00),
    maximum=eur(6775_00),
)
SCALED = Tariff(
    bands=(
        Band(eur(50_00), eur(3_00), factor=Fraction(0)),
        Band(eur(90_00), eur(1_00), min_instalments=2),
        Band(None, eur(0), factor=Fraction(9, 10)),
    ),
    scale="scale",
    expenses_percent=Fraction(20),
    expenses_maximum=eur(20_00),
)
_ANY = FI.of(FeeRow)[0].citation
SCALE = ScaleRow(
    _ANY,
    frozenset(DebtorType),
    "scale",
    (
        ScaleStep(eur(500_00), eur(51_50), eur(0)),
        ScaleStep(eur(2000_00), eur(51_50), eur(41_50), eur(500_00)),
        ScaleStep(None, eur(176_00), eur(59_55), eur(1000_00)),
    ),
)
VAT = FeeVatRow(
    _ANY,
    frozenset(DebtorType),
    frozenset(FeeKind),
    frozenset(Sender),
    VatTreatment.ADDED_IF_NOT_DEDUCTIBLE,
    Fraction(21),
)


def made() -> dict[str, Pack]:
    """What no single country has: each way of the law on the letters of another."""
    yearly = every(FI, InterestTermsRow, compounding=Compounding.YEARLY)
    percent = with_row(every(FI, FeeRow, tariff=PERCENT), VAT)
    whole = replace(PERCENT, rounding=Rounding.WHOLE, expenses_percent=Fraction(7, 3))
    scaled = with_row(with_row(every(FI, FeeRow, tariff=SCALED), VAT), SCALE)
    parts = (CapPart(FeeKind.DEMAND_FEE, 2), CapPart(FeeKind.REMINDER_FEE, 1))
    on_top = every(FI, LumpSumRow, offsets=False, debtor_types=frozenset(DebtorType))
    demand = frozenset({FeeKind.DEMAND_FEE})
    return {
        "yearly": yearly,
        "frozen": every(FI, InterestTermsRow, movement=RateMovement.FROZEN),
        "frozen and yearly": every(yearly, InterestTermsRow, movement=RateMovement.FROZEN),
        "by contract": every(FI, InterestTermsRow, basis=InterestBasis.CONTRACT_ONLY),
        "falling rate": every(FI, MarginRow, percent=Fraction(-3)),
        "odd rate": every(FI, ReferenceRateRow, percent=Fraction(1, 7)),
        "terms change": from_change_on(
            FI, InterestTermsRow, lambda row: replace(row, compounding=Compounding.YEARLY)
        ),
        "percent": percent,
        "percent, no cap": every(percent, FeeCapRow, tariff=None, parts=()),
        "percent, a cap in percent": every(percent, FeeCapRow, tariff=PERCENT),
        "whole": every(FI, FeeRow, tariff=whole),
        "scaled": every(scaled, FeeCapRow, tariff=None, parts=()),
        "cap of parts": every(scaled, FeeCapRow, tariff=None, parts=parts),
        "includes": every(percent, FeeRow, includes=demand),
        "no fee counts": replace(FI, rules={**FI.rules, FeeCapRow: FI.of(FeeCapRow)[:1]}),
        "sum on top": on_top,
        "falling fee": every(
            FI, FeeRow, tariff=Tariff((Band(None, eur(90_00), percent_of_excess=Fraction(-1)),))
        ),
        "fees change": from_change_on(FI, FeeRow, lambda row: replace(row, tariff=PERCENT)),
        "fees lapse": from_change_on(FI, FeeRow, lambda row: row, days=20),
        "cap lapses": from_change_on(FI, FeeCapRow, lambda row: row, days=20),
        "waits change": from_change_on(FI, WaitRow, lambda row: replace(row, calendar_days=40)),
        "waits lapse": from_change_on(FI, WaitRow, lambda row: replace(row, calendar_days=3), days=9),
        "sum ends": from_change_on(on_top, LumpSumRow, lambda row: row, days=400),
        "demand first": replace(
            FI, ladders=dict.fromkeys(DebtorType, (LetterKind.DEMAND, LetterKind.REMINDER))
        ),
        "no wait": every(FI, WaitRow, calendar_days=0),
    }


MADE = made()
PACKS = (*countries(), *MADE)
OLDEST = date(2021, 10, 1)
edges = st.sampled_from((50_00, 100_00, 266_66, 500_00, 1000_00, 2500_00, 5000_00, 10000_00))
principals = st.one_of(
    st.integers(-1, 30_000_00),
    st.integers(1, 3_000_000_00),
    st.tuples(edges, st.integers(-1, 1)).map(sum),
)
dues = st.one_of(
    st.integers(0, 2000).map(lambda days: OLDEST + timedelta(days=days)),
    st.integers(-70, 10).map(lambda days: CHANGE + timedelta(days=days)),
)
ons = st.sampled_from([date(2024, 2, 29), date(2025, 5, 31), CHANGE, date(2025, 9, 30), date(2026, 10, 1)])
TABLES: dict[tuple[object, ...], DebtTable] = {}

Answer = tuple[int, int] | str


def pack_of(name: str) -> Pack:
    return MADE[name] if name in MADE else load_pack(name)


def answer(work: Callable[[], tuple[int, int]]) -> Answer:
    try:
        return work()
    except SovintoError as refused:
        return f"{refused.code}: {refused.message}"


@pytest.mark.parametrize("name", PACKS)
@settings(max_examples=examples(40), deadline=None)
@given(
    debtor_type=st.sampled_from(DebtorType),
    claim_kind=st.sampled_from((ClaimKind.ORDINARY, ClaimKind.ORDINARY, ClaimKind.DIRECTLY_ENFORCEABLE)),
    is_vat_deductible=st.booleans(),
    cases=st.lists(st.tuples(dues, principals), min_size=1, max_size=6),
    on=ons,
    late=st.integers(-1, 60),
)
def test_the_table_says_what_the_engine_explains(
    name: str,
    debtor_type: DebtorType,
    claim_kind: ClaimKind,
    is_vat_deductible: bool,
    cases: list[tuple[date, int]],
    on: date,
    late: int,
) -> None:
    pack = pack_of(name)

    def explained(due_on: date, principal: int, day: date) -> tuple[int, int]:
        facts = FeeFacts(debtor_type, Money(principal, pack.currency), claim_kind, is_vat_deductible)
        debt = debt_on(pack, facts, due_on=due_on, on=day)
        return debt.interest.total.minor, debt.fee_total.minor

    def quick(due_on: date, principal: int, day: date) -> tuple[int, int]:
        key = (name, debtor_type, claim_kind, is_vat_deductible, day)
        if key not in TABLES:
            TABLES[key] = debt_table(
                pack,
                debtor_type=debtor_type,
                on=day,
                claim_kind=claim_kind,
                is_vat_deductible=is_vat_deductible,
            )
        return TABLES[key].owed(due_on, principal)

    for due_on, principal in cases:
        for day in (on, due_on + timedelta(days=late)):
            told = answer(lambda a=due_on, b=principal, c=day: explained(a, b, c))
            assert answer(lambda a=due_on, b=principal, c=day: quick(a, b, c)) == told

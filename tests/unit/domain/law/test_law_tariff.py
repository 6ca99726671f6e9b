"""Tariffs of every shape: bands, percentages of the excess, multiples of a scale, expenses, bounds, VAT."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from sovinto.countries import load_pack
from sovinto.countries.loader import build_pack
from sovinto.domain.debtor import DebtorType
from sovinto.domain.law.fees import ChargedFee, FeeDecision, FeeFacts, cap_for, fee_for
from sovinto.domain.law.kinds import FeeKind
from sovinto.domain.law.model import Pack
from sovinto.domain.law.rows import FeeRow
from sovinto.domain.law.tariff import work_out
from sovinto.domain.money import Money
from sovinto.errors import InvalidInput

ON = date(2025, 6, 1)
CITED: dict[str, Any] = {
    "valid_from": date(2022, 1, 1),
    "unit": "euro",
    "statute": "Example Act 1 §",
    "source": "an example",
    "certainty": "secondary",
    "debtor_types": ["consumer"],
}
IDENTITY: dict[str, Any] = {
    "country": "FI",
    "currency": "EUR",
    "languages": ["fi"],
    "zone": "Europe/Helsinki",
    "ladder": {"consumer": ["demand"]},
    "calendar": {"first_on": date(2022, 1, 1), "last_on": date(2030, 12, 31)},
}


def row(rule_id: str, **fields: Any) -> dict[str, Any]:
    return {**CITED, "rule_id": rule_id, **fields}


def fee(**fields: Any) -> dict[str, Any]:
    return row(
        "fi.fee.demand", **{"kind": "demand_fee", "senders": ["agency"], "letters": ["demand"]} | fields
    )


def pack(**tables: list[dict[str, Any]]) -> Pack:
    return build_pack(IDENTITY, tables)


def eur(text: str) -> Money:
    return Money.parse(text, "EUR")


def amount(of: Pack, principal: str, vat: str = "0") -> Money:
    tariff = of.of(FeeRow)[0].tariff
    return work_out(
        of,
        tariff,
        principal=eur(principal),
        debtor_type=DebtorType.CONSUMER,
        on=ON,
        vat_percent=Fraction(vat),
    ).amount


BRACKETS = [
    {"up_to": "2500.00", "percent_of_excess": "15"},
    {"up_to": "5000.00", "percent_of_excess": "10"},
    {"percent_of_excess": "1"},
]


@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        ("0.01", "40"),
        ("266.66", "40"),
        ("266.70", "40.01"),
        ("2500", "375"),
        ("2500.01", "375"),
        ("2500.05", "375.01"),
        ("5000", "625"),
        ("5000.50", "625.01"),
        ("1000000", "6775"),
    ],
)
def test_marginal_brackets_go_on_from_each_other(principal: str, expected: str) -> None:
    made = pack(fee=[fee(bands=BRACKETS, minimum="40.00", maximum="6775.00")])
    assert amount(made, principal) == eur(expected)


def test_vat_is_added_to_the_exact_amount_and_rounded_once() -> None:
    made = pack(fee=[fee(bands=BRACKETS, minimum="40.00")])
    assert (amount(made, "1234.56"), amount(made, "1234.56", "21")) == (eur("185.18"), eur("224.07"))


SCALE = row(
    "fi.scale.example",
    name="example",
    steps=[
        {"up_to": "500.00", "amount": "51.50"},
        {"up_to": "2000.00", "add": "41.50", "per": "500.00"},
        {"add": "59.50", "per": "1000.00"},
    ],
)


@pytest.mark.parametrize(
    ("principal", "unit"),
    [
        ("500", "51.50"),
        ("500.01", "93"),
        ("1000", "93"),
        ("1000.01", "134.50"),
        ("2000", "176"),
        ("2000.01", "235.50"),
        ("3000", "235.50"),
        ("10000", "652"),
    ],
)
def test_a_scale_grows_by_each_begun_part(principal: str, unit: str) -> None:
    made = pack(scale=[SCALE], fee=[fee(bands=[{"factor": "1"}], scale="example")])
    assert amount(made, principal) == eur(unit)


@pytest.mark.parametrize(("factor", "expected"), [("0.5", "80.70"), ("0.9", "141.05"), ("1.3", "194.85")])
def test_expenses_are_a_share_up_to_a_limit(factor: str, expected: str) -> None:
    bands = [{"factor": factor}]
    made = pack(
        scale=[SCALE],
        fee=[fee(bands=bands, scale="example", expenses_percent="20", expenses_maximum="20.00")],
    )
    assert amount(made, "1234.56") == eur(expected)


@pytest.mark.parametrize(("unit", "expected"), [("750.00", "38"), ("700.00", "35"), ("749.99", "37")])
def test_rounding_to_whole_units_is_half_up(unit: str, expected: str) -> None:
    scale = row("fi.scale.unit", name="unit", steps=[{"amount": unit}])
    made = pack(scale=[scale], fee=[fee(bands=[{"factor": "0.05"}], scale="unit", rounding="whole")])
    assert amount(made, "100") == eur(expected)


def ladder(*charged: ChargedFee, is_vat_deductible: bool = True) -> FeeDecision:
    """A demand of 10.00 and a second one of 15.00 in all, VAT 19 %."""
    second = row(
        "fi.fee.second",
        kind="second_demand_fee",
        senders=["agency"],
        letters=["second_demand"],
        includes=["demand_fee"],
        bands=[{"amount": "15.00"}],
    )
    made = pack(
        fee=[fee(bands=[{"amount": "10.00"}]), second],
        fee_cap=[row("fi.cap", sum_of=[{"kind": "second_demand_fee"}])],
        fee_vat=[
            row(
                "fi.fee_vat",
                kinds=["demand_fee", "second_demand_fee"],
                treatment="added_if_not_deductible",
                percent="19",
            )
        ],
    )
    facts = FeeFacts(DebtorType.CONSUMER, eur("100"), is_vat_deductible=is_vat_deductible)
    cap = cap_for(made, facts, on=ON)
    assert cap is not None
    assert cap.amount == (eur("15") if is_vat_deductible else eur("17.85"))
    return fee_for(made, facts, kind=FeeKind.SECOND_DEMAND_FEE, on=ON, charged=charged)


def test_a_fee_that_includes_an_earlier_one_adds_the_difference() -> None:
    before = ChargedFee(FeeKind.DEMAND_FEE, ON, eur("10"))
    assert ladder().amount == eur("15")
    assert ladder(before).amount == eur("5")
    assert dict(ladder(before).explanation.inputs)["charged_before"] == "10.00"


def test_vat_on_top_where_the_creditor_cannot_deduct_it() -> None:
    before = ChargedFee(FeeKind.DEMAND_FEE, ON, eur("11.90"))
    decision = ladder(before, is_vat_deductible=False)
    assert decision.amount == eur("5.95")
    assert decision.explanation.unrounded == "17.850000"


def test_fees_are_open_ended_where_the_law_names_no_total() -> None:
    made = pack(fee=[fee(bands=[{"amount": "10.00"}])], fee_cap=[row("fi.cap", is_open=True)])
    facts = FeeFacts(DebtorType.CONSUMER, eur("100"))
    assert cap_for(made, facts, on=ON) is None
    assert fee_for(made, facts, kind=FeeKind.DEMAND_FEE, on=ON, charged=()).amount == eur("10")


@pytest.mark.parametrize(
    ("table", "fields", "message"),
    [
        ("fee", fee(bands=[{"factor": "0.5"}]), "scale must name"),
        ("fee", fee(bands=[{}]), "amount, a factor or"),
        ("fee_cap", row("fi.cap"), "exactly one"),
        ("fee_cap", row("fi.cap", is_open=True, bands=[{"amount": "1"}]), "exactly one"),
        ("scale", row("fi.scale", name="x", steps=[{"add": "1", "per": "1"}]), "first step"),
        ("scale", row("fi.scale", name="x", steps=[{"up_to": "1", "amount": "1"}]), "last step"),
        ("fee_vat", row("fi.vat", kinds=["demand_fee"], treatment="none", percent="5"), "percent"),
    ],
)
def test_an_unsound_tariff_does_not_load(table: str, fields: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        pack(**{table: [fields]})


def test_a_fee_that_includes_another_counts_it_once_beside_a_lump_sum() -> None:
    """Lump sum 40, then 80.70 of which 40.70 is left, then up to 141.05 in all."""
    german = load_pack("DE")
    facts = FeeFacts(DebtorType.BUSINESS, eur("1234.56"))
    lump = ChargedFee(FeeKind.LUMP_SUM, ON, eur("40"))
    first = fee_for(german, facts, kind=FeeKind.DEMAND_FEE, on=ON, charged=[lump])
    assert first.amount == eur("40.70")
    charged = [lump, ChargedFee(FeeKind.DEMAND_FEE, ON, first.amount)]
    second = fee_for(german, facts, kind=FeeKind.SECOND_DEMAND_FEE, on=ON, charged=charged)
    assert (second.amount, second.explanation.rule_id) == (eur("60.35"), "de.lump_sum.business")

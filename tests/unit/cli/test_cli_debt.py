"""`sovinto debt`: the worked examples of the law survey, and one sentence for everything typed wrongly."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.cli.conftest import Sovinto

ASKED = {
    "--country": "FI",
    "--debtor": "consumer",
    "--principal": "100.00",
    "--due": "2025-03-15",
    "--on": "2025-09-30",
}
FEE_10 = "Perintälaki 513/1999 10 a-10 d §"


def asked(**changes: str | None) -> list[str]:
    """The consumer example with other options; None leaves one out."""
    options = {**ASKED, **{f"--{name}": value for name, value in changes.items()}}
    return ["debt", *(f"{name}={value}" for name, value in options.items() if value is not None)]


def test_the_consumer_example_to_the_cent(sovinto: Sovinto) -> None:
    done = sovinto(*asked(), "--json")

    assert (done.code, done.err) == (0, "")
    assert done.json == {
        "currency": "EUR",
        "principal": "100.00",
        "interest": {
            "total": "5.47",
            "segments": [
                {
                    "from": "2025-03-16",
                    "to": "2025-06-30",
                    "days": 107,
                    "rate": "10.5",
                    "amount": "3.08",
                },
                {"from": "2025-07-01", "to": "2025-09-30", "days": 92, "rate": "9.5", "amount": "2.39"},
            ],
        },
        "fees": [
            fee("reminder_fee", "5.00", "2025-03-30"),
            fee("demand_fee", "14.00", "2025-04-14"),
            fee("second_demand_fee", "7.00", "2025-04-29"),
        ],
        "fee_cap": "60.00",
        "fees_total": "26.00",
        "total": "131.47",
        "unconfirmed": done.json["unconfirmed"],
    }
    assert {"fi.interest_terms", "fi.reference_rate.2025h2"} <= set(done.json["unconfirmed"])


def fee(kind: str, amount: str, day: str) -> dict[str, str]:
    return {
        "kind": kind,
        "amount": amount,
        "earliest_on": day,
        "rule": f"fi.{kind}.consumer",
        "statute": FEE_10,
    }


def test_the_business_example_has_no_line_for_the_absorbed_lump_sum(sovinto: Sovinto) -> None:
    found = sovinto(*asked(debtor="business", principal="3000.00"), "--json").json

    assert [(line["kind"], line["amount"]) for line in found["fees"]] == [
        ("reminder_fee", "12.00"),
        ("demand_fee", "90.00"),
        ("second_demand_fee", "45.00"),
    ]
    totals = {name: found[name] for name in ("fees_total", "fee_cap", "total")}
    assert totals == {"fees_total": "147.00", "fee_cap": "550.00", "total": "3327.54"}
    assert found["interest"]["total"] == "180.54"


@pytest.mark.parametrize(("on", "fees"), [("2025-03-29", "0.00"), ("2025-03-30", "5.00")])
def test_the_fourteenth_day_is_too_early_for_a_fee(sovinto: Sovinto, on: str, fees: str) -> None:
    assert sovinto(*asked(on=on), "--json").json["fees_total"] == fees


def test_on_its_due_day_a_debt_has_grown_by_nothing(sovinto: Sovinto) -> None:
    found = sovinto(*asked(on=ASKED["--due"]), "--json").json

    assert (found["total"], found["fees"], found["interest"]["segments"]) == ("100.00", [], [])


def test_a_directly_enforceable_claim_has_a_tariff_of_its_own(sovinto: Sovinto) -> None:
    ordinary = sovinto(*asked(principal="3000"), "--json").json
    enforceable = sovinto(*asked(principal="3000"), "--directly-enforceable", "--json").json

    assert (ordinary["fee_cap"], ordinary["fees_total"]) == ("210.00", "80.00")
    assert (enforceable["fee_cap"], enforceable["fees_total"]) == ("51.00", "26.00")
    assert enforceable["fees"][1]["rule"] == "fi.demand_fee.consumer.enforceable"


def test_vat_is_deductible_unless_told_otherwise(sovinto: Sovinto) -> None:
    """In Finland the tariff includes VAT, so both come to the same."""
    with_vat = sovinto(*asked(), "--no-creditor-vat-deductible", "--json")
    without = sovinto(*asked(), "--creditor-vat-deductible", "--json")

    assert (with_vat.code, without.json["total"]) == (0, "131.47")
    assert with_vat.json["total"] == "131.47"


def test_today_is_the_day_unless_another_is_given(sovinto: Sovinto) -> None:
    done = sovinto(*asked(due="2199-12-31", on=None))

    assert "--due 2199-12-31 lies in the future" in done.refusal


def test_people_read_each_line_with_its_law(sovinto: Sovinto) -> None:
    shown = sovinto(*asked(debtor="business", principal="3000"))

    assert shown.code == 0
    assert "101.14  interest, 2025-03-16 to 2025-06-30, 107 days at 11.5 %" in shown.out
    assert "90.00  demand fee, from 2025-04-04 (Perintälaki 513/1999 10 e §)" in shown.out
    assert "40.00 EUR is absorbed by the fees" in shown.out
    assert "3327.54  EUR in all" in shown.out
    assert "fi.fee_cap.business" in shown.out
    assert "not legal advice" in shown.out


def test_a_small_debt_owes_the_lump_sum_in_place_of_its_fees(sovinto: Sovinto) -> None:
    shown = sovinto(*asked(debtor="business", on="2025-03-31"))

    assert "40.00  lump sum" in shown.out
    assert "12.00 EUR is absorbed by the lump sum" in shown.out


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"country": None}, "--country is missing"),
        ({"country": "XX"}, "--country 'XX'"),
        ({"country": "../fi"}, "--country"),
        ({"debtor": None}, "--debtor is missing"),
        ({"debtor": "company"}, "--debtor 'company'"),
        ({"currency": "SEK"}, "--currency 'SEK'"),
        ({"principal": None}, "--principal is missing"),
        ({"principal": "0"}, "--principal '0' must be above zero"),
        ({"principal": "-100.00"}, "--principal '-100.00' must be above zero"),
        ({"principal": "100.001"}, "--principal '100.001'"),
        ({"principal": "hundred"}, "--principal 'hundred'"),
        ({"principal": "1,000.00"}, "--principal"),
        ({"principal": "1e3"}, "--principal"),
        ({"principal": "NaN"}, "--principal"),
        ({"principal": ""}, "--principal"),
        ({"principal": "１００"}, "--principal"),
        ({"principal": "1\n2"}, "--principal"),
        ({"due": None}, "--due is missing"),
        ({"due": "15.3.2025"}, "--due '15.3.2025'"),
        ({"due": "2025-02-30"}, "--due '2025-02-30'"),
        ({"due": "20250315"}, "--due '20250315'"),
        ({"due": "1025-03-15"}, "--due '1025-03-15'"),
        ({"due": "2025-10-01"}, "--due 2025-10-01 lies in the future"),
        ({"on": "soon"}, "--on 'soon'"),
        ({"on": "9999-12-31"}, "--on '9999-12-31'"),
        ({"on": "2030-01-01"}, "FI pack"),
        ({"due": "1999-01-01"}, "FI pack"),
    ],
)
def test_what_is_asked_wrongly_is_one_sentence(
    sovinto: Sovinto, changes: dict[str, Any], names: str
) -> None:
    """The field, the rule, and after a semicolon the way to mend it."""
    refusal = sovinto(*asked(**changes), "--json").refusal

    assert names in refusal
    assert ";" in refusal


def test_a_country_for_businesses_only_refuses_consumers(sovinto: Sovinto) -> None:
    refusal = sovinto(*asked(country="FR")).refusal

    assert "takes business debtors only; use --debtor business" in refusal


def test_interest_that_only_a_contract_gives_is_told_in_words(sovinto: Sovinto) -> None:
    shown = sovinto(*asked(country="GB"))

    assert (shown.code, "The law gives no interest here" in shown.out) == (0, True)


def test_an_option_without_its_value_is_refused_in_one_sentence(sovinto: Sovinto) -> None:
    assert "--principal has no value" in sovinto("debt", "--country", "FI", "--principal").refusal
    assert "--principal=VALUE" in sovinto("debt", "--principal", "-1,50").refusal


def test_an_unknown_option_is_wrong_usage(sovinto: Sovinto) -> None:
    done = sovinto(*asked(), "--interest", "12")

    assert (done.code, done.out) == (2, "")
    assert "usage: sovinto" in done.err


def test_a_currency_without_decimals_takes_whole_numbers(sovinto: Sovinto) -> None:
    refusal = sovinto(*asked(country="IS", debtor="business", principal="45.00")).refusal

    assert "without decimals" in refusal


def test_country_and_currency_may_be_small_letters(sovinto: Sovinto) -> None:
    assert sovinto(*asked(country="fi", currency="eur"), "--json").json["total"] == "131.47"

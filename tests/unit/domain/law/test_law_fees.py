"""Fees by tariff, sender, count, wait, lump sum and cap."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sovinto.countries import load_pack
from sovinto.domain.debtor import DebtorType
from sovinto.domain.law.fees import ChargedFee, FeeDecision, FeeFacts, cap_for, fee_for, lump_sum_for
from sovinto.domain.law.kinds import FeeKind, LetterKind, Sender
from sovinto.domain.law.rows import FeeCapRow, FeeCountRow
from sovinto.domain.law.waits import SentLetter
from sovinto.domain.money import Money
from sovinto.errors import InvalidInput, LawMissing

from tests.support.packs import with_rows

PACK = load_pack("FI")
ON = date(2025, 6, 1)
DUE = date(2025, 3, 15)
CONSUMER, BUSINESS = DebtorType.CONSUMER, DebtorType.BUSINESS


def eur(text: str) -> Money:
    return Money.parse(text, "EUR")


def charged(kind: FeeKind, amount: str, on: date = ON) -> ChargedFee:
    return ChargedFee(kind, on, eur(amount))


def ask(
    kind: FeeKind,
    debtor_type: DebtorType,
    principal: str,
    *fees: ChargedFee,
    sender: Sender = Sender.AGENCY,
    instalments: int = 0,
) -> FeeDecision:
    return fee_for(
        PACK,
        FeeFacts(debtor_type, eur(principal), instalments=instalments),
        kind=kind,
        on=ON,
        charged=fees,
        sender=sender,
    )


@pytest.mark.parametrize(
    ("kind", "debtor_type", "principal", "amount"),
    [
        (FeeKind.REMINDER_FEE, CONSUMER, "100.00", "5"),
        (FeeKind.REMINDER_FEE, BUSINESS, "100.00", "12"),
        (FeeKind.DEMAND_FEE, CONSUMER, "99.99", "14"),
        (FeeKind.DEMAND_FEE, CONSUMER, "100.00", "14"),
        (FeeKind.DEMAND_FEE, CONSUMER, "100.01", "24"),
        (FeeKind.DEMAND_FEE, CONSUMER, "1000.00", "24"),
        (FeeKind.DEMAND_FEE, CONSUMER, "1000.01", "50"),
        (FeeKind.SECOND_DEMAND_FEE, CONSUMER, "100.00", "7"),
        (FeeKind.SECOND_DEMAND_FEE, CONSUMER, "1000.00", "12"),
        (FeeKind.SECOND_DEMAND_FEE, CONSUMER, "1000.01", "25"),
        (FeeKind.DEMAND_FEE, BUSINESS, "500.00", "50"),
        (FeeKind.DEMAND_FEE, BUSINESS, "500.01", "70"),
        (FeeKind.DEMAND_FEE, BUSINESS, "2500.01", "90"),
        (FeeKind.DEMAND_FEE, BUSINESS, "10000.00", "90"),
        (FeeKind.DEMAND_FEE, BUSINESS, "10000.01", "110"),
        (FeeKind.SECOND_DEMAND_FEE, BUSINESS, "3000.00", "45"),
        (FeeKind.EXTENSION_FEE, CONSUMER, "3000.00", "5"),
    ],
)
def test_tariff_by_band(kind: FeeKind, debtor_type: DebtorType, principal: str, amount: str) -> None:
    decision = ask(kind, debtor_type, principal)
    assert (decision.amount, decision.reason) == (eur(amount), "")
    assert decision.explanation.rule_id.startswith(f"fi.{kind.value}.")


@pytest.mark.parametrize(
    ("principal", "instalments", "amount"),
    [
        ("100", 12, "20"),
        ("1000", 12, "30"),
        ("1000.01", 4, "30"),
        ("1000.01", 5, "50"),
        ("1000.01", 0, "30"),
    ],
)
def test_plan_fee_by_principal_and_instalments(principal: str, instalments: int, amount: str) -> None:
    assert ask(FeeKind.PLAN_FEE, CONSUMER, principal, instalments=instalments).amount == eur(amount)


@pytest.mark.parametrize(("debtor_type", "amount"), [(CONSUMER, "5"), (BUSINESS, "12")])
def test_the_creditors_own_demand_costs_less(debtor_type: DebtorType, amount: str) -> None:
    decision = ask(FeeKind.DEMAND_FEE, debtor_type, "3000", sender=Sender.CREDITOR)
    assert decision.amount == eur(amount)


def test_a_second_fee_of_the_same_kind_is_refused_with_a_reason() -> None:
    decision = ask(FeeKind.REMINDER_FEE, CONSUMER, "100", charged(FeeKind.REMINDER_FEE, "5"))
    assert decision.amount == eur("0")
    assert decision.reason == "1 of at most 1 such fees are charged already"


def test_the_total_cap_cuts_the_last_fee() -> None:
    fees = [charged(FeeKind.REMINDER_FEE, "5"), charged(FeeKind.DEMAND_FEE, "14")]
    fees += [charged(FeeKind.SECOND_DEMAND_FEE, "7"), charged(FeeKind.PLAN_FEE, "20")]
    decision = ask(FeeKind.PLAN_FEE, CONSUMER, "100", *fees)
    assert decision.amount == eur("14")
    assert decision.explanation.rule_id == "fi.fee_cap.consumer"
    assert "60.00" in decision.reason


def test_nothing_is_left_below_a_cap_already_passed() -> None:
    decision = ask(FeeKind.EXTENSION_FEE, CONSUMER, "100", charged(FeeKind.PLAN_FEE, "61"))
    assert decision.amount == eur("0")


@pytest.mark.parametrize(
    ("debtor_type", "principal", "cap"),
    [
        (CONSUMER, "100", "60"),
        (CONSUMER, "100.01", "120"),
        (CONSUMER, "1000.01", "210"),
        (BUSINESS, "500", "250"),
        (BUSINESS, "2500", "470"),
        (BUSINESS, "10000", "550"),
        (BUSINESS, "10000.01", "550"),
    ],
)
def test_caps(debtor_type: DebtorType, principal: str, cap: str) -> None:
    found = cap_for(PACK, FeeFacts(debtor_type, eur(principal)), on=ON)
    assert found is not None
    assert found.amount == eur(cap)


def test_where_no_figure_was_found_nothing_is_charged() -> None:
    decision = ask(FeeKind.PLAN_FEE, BUSINESS, "100")
    assert (decision.amount, decision.reason) == (eur("0"), "the amount was not found: nothing is charged")
    assert decision.explanation.certainty == "assumed"


def test_a_lump_sum_is_counted_against_the_fees() -> None:
    lump = charged(FeeKind.LUMP_SUM, "40")
    reminder = ask(FeeKind.REMINDER_FEE, BUSINESS, "3000", lump)
    assert (reminder.amount, reminder.explanation.rule_id) == (eur("0"), "fi.lump_sum.business")
    demand = ask(FeeKind.DEMAND_FEE, BUSINESS, "3000", lump, charged(FeeKind.REMINDER_FEE, "0"))
    assert demand.amount == eur("62")
    second = ask(
        FeeKind.SECOND_DEMAND_FEE,
        BUSINESS,
        "3000",
        lump,
        charged(FeeKind.REMINDER_FEE, "0"),
        charged(FeeKind.DEMAND_FEE, "62"),
    )
    assert second.amount == eur("45")


def test_fees_are_counted_against_the_lump_sum() -> None:
    def left(*fees: ChargedFee) -> FeeDecision:
        return lump_sum_for(PACK, FeeFacts(BUSINESS, eur("3000")), due_on=DUE, on=ON, charged=fees)

    assert left().amount == eur("40")
    assert left(charged(FeeKind.REMINDER_FEE, "12")).amount == eur("28")
    assert left(charged(FeeKind.DEMAND_FEE, "90")).amount == eur("0")
    assert left(charged(FeeKind.DEMAND_FEE, "90")).reason


def test_a_consumer_owes_no_lump_sum() -> None:
    assert ask(FeeKind.LUMP_SUM, CONSUMER, "100").amount == eur("0")


@pytest.mark.parametrize(("on", "amount"), [(29, "0"), (30, "5"), (31, "5")])
def test_a_reminder_on_the_fourteenth_day_earns_nothing(on: int, amount: str) -> None:
    decision = fee_for(
        PACK,
        FeeFacts(CONSUMER, eur("100")),
        kind=FeeKind.REMINDER_FEE,
        on=date(2025, 3, on),
        charged=(),
        due_on=DUE,
    )
    assert decision.amount == eur(amount)
    assert (decision.reason == "") is (amount == "5")


@pytest.mark.parametrize(
    ("sent", "on", "amount"),
    [
        ((), date(2025, 4, 14), "0"),
        ((SentLetter(LetterKind.REMINDER, date(2025, 3, 30)),), date(2025, 4, 13), "0"),
        ((SentLetter(LetterKind.REMINDER, date(2025, 3, 30)),), date(2025, 4, 14), "14"),
    ],
)
def test_a_demand_earns_its_fee_only_after_a_reminder(
    sent: tuple[SentLetter, ...], on: date, amount: str
) -> None:
    decision = fee_for(
        PACK,
        FeeFacts(CONSUMER, eur("100")),
        kind=FeeKind.DEMAND_FEE,
        on=on,
        charged=(),
        due_on=DUE,
        sent=sent,
    )
    assert decision.amount == eur(amount)


@pytest.mark.parametrize(("invoiced_on", "amount"), [(date(2025, 3, 1), "5"), (date(2025, 3, 2), "0")])
def test_a_late_invoice_earns_no_reminder_fee(invoiced_on: date, amount: str) -> None:
    decision = fee_for(
        PACK,
        FeeFacts(CONSUMER, eur("100")),
        kind=FeeKind.REMINDER_FEE,
        on=date(2025, 4, 1),
        charged=(),
        due_on=DUE,
        invoiced_on=invoiced_on,
    )
    assert decision.amount == eur(amount)


def test_a_day_before_the_tariff_is_refused() -> None:
    with pytest.raises(LawMissing, match="demand_fee sent by the agency"):
        fee_for(
            PACK, FeeFacts(CONSUMER, eur("100")), kind=FeeKind.DEMAND_FEE, on=date(2022, 4, 30), charged=()
        )


def test_a_pack_without_a_cap_charges_nothing_at_all() -> None:
    with pytest.raises(LawMissing, match="total of fees"):
        cap_for(with_rows(PACK, FeeCapRow), FeeFacts(CONSUMER, eur("1")), on=ON)


def test_a_negative_principal_is_refused() -> None:
    with pytest.raises(InvalidInput, match="principal"):
        ask(FeeKind.DEMAND_FEE, CONSUMER, "-1")


def test_a_limit_whose_rule_has_ended_is_refused_not_forgotten() -> None:
    ended = [replace(r, citation=replace(r.citation, valid_to=DUE)) for r in PACK.of(FeeCountRow)]
    with pytest.raises(LawMissing, match="how many of a reminder_fee"):
        fee_for(
            with_rows(PACK, FeeCountRow, *ended),
            FeeFacts(CONSUMER, eur("100")),
            kind=FeeKind.REMINDER_FEE,
            on=ON,
            charged=(),
        )
    never = with_rows(PACK, FeeCountRow)
    facts = FeeFacts(CONSUMER, eur("100"))
    assert fee_for(never, facts, kind=FeeKind.REMINDER_FEE, on=ON, charged=()).amount == eur("5")

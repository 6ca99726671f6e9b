"""Money whose owner is unknown: what waits, for how long, and every way in which people end it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from infra.local.bank import BankAccount
from infra.local.running import Running
from tests.support.journey import Creditor
from tests.support.journey_bank import deliver, execute
from tests.support.journey_books import balances, settled
from tests.support.journey_cli import ONE, OTHER, THIRD, Sovinto
from tests.support.journey_desk import events
from tests.support.journey_time import office_hours, today
from tests.support.power import of_a_night

pytestmark = pytest.mark.journey

ACCOUNT = "FI4380000010000011"
PAYERS = ("Kaarlo Kadonnut", "Kerttu Kadonnut", "Kalle Kadonnut", "Kadonnut Veloitus")


def waiting(sovinto: Sovinto) -> dict[str, dict[str, Any]]:
    """payer -> its row."""
    rows = sovinto.json("suspense", "list", "--json")["suspense"]["rows"]
    return {str(row["payer"]): row for row in rows}


def release(sovinto: Sovinto, order: dict[str, Any]) -> None:
    total = str(order["amount"]["minor"])
    sovinto("orders", "approve", order["order_id"], "--by", ONE)
    sovinto("orders", "release", order["order_id"], "--by", OTHER, "--control-sum-minor", total)


def booked(stage: Running, bank: BankAccount) -> None:
    execute(stage, bank)
    deliver(stage, bank)


def under_way(sovinto: Sovinto) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sovinto.json("orders", "list", "--by", THIRD)["orders"]
    return found


def queue(sovinto: Sovinto) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sovinto.json("orders", "list", "--by", THIRD)["refunds"]
    return found


@of_a_night
def test_what_was_paid_too_much_goes_to_the_account_that_a_person_recorded(
    stage: Running, creditor: Creditor, bank: BankAccount, sovinto: Sovinto
) -> None:
    case_id = creditor.place("SUSP-R", "40.00", name="Lasse Liikaa")
    owed = creditor.case(case_id)["balance_minor"]["total"]
    letter = creditor.people.letter(case_id)
    bank.credit(today(stage), owed + 12_34, letter["payment"]["reference"], "Lasse Liikaa")
    deliver(stage, bank)
    assert balances(stage)[f"refunds:{case_id}"] == -12_34

    stage.invoke("pay_clients", {})
    (refund,) = [r for r in queue(sovinto) if r["case_id"] == case_id]
    assert [share["way"] for share in refund["shares"]] == ["ask"], "the bank told no account"
    named = ("--name", "Lasse Liikaa", "--iban", ACCOUNT)
    payment = ("--payment", refund["shares"][0]["payment_id"])
    assert sovinto.refused(
        "orders", "payer", case_id, *payment, *named[:3], "FI4380000010000012", "--by", THIRD
    )
    sovinto("orders", "payer", case_id, *payment, *named, "--by", THIRD)
    stage.invoke("pay_clients", {})
    (order,) = [o for o in under_way(sovinto) if o["kind"] == "refund"]
    assert (order["state"], order["proposed_by"]) == ("proposed", THIRD)
    release(sovinto, order)
    booked(stage, bank)
    assert balances(stage)[f"refunds:{case_id}"] == 0
    assert "refund.paid" in events(stage, case_id)
    sovinto.prove()


def test_people_end_the_waiting_of_each_row(
    stage: Running, creditor: Creditor, bank: BankAccount, sovinto: Sovinto
) -> None:
    before = balances(stage).get("suspense", 0)
    one, other, third = (creditor.place(f"SUSP-{n}", "70.00", name=f"Saaja {n} Susi") for n in "ABC")
    day = today(stage)
    for payer, minor in zip(PAYERS, (31_11, 42_22, 53_33, -3_33), strict=True):
        if minor > 0:
            bank.credit(day, minor, payer=payer, text="kiitos")
        else:
            bank.debit(day, -minor, payee=payer)
    assert deliver(stage, bank)["suspense"] == 4
    office_hours(stage, day + timedelta(days=9))
    listed = sovinto("suspense", "list", "--by", THIRD)
    posted, split, sent_back, taken = (waiting(sovinto)[payer] for payer in PAYERS)
    days = (today(stage) - day).days
    assert f"{posted['payment_id']}  31.11 EUR  8-30 days ({days})" in listed
    assert "    Kaarlo Kadonnut: kiitos (" in listed
    assert "8-30 days: " in listed.splitlines()[-1]

    refused = sovinto.refused("suspense", "post", taken["payment_id"], one, "--by", THIRD)
    assert "undo, own or expense" in refused
    sovinto("suspense", "post", posted["payment_id"], one, "--by", THIRD)
    sovinto("suspense", "post", posted["payment_id"], one, "--by", THIRD)
    shares = ("split", split["payment_id"], f"{other}=20.00", f"{third}=22.23", "--by", THIRD)
    assert sovinto.refused("suspense", *shares)
    sovinto("suspense", *shares[:3], f"{third}=22.22", "--by", THIRD)
    assert "may_release" in sovinto.refused("suspense", "expense", taken["payment_id"], "--by", THIRD)
    sovinto("suspense", "expense", taken["payment_id"], "--by", ONE)
    assert [settled(stage, case) for case in (one, other, third)] == [31_11, 20_00, 22_22]

    assert "IBAN" in sovinto.refused("suspense", "return", sent_back["payment_id"], "--by", THIRD)
    back = ("suspense", "return", sent_back["payment_id"], "--iban", ACCOUNT, "--json")
    (order,) = sovinto.json(*back, "--by", ONE)["orders"]
    assert (order["state"], order["proposed_by"], order["account"]) == ("proposed", ONE, "FI..0011")
    stage.invoke("pay_clients", {})
    (still,) = [o for o in under_way(sovinto) if o["order_id"] == order["order_id"]]
    assert still["state"] == "proposed", "what a person proposes is never freed by the limit"
    sovinto("orders", "approve", order["order_id"], "--by", OTHER)
    asked = ("orders", "release", order["order_id"], "--control-sum-minor", "5333")
    assert "somebody else" in sovinto.refused(*asked, "--by", ONE)
    sovinto("orders", "withdraw", order["order_id"], "--by", ONE, "--reason", "a colleague proposes it")
    assert PAYERS[2] in waiting(sovinto), "withdrawn, it waits again"
    again = waiting(sovinto)[PAYERS[2]]["payment_id"]
    assert waiting(sovinto)[PAYERS[2]]["days"] == days, "and is as old as before"
    (order,) = sovinto.json(*back[:2], again, *back[3:], "--by", THIRD)["orders"]
    release(sovinto, order)
    booked(stage, bank)
    assert not set(PAYERS) & set(waiting(sovinto))
    assert balances(stage).get("suspense", 0) == before
    sovinto.prove()

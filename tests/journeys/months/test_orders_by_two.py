"""Money that leaves by two people, what the bank answers, and what is ours moved to our own account."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from infra.local.bank import BankAccount
from infra.local.running import Running
from tests.support.journey import new_creditor
from tests.support.journey_bank import deliver, execute, message_of, payment_files, transfer
from tests.support.journey_books import balances
from tests.support.journey_cli import ONE, OTHER, THIRD, Sovinto, agency_of
from tests.support.journey_papers import buyer, invoices, pay_by_reference
from tests.support.journey_time import office_hours, today
from tests.support.orders import status_report

pytestmark = pytest.mark.journey

OWN = {"own_iban": "FI5857000010000018", "own_bic": "NDEAFIHH", "own_rhythm": "daily"}


@pytest.fixture
def strict(stage: Running) -> Iterator[None]:
    """Nothing leaves without two people."""
    with agency_of(stage, release_limit_minor="0"):
        yield


def orders(sovinto: Sovinto, source: str) -> list[dict[str, Any]]:
    """Under way for that client, or of that kind."""
    listed = sovinto.json("orders", "list", "--by", THIRD)["orders"]
    return [one for one in listed if source in (one["kind"], one["payee"])]


def release(sovinto: Sovinto, *found: dict[str, Any]) -> str:
    """By two people; the name of the file."""
    names = [one["order_id"] for one in found]
    total = str(sum(one["amount"]["minor"] for one in found))
    sovinto("orders", "approve", *names, "--by", ONE)
    done = sovinto.json("orders", "release", *names, "--by", OTHER, "--control-sum-minor", total)
    (batch,) = done["batches"]
    return str(batch["batch_id"])


def answer(stage: Running, name: str, data: bytes) -> dict[str, int]:
    """The bank's answer comes as a file of the inbox; what is not zero of the import."""
    stage.client("s3").put_object(Bucket=stage.outputs["BankBucket"], Key=f"inbox/{name}", Body=data)
    return {key: count for key, count in stage.invoke("import_statement", {}).items() if count}


@pytest.mark.usefixtures("strict")
def test_what_the_bank_refuses_is_paid_with_the_next_run(
    stage: Running, bank: BankAccount, sovinto: Sovinto
) -> None:
    one, other = (new_creditor(stage, bank, name=name) for name in ("Lumi Oy", "Routa Oy"))
    for creditor, name in ((one, "Helka Hylätty"), (other, "Heimo Hyväksytty")):
        transfer(creditor, creditor.place(f"ORD-{name[-3:]}", "60.00", name=name))
    deliver(stage, bank)
    stage.invoke("pay_clients", {})
    before = set(payment_files(stage))
    (first,), (second,) = (orders(sovinto, name) for name in ("Lumi Oy", "Routa Oy"))
    assert first["state"] == "proposed" and first["account"] == "FI..3458"

    names, total = (
        (first["order_id"], second["order_id"]),
        first["amount"]["minor"] + second["amount"]["minor"],
    )
    assert "may_release" in sovinto.refused("orders", "approve", *names, "--by", THIRD)
    sovinto("orders", "approve", *names, "--by", ONE)
    asked = ("orders", "release", *names, "--control-sum-minor")
    assert "somebody else" in sovinto.refused(*asked, str(total), "--by", ONE)
    assert sovinto.refused(*asked, str(total + 1), "--by", OTHER)
    (batch,) = sovinto.json(*asked, str(total), "--by", OTHER)["batches"]
    (file,) = set(payment_files(stage)) - before
    assert message_of(file) == batch["batch_id"]

    told = ((first["order_id"], "RJCT", "AM04"), (second["order_id"], "ACSP", ""))
    report = status_report(batch["batch_id"], *told)
    assert answer(stage, "answer.xml", report) == {"files": 1, "transfers": 2}
    assert answer(stage, "answer-again.xml", report) == {"files": 1, "repeated": 2}
    assert orders(sovinto, "Lumi Oy") == []
    (waiting,) = orders(sovinto, "Routa Oy")
    assert waiting["state"] == "accepted", "never debited: it stays on the list"
    payable = balances(stage)[f"client:{one.client_id}:payable"]
    assert -payable >= first["amount"]["minor"]

    stage.invoke("pay_clients", {})
    (again,) = orders(sovinto, "Lumi Oy")
    assert again["order_id"] != first["order_id"] and again["amount"] == first["amount"]
    bank.executed |= {batch["batch_id"]}
    release(sovinto, again)
    execute(stage, bank)
    bank.debit(today(stage), second["amount"]["minor"], payee="Routa Oy", end_to_end_id=second["order_id"])
    deliver(stage, bank)
    assert orders(sovinto, "Lumi Oy") == orders(sovinto, "Routa Oy") == []
    for creditor in (one, other):
        assert balances(stage)[f"client:{creditor.client_id}:payable"] == 0
    sovinto.prove()


def test_an_answer_to_no_file_of_ours_waits_for_people(stage: Running, sovinto: Sovinto) -> None:
    report = status_report("bat-of-somebody-else", group="RJCT")
    assert answer(stage, "stranger.xml", report) == {"files": 1, "held": 1}
    (file,) = sovinto.json("held", "list", "--by", THIRD, "--json")["held_files"]
    assert [one["code"] for one in file["reasons"]] == ["status_unknown"]
    assert "no payment file of ours" in sovinto("held", "look", file["digest"], "--by", THIRD)
    sovinto("held", "reject", file["digest"], "--by", ONE, "--reason", "of another customer of the bank")
    stage.invoke("import_statement", {})
    assert sovinto("held", "list", "--by", THIRD) == "no bank file is held\n"


@pytest.fixture
def paid_invoice(stage: Running, bank: BankAccount) -> None:
    """A client has paid our invoice: so much of the collection account is ours."""
    client = buyer(stage, bank, name="Sweep Oy")
    transfer(client, client.place("OWN-1", "200.00", name="Siiri Siirretty"))
    deliver(stage, bank)
    office_hours(stage, (today(stage).replace(day=1) + timedelta(days=32)).replace(day=1))
    stage.invoke("pay_clients", {})
    (issued,) = invoices(client)
    pay_by_reference(client, issued, issued.invoice.gross.minor)


@pytest.mark.usefixtures("paid_invoice")
def test_what_is_ours_is_moved_and_never_more_than_is_free(
    stage: Running, bank: BankAccount, sovinto: Sovinto
) -> None:
    """The bank takes money that nobody can explain: so much less is free."""
    due = -balances(stage)["bank:ours_due"]
    short = free(stage, sovinto) - due + 1_00
    assert short > 0
    bank.debit(today(stage), short, payee="Tuntematon Ottaja")
    deliver(stage, bank)
    with agency_of(stage, release_limit_minor="0", **OWN):
        assert moved(stage, bank, sovinto) == due - 1_00
        assert "own_transfers" not in stage.invoke("pay_clients", {}), "one for each day"

        bank.credit(today(stage), short, payer="Tuntematon Ottaja", text="virheellinen veloitus palautettu")
        deliver(stage, bank)
        by_amount = {row["amount_minor"]: row["payment_id"] for row in rows(sovinto)}
        sovinto("suspense", "undo", by_amount[-short], by_amount[short], "--by", ONE)
        assert moved(stage, bank, sovinto) == 1_00
    assert balances(stage)["bank:ours_due"] == 0
    assert "ours on the collection account: 0.00 EUR, moved to our own: " in sovinto.prove()


def moved(stage: Running, bank: BankAccount, sovinto: Sovinto) -> int:
    """On the next day; what two people let go to our own account, once the bank has debited it."""
    office_hours(stage, today(stage) + timedelta(days=1))
    assert stage.invoke("pay_clients", {})["own_transfers"] == 1
    (order,) = orders(sovinto, "own_transfer")
    assert order["account"] == "FI..0018"
    release(sovinto, order)
    execute(stage, bank)
    deliver(stage, bank)
    assert orders(sovinto, "own_transfer") == []
    return int(order["amount"]["minor"])


def rows(sovinto: Sovinto) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sovinto.json("suspense", "list", "--json")["suspense"]["rows"]
    return found


def free(stage: Running, sovinto: Sovinto) -> int:
    """What the account holds beside what is owed to others; a debit in suspense is no money."""
    held = ("bank:collection", "bank:details", "bank:in_transit", "psp:", "refunds:", "suspense")
    total = sum(int(row["amount_minor"]) for row in rows(sovinto) if row["amount_minor"] < 0)
    for name, minor in balances(stage).items():
        is_payable = name.startswith("client:") and name.endswith(":payable")
        if is_payable or (name.startswith(held) and not name.endswith(":reserve")):
            total += minor
    return total

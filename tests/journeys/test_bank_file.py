"""A bank file is posted once however often it comes, and the books agree with the bank."""

from __future__ import annotations

import pytest

from infra.local.bank import BankAccount
from infra.local.running import Running
from tests.support.journey import Creditor
from tests.support.journey_bank import deliver, transfer
from tests.support.journey_books import balances, payments
from tests.support.journey_time import today

pytestmark = pytest.mark.journey


def test_the_same_bank_file_twice_posts_nothing_the_second_time(stage: Running, creditor: Creditor) -> None:
    case_id = creditor.place("BANK-1", "80.00")
    amount = transfer(creditor, case_id)

    first = deliver(stage, creditor.bank)
    again = deliver(stage, creditor.bank)

    assert first["matched"] >= 1
    assert {name: again[name] for name in ("held", "matched", "suspense", "transfers")} == {
        "held": 0, "matched": 0, "suspense": 0, "transfers": 0,
    }  # fmt: skip
    assert again["repeated"] >= 1
    assert payments(stage, case_id) == [amount]
    assert creditor.case(case_id)["state"] == "paid"


def test_the_books_hold_what_the_statement_says(
    stage: Running, creditor: Creditor, bank: BankAccount
) -> None:
    case_id = creditor.place("BANK-2", "80.00")
    transfer(creditor, case_id, 30_00)
    bank.credit(today(stage), 12_34, None, "Tuntematon Maksaja", text="lasku")

    deliver(stage, bank)

    books = balances(stage)
    assert books["bank:collection"] == bank.balance_minor(today(stage))
    assert books["suspense"] <= -12_34
    assert sum(books.values()) == 0


def test_part_of_the_sum_leaves_the_rest_owed(stage: Running, creditor: Creditor) -> None:
    case_id = creditor.place("BANK-3", "80.00")
    owed = creditor.case(case_id)["balance_minor"]["total"]
    transfer(creditor, case_id, 30_00)

    deliver(stage, creditor.bank)

    case = creditor.case(case_id)
    assert (case["state"], case["balance_minor"]["total"]) == ("open", owed - 30_00)


def test_a_file_that_contradicts_itself_is_held_whole(
    stage: Running, creditor: Creditor, bank: BankAccount
) -> None:
    case_id = creditor.place("BANK-4", "80.00")
    letter = creditor.people.letter(case_id)
    other = BankAccount(bank.iban, bank.owner, bank.bic)
    other.credit(today(stage), 80_00, letter["payment"]["reference"], "Aino Esimerkki")
    broken = other.statement(today(stage)).replace(b">80.00<", b">81.00<", 1)
    s3, bucket = stage.client("s3"), stage.outputs["BankBucket"]
    s3.put_object(Bucket=bucket, Key=f"inbox/broken-{case_id}.xml", Body=broken)

    counts = stage.invoke("import_statement", {})

    assert (counts["held"], counts["matched"]) == (1, 0)
    held = s3.list_objects_v2(Bucket=bucket, Prefix=f"held/broken-{case_id}")["Contents"]
    assert len(held) == 2
    assert payments(stage, case_id) == []

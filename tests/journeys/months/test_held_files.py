"""Bank files that wait for people: two of them, at the command line, and the proof that knows it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from infra.local.bank import BankAccount
from infra.local.running import Running
from tests.support.journey import Creditor
from tests.support.journey_bank import deliver, transfer
from tests.support.journey_books import balances, payments
from tests.support.journey_cli import ONE, OTHER, THIRD, Sovinto
from tests.support.journey_time import office_hours, today

pytestmark = pytest.mark.journey


def put(stage: Running, name: str, data: bytes) -> dict[str, int]:
    """The bank delivers it; what is not zero of the import."""
    stage.client("s3").put_object(Bucket=stage.outputs["BankBucket"], Key=f"inbox/{name}", Body=data)
    return run(stage)


def run(stage: Running) -> dict[str, int]:
    done = stage.invoke("import_statement", {})
    return {name: count for name, count in done.items() if count}


def digest_of(sovinto: Sovinto) -> str:
    """Of the only file that waits."""
    (file,) = sovinto.json("held", "list", "--by", THIRD, "--json")["held_files"]
    return str(file["digest"])


def twin(bank: BankAccount, stage: Running) -> BankAccount:
    """The same account as it stood when the day began, for what the bank says otherwise."""
    before = bank.balance_minor(today(stage) - timedelta(days=1))
    return BankAccount(bank.iban, bank.owner, bank.bic, opening_minor=before)


def test_a_file_that_contradicts_itself_waits_for_a_right_one(
    stage: Running, creditor: Creditor, bank: BankAccount, sovinto: Sovinto
) -> None:
    office_hours(stage, today(stage) + timedelta(days=1))
    case_id = creditor.place("HELD-1", "80.00", name="Hilma Pidätetty")
    paid = transfer(creditor, case_id)
    wrong = bank.statement(today(stage)).replace(
        f">{paid // 100}.{paid % 100:02d}<".encode(), b">999.99<", 1
    )
    assert put(stage, "wrong.xml", wrong) == {"files": 1, "held": 1}
    assert payments(stage, case_id) == []

    listed = sovinto("held", "list", "--by", THIRD)
    digest = digest_of(sovinto)
    assert listed.startswith(f"{digest}  held since {today(stage)}, 0 days\n    wrong.xml (camt053)")
    assert f"    {bank.iban}: 1 lines, in " in listed
    assert "nobody may release it" in sovinto("held", "look", digest, "--by", THIRD)
    asked = ("--reason", "the bank says it is right")
    assert "nobody may overrule" in sovinto.refused("held", "ask", digest, "--by", ONE, *asked)

    sovinto("held", "retry", digest, "--by", THIRD)
    assert run(stage) == {"files": 1, "held": 1}, "nothing is new: it waits on"
    refused = sovinto.refused("held", "reject", digest, "--by", THIRD, "--reason", "wrong sum")
    assert "may_release" in refused
    sovinto("held", "reject", digest, "--by", OTHER, "--reason", "the bank sends another")
    assert run(stage) == {}
    assert sovinto("held", "list", "--by", THIRD) == "no bank file is held\n"
    assert put(stage, "wrong-again.xml", wrong) == {"files": 1, "rejected": 1}

    assert deliver(stage, bank)["matched"] == 1
    again = put(stage, "under-another-name.xml", bank.statement(today(stage)))
    assert again["repeated"] >= 1 and "matched" not in again
    assert payments(stage, case_id) == [paid]
    assert f"({digest}) was rejected by {OTHER}" in sovinto.prove()


def by_people(sovinto: Sovinto) -> list[tuple[str, str]]:
    """What the bank took, and the money of the same sum that it had brought."""
    rows = sovinto.json("suspense", "list", "--json")["suspense"]["rows"]
    ids = {row["amount_minor"]: str(row["payment_id"]) for row in rows}
    return [(ids[-minor], ids[minor]) for minor in (30_00, 45_00)]


def test_a_false_alarm_takes_two_people(stage: Running, bank: BankAccount, sovinto: Sovinto) -> None:
    """Two true statements of one day that each come to nothing."""
    day = office_hours(stage, today(stage) + timedelta(days=1))
    before = balances(stage).get("suspense", 0)
    second = twin(bank, stage)
    bank.credit(day, 30_00, payer="Onni Ohimenevä")
    bank.debit(day, 30_00, payee="Onni Ohimenevä")
    second.credit(day, 45_00, payer="Outi Ohimenevä")
    second.debit(day, 45_00, payee="Outi Ohimenevä")
    deliver(stage, bank)
    told = second.statement(day).replace(b"<AcctSvcrRef>", b"<AcctSvcrRef>S")
    assert put(stage, "second.xml", told) == {"files": 1, "held": 1}
    digest = digest_of(sovinto)
    looked = sovinto("held", "look", digest, "--by", THIRD)
    assert "two people may release it (--alike 0)" in looked

    why = ("--reason", "the bank confirms a second statement")
    assert "may_release" in sovinto.refused("held", "ask", digest, "--by", THIRD, *why)
    assert "nobody" not in sovinto("held", "ask", digest, "--by", ONE, *why)
    assert run(stage) == {}, "one pair of eyes lets nothing in"
    assert f"{ONE} asks for its release (0 lines alike)" in sovinto("held", "list", "--by", OTHER)
    assert "somebody else" in sovinto.refused("held", "release", digest, "--by", ONE)
    sovinto("held", "release", digest, "--by", OTHER)

    assert run(stage) == {"files": 1, "suspense": 2}
    assert sovinto("held", "list", "--by", THIRD) == "no bank file is held\n"
    assert balances(stage).get("suspense", 0) == before
    for taken, came in by_people(sovinto):
        sovinto("suspense", "undo", taken, came, "--by", THIRD)
    assert f"{ONE} and {OTHER}: the bank confirms a second statement" in sovinto.prove()
    assert put(stage, "second-again.xml", told) == {"files": 1, "repeated": 2}

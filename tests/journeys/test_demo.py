"""The demo's own story, in small: after some weeks every cent is accounted for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from infra.local import virtual_time
from infra.local.bank import BankAccount
from infra.local.demo import client_side
from infra.local.demo.behaviour import Debtor
from infra.local.demo.first_day import STEP, first_day
from infra.local.demo.report import report
from infra.local.demo.story import Story
from infra.local.running import Running
from tests.support.journey import HEADER, Creditor
from tests.support.journey_bank import settle_provider
from tests.support.journey_books import payments
from tests.support.journey_time import office_hours, today

pytestmark = pytest.mark.journey

DAYS = 24
# Names of their own: a surplus waits where its payer may owe in another journey's case too.
NAMES = ("Alma Demola", "Eino Demola", "Hilja Demola", "Onni Demola", "Saima Demola")
BEHAVIOURS = ("pays_reminder", "pays_by_card", "pays_too_much", "dispute_upheld", "pays_part")


@pytest.fixture
def file(stage: Running, tmp_path: Path) -> Path:
    due_on = today(stage) - timedelta(days=40)
    rows = [
        f"DEMO-{n};Yksityinen;{name};Koekuja {n};00100;Helsinki;demo{n}@asiakas.example;"
        f"LD{n};{due_on:%d.%m.%Y};{n}3{n},5{n}\n"
        for n, name in enumerate(NAMES, start=1)
    ]
    path = tmp_path / "demo.csv"
    path.write_text(HEADER + "".join(rows), "utf-8")
    return path


def test_five_cases_add_up_to_the_cent(
    stage: Running, creditor: Creditor, bank: BankAccount, file: Path
) -> None:
    settle_provider(stage, bank)
    intake = client_side.upload(creditor.api, file)
    virtual_time.until_quiet(stage)
    listed = sorted(client_side.cases(creditor.api), key=lambda case: str(case["client_reference"]))
    ids = [str(case["case_id"]) for case in listed]
    for case_id, behaviour in zip(ids, BEHAVIOURS, strict=True):
        creditor.people.debtors[case_id] = Debtor(case_id, behaviour, 2)
    sent_files = {f"outgoing/{message_id}.xml" for message_id in bank.executed}
    story = Story(stage, creditor.api, creditor.people, virtual_time.now(stage), sent_files)

    for _ in range(DAYS):
        story.day()
        virtual_time.move(stage, virtual_time.now(stage) + timedelta(days=1))
    office_hours(stage)
    story.day()

    found = report(stage)
    states = [creditor.case(case_id)["state"] for case_id in ids]
    assert intake["accepted"] == 5
    assert states == ["paid", "paid", "paid", "dispute_upheld", "open"]
    assert [len(payments(stage, case_id)) for case_id in ids] == [1, 1, 1, 0, 1]
    assert found["proof"]["difference"] == 0
    assert found["proof"]["every_entry_balances"]
    assert found["proof"]["bank_by_ledger"] == found["proof"]["assets"]["bank_by_statement"]
    assert found["proof"]["adds_up"]


def test_a_file_of_ones_own_begins_when_its_rows_are_overdue(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    rows = "".join(
        f"OWN-{n};Yksityinen;Aino Esimerkki;Koekuja {n};00100;Helsinki;own{n}@asiakas.example;"
        f"L{n};{due};9,50\n"
        for n, due in enumerate(("1.3.2026", "2.4.2026"), start=1)
    )
    path.write_text(HEADER + rows, "utf-8")
    begin, latest = datetime(2026, 1, 5, 7, 5, tzinfo=UTC), datetime(2026, 8, 1, tzinfo=UTC)
    assert first_day(path, begin, latest) == begin + 4 * STEP, "27 April: the first look after 2 April"

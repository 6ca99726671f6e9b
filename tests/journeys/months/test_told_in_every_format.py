"""Every kind of bank file through the inbox of the stage, each payment at its case, and the proof."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from infra.local.running import Running
from tests.support import journey_files as files
from tests.support.journey import Creditor
from tests.support.journey_books import balances, settled
from tests.support.journey_cli import THIRD, Sovinto, agency_of
from tests.support.journey_time import office_hours, today
from tests.support.statements import camt, itemised

pytestmark = pytest.mark.journey


@pytest.fixture
def accounts(stage: Running) -> Iterator[None]:
    with agency_of(stage, accounts=files.ACCOUNTS):
        yield


def put(stage: Running, name: str, data: bytes) -> dict[str, int]:
    """What is not zero of the import of that file."""
    stage.client("s3").put_object(Bucket=stage.outputs["BankBucket"], Key=f"inbox/{name}", Body=data)
    return {key: count for key, count in stage.invoke("import_statement", {}).items() if count}


class Debtors:
    """Cases that wait for the money of a file, and whose it is."""

    def __init__(self, creditor: Creditor) -> None:
        self.creditor, self.owed = creditor, dict[str, int]()

    def next(self) -> tuple[int, str, str]:
        """What another debtor owes, the reference of the letter, and the debtor's name."""
        letter_of = "ABCDEFGHIJKLMNOP"[len(self.owed)]
        name = f"Muoto {letter_of}kkonen"
        case_id = self.creditor.place(f"FORM-{letter_of}", "50.00", name=name)
        letter = self.creditor.people.letter(case_id)
        self.owed[case_id] = int(letter["total"]["minor"])
        return self.owed[case_id], str(letter["payment"]["reference"]), name

    def check_paid(self) -> None:
        for case_id, owed in self.owed.items():
            assert settled(self.creditor.running, case_id) == owed
            assert self.creditor.case(case_id)["state"] == "paid"


@pytest.mark.usefixtures("accounts")
def test_each_format_finds_its_cases(stage: Running, creditor: Creditor, sovinto: Sovinto) -> None:
    day = office_hours(stage, today(stage) + timedelta(days=1))
    debtors, before = Debtors(creditor), balances(stage)
    alone, one, other, swift, told, third, sheet, table = (debtors.next() for _ in range(8))

    assert put(stage, "ktl.txt", files.ktl(day, one, other)) == {"files": 1, "matched": 2}
    lump = one[0] + other[0]
    statement = files.tito(day, alone[:2], (lump, ""))
    assert put(stage, "tito.txt", statement) == {"files": 1, "matched": 1, "transfers": 1}

    early = camt("052", itemised(swift[0], swift[:2], on=day), iban=files.SWIFT)
    assert put(stage, "early.xml", early) == {"files": 1, "shown": 1}
    assert put(stage, "early.sta", files.mt942(day, swift[:2])) == {"files": 1, "shown": 1}
    notice = itemised(told[0] + third[0], told[:2], third[:2], bank_id="M2", on=day)
    assert put(stage, "notice.xml", camt("054", notice, iban=files.SWIFT)) == {"files": 1, "matched": 2}
    record = files.mt940(day, swift[:2], (told[0] + third[0], ""))
    assert put(stage, "day.sta", record) == {"files": 1, "matched": 1, "transfers": 1}

    assert put(stage, "sheet.csv", files.csv(day, sheet)) == {"files": 1, "matched": 1}
    later = files.xlsx(office_hours(stage, day + timedelta(days=1)), table)
    assert put(stage, "sheet.xlsx", later) == {"files": 1, "matched": 1}

    debtors.check_paid()
    after = balances(stage)
    moved = {
        name: after.get(name, 0) - before.get(name, 0)
        for name in ("bank:collection", "bank:details", "suspense")
    }
    assert moved == {"bank:collection": sum(debtors.owed.values()), "bank:details": 0, "suspense": 0}
    assert put(stage, "tito-again.txt", statement)["repeated"] == 2
    assert sovinto("held", "list", "--by", THIRD) == "no bank file is held\n"
    sovinto.prove()

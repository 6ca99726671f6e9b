"""The nightly proof over a real table: what it puts for the alarm, and that it seals what is over."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sovinto.adapters.dynamo.table import Set

from tests.functions.acts import placed
from tests.functions.stage import Stage
from tests.support.aws import client
from tests.support.people import START
from tests.support.statements import camt053, line


def test_the_night_proves_seals_and_tells(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    case = placed(stage)
    data = camt053(
        line(4_000, reference=case.payment_reference, payer="Tiina Testinen"),
        line(999, bank_id="A2"),
        change=4_999,
    )
    client("s3").put_object(Bucket="bank", Key="inbox/a.xml", Body=data)
    stage.call("import_statement", {})
    done = stage.call("prove_books", {})
    assert (done["books_broken"], done["books_unchecked"], done["days_sealed"]) == (0, 0, 0)
    assert done["books_entries"] >= 3
    stage.move_clock(START + timedelta(days=2))
    assert stage.call("prove_books", {})["days_sealed"] == 2
    (entry, *_) = stage.table.query(f"CASE#{case.case_id}", "ENTRY#")
    body = json.loads(str(entry["body"]))
    changed = json.dumps({**body, "label": "other"})
    stage.table.transact([Set(str(entry["pk"]), str(entry["sk"]), {"body": changed})])
    caplog.clear()
    assert stage.call("prove_books", {})["books_broken"] == 2
    assert {getattr(record, "where", "") for record in caplog.records} == {body["entry_id"], ""}

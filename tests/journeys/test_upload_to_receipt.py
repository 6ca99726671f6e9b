"""A client's file becomes cases with one receipt each; what is wrong is named; nothing comes twice."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from infra.local import virtual_time
from infra.local.demo import client_side
from infra.local.running import Running
from tests.support.journey import HEADER, Creditor, mail_to

pytestmark = pytest.mark.journey

FILE = (
    HEADER
    + """\
UP-1;Yksityinen;Aino Esimerkki;Koekuja 1;00100;Helsinki;aino@asiakas.example;L1;1.11.2025;120,50
UP-2;Yksityinen;Eino Esimerkki;Koekuja 2;00100;Helsinki;eino@asiakas.example;L2;2.11.2025;1 250,00
UP-3;Yksityinen;Vieno Esimerkki;Koekuja 3;00100;Helsinki;vieno@asiakas.example;L3;31.9.2025;45,00
UP-4;Yksityinen;Toivo Esimerkki;Koekuja 4;00100;Helsinki;toivo@asiakas.example;L4;3.11.2025;-5,00
"""
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "cases.csv"
    path.write_text(FILE, "utf-8")
    return path


def test_a_file_becomes_cases_and_one_receipt_for_each(
    stage: Running, creditor: Creditor, file: Path
) -> None:
    report = client_side.upload(creditor.api, file)
    virtual_time.until_quiet(stage)

    counts = {name: report[name] for name in ("rows", "accepted", "refused", "duplicates")}
    receipts = [mail for mail in mail_to(stage, creditor.email) if "UP-" in mail.text]
    assert counts == {"rows": 4, "accepted": 2, "refused": 2, "duplicates": 0}
    assert [case["client_reference"] for case in _by_reference(creditor)] == ["UP-1", "UP-2"]
    assert sorted(ref for mail in receipts for ref in ("UP-1", "UP-2") if ref in mail.text) == [
        "UP-1",
        "UP-2",
    ]


def test_bad_rows_are_named_with_column_and_reason(creditor: Creditor, file: Path) -> None:
    report = client_side.upload(creditor.api, file)

    refused = [row for row in report["report"] if row["outcome"] == "refused"]
    found = {(row["row"], problem["column"]) for row in refused for problem in row["problems"]}
    assert found == {(4, "Eräpäivä"), (5, "Pääoma")}
    assert all(problem["reason"] for row in refused for problem in row["problems"])


def test_the_same_file_again_makes_no_new_case_and_no_second_receipt(
    stage: Running, creditor: Creditor, file: Path
) -> None:
    client_side.upload(creditor.api, file)
    virtual_time.until_quiet(stage)
    before = len(mail_to(stage, creditor.email))

    again = client_side.upload(creditor.api, file)
    virtual_time.until_quiet(stage)

    assert (again["accepted"], again["duplicates"]) == (0, 2)
    assert len(_by_reference(creditor)) == 2
    assert len(mail_to(stage, creditor.email)) == before == 2


def test_the_link_takes_only_the_size_it_was_made_for(creditor: Creditor) -> None:
    link = creditor.api.api("POST", "/v1/uploads", {"file_name": "cases.csv", "size": 10})

    with pytest.raises(urllib.error.HTTPError) as refusal:
        _put(link, b"x" * 11)

    assert refusal.value.code == 403
    _put(link, b"x" * 10)


def _put(link: dict[str, Any], data: bytes) -> None:
    request = urllib.request.Request(link["url"], data, headers=link["headers"], method="PUT")
    with urllib.request.urlopen(request, timeout=30):
        pass


def _by_reference(creditor: Creditor) -> list[dict[str, Any]]:
    return sorted(client_side.cases(creditor.api), key=lambda case: str(case["client_reference"]))

"""What was collected is paid on, and what we earned is invoiced: to the cent, and to nobody else."""

from __future__ import annotations

import subprocess
import sys
import urllib.error
import urllib.request
from datetime import date, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from infra.local.bank import BankAccount, read_transfers
from infra.local.demo.browser import PageRefused
from infra.local.running import Running
from infra.paths import ROOT
from tests.support.journey import Creditor, new_creditor
from tests.support.journey_bank import (
    deliver,
    execute,
    message_of,
    payment_files,
    settle_provider,
    transfer,
)
from tests.support.journey_books import balances
from tests.support.journey_time import office_hours, today

pytestmark = pytest.mark.journey

VALIDATOR = ROOT.parent / "shared" / "validators" / "validate_xsd.py"


@pytest.fixture
def remitted(stage: Running, creditor: Creditor) -> tuple[str, int]:
    """One paid case, remitted: the remittance's id and what it pays, minor units."""
    case_id = creditor.place("REM-1", "200.00")
    transfer(creditor, case_id)
    deliver(stage, creditor.bank)
    stage.invoke("pay_clients", {})
    [document] = documents(creditor)
    return str(document["document_id"]), int(document["amount_minor"])


def file_of(stage: Running, order_id: str) -> bytes:
    """The payment file with that order; a file is named by its batch."""
    [data] = [data for data in payment_files(stage).values() if order_id.encode() in data]
    return data


def documents(creditor: Creditor) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = creditor.api.api("GET", "/v1/documents")["documents"]
    return found


def test_a_remittance_instructs_the_bank_once_with_its_own_reference(
    stage: Running, creditor: Creditor, remitted: tuple[str, int]
) -> None:
    remittance_id, net = remitted

    ordered = read_transfers(file_of(stage, remittance_id))
    [transferred] = [one for one in ordered if one.end_to_end_id == remittance_id]
    again = stage.invoke("pay_clients", {})

    assert (transferred.end_to_end_id, transferred.amount_minor) == (remittance_id, net)
    assert transferred.creditor_iban == "FI1410093000123458"
    assert again["remittances"] == 0
    assert len(documents(creditor)) == 1


def test_the_payment_file_is_valid_pain_001(
    stage: Running, remitted: tuple[str, int], tmp_path: Path
) -> None:
    if not VALIDATOR.is_file():
        pytest.skip("the published schemas are not on this machine")
    path = tmp_path / "pain001.xml"
    path.write_bytes(file_of(stage, remitted[0]))

    found = subprocess.run(
        [sys.executable, str(VALIDATOR), str(path)], capture_output=True, text=True, check=False
    )

    assert found.returncode == 0, found.stdout


def test_when_the_bank_has_paid_nothing_is_in_transit(
    stage: Running, bank: BankAccount, remitted: tuple[str, int]
) -> None:
    assert file_of(stage, remitted[0])
    settle_provider(stage, bank)
    execute(stage, bank)
    assert all(message_of(key) in bank.executed for key in payment_files(stage))

    deliver(stage, bank)

    books = balances(stage)
    assert books.get("bank:in_transit", 0) == 0
    assert books["bank:collection"] == bank.balance_minor(today(stage))


def test_the_client_fetches_its_documents_and_nobody_else_can(
    stage: Running, creditor: Creditor, bank: BankAccount, remitted: tuple[str, int]
) -> None:
    office_hours(stage, _next_month(stage))
    stage.invoke("pay_clients", {})
    stage.invoke("pay_clients", {})

    listed = documents(creditor)
    assert sorted(str(item["kind"]) for item in listed) == ["fee_invoice", "remittance_statement"]
    for item in listed:
        assert fetched(creditor, str(item["document_id"])).startswith(b"%PDF-")
    other = new_creditor(stage, bank)
    assert documents(other) == []
    for item in listed:
        with pytest.raises(PageRefused, match="404"):
            other.api.api("GET", f"/v1/documents/{item['document_id']}")


def test_a_case_of_another_client_is_absent(stage: Running, creditor: Creditor, bank: BankAccount) -> None:
    case_id = creditor.place("REM-9")
    other = new_creditor(stage, bank)

    with pytest.raises(PageRefused, match="404"):
        other.case(case_id)
    with pytest.raises(PageRefused, match="404"):
        other.api.api("POST", f"/v1/cases/{case_id}/dispute", {"outcome": "upheld"})
    assert other.api.api("GET", "/v1/cases")["cases"] == []


def test_the_documents_need_a_token(stage: Running) -> None:
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(f"{stage.url}/v1/documents", timeout=30)


def fetched(creditor: Creditor, document_id: str) -> bytes:
    """By the link of the answer, without our token: the link alone opens this one file."""
    connection = HTTPConnection(urlsplit(creditor.running.url).netloc, timeout=30)
    headers = {"Authorization": f"Bearer {creditor.token}"}
    connection.request("GET", f"/v1/documents/{document_id}", headers=headers)
    location = connection.getresponse().headers["Location"]
    connection.close()
    with urllib.request.urlopen(location, timeout=30) as answer:
        data: bytes = answer.read()
    return data


def _next_month(stage: Running) -> date:
    return (today(stage).replace(day=1) + timedelta(days=32)).replace(day=1)

"""Our invoices, a client's statement and the export for an accountant, as the deployed stage makes them."""

from __future__ import annotations

import csv
import io
import json
import re
import urllib.request
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from lxml import etree
from sovinto.adapters.dynamo.clients import TableBook
from sovinto.adapters.dynamo.table import DynamoTable
from sovinto.cli import main

import infra.local.running
from infra.local.bank import BankAccount
from infra.local.running import Running
from infra.paths import ROOT
from tests.support.journey import Creditor, mail_to
from tests.support.journey_bank import deliver, execute, transfer
from tests.support.journey_books import balances, bodies
from tests.support.journey_papers import PAPERS, buyer, documents, fetched, invoices, pay_by_reference
from tests.support.journey_time import office_hours, today
from tests.support.sie import read_sie
from tests.unit.formats.ubl_rules import UblRules

pytestmark = pytest.mark.journey

FINVOICE = ROOT.parent / "shared" / "validators" / "finvoice" / "Finvoice3.0_2020-11-30.xsd"
PRINCIPAL = 200_00


@pytest.fixture
def found_stage(stage: Running, monkeypatch: pytest.MonkeyPatch) -> Running:
    """The command line finds the stage of the tests rather than that of `make up`."""
    monkeypatch.setattr(infra.local.running, "load", lambda: stage)
    return stage


@pytest.fixture
def client(found_stage: Running, bank: BankAccount) -> Creditor:
    """One paid case and one unpaid; the money is remitted, and the month is over and invoiced."""
    found = buyer(found_stage, bank)
    transfer(found, found.place("BOOK-1", "200.00"))
    found.place("BOOK-2", "90.00", name="Eino Esimerkki")
    deliver(found_stage, bank)
    found_stage.invoke("pay_clients", {})
    office_hours(found_stage, next_month(found_stage))
    found_stage.invoke("pay_clients", {})
    return found


def next_month(stage: Running) -> date:
    return (today(stage).replace(day=1) + timedelta(days=32)).replace(day=1)


def test_a_month_is_invoiced_with_valid_papers_and_paid_by_its_reference(client: Creditor) -> None:
    (issued,) = invoices(client)
    nets = {line.text: line.net.minor for line in issued.invoice.lines}
    assert nets == {"setup_fee": 20_00, "commission": PRINCIPAL // 10}
    kinds = documents(client)
    assert set(kinds) == {"fee_invoice", "fee_invoice_ubl", "fee_invoice_finvoice", "remittance_statement"}
    assert fetched(client, kinds["fee_invoice"], "invoice.pdf").startswith(b"%PDF-")
    assert fetched(client, kinds["remittance_statement"], "remittance.pdf").startswith(b"%PDF-")
    assert UblRules().findings(fetched(client, kinds["fee_invoice_ubl"], "invoice_ubl.xml")) == []
    check_finvoice(fetched(client, kinds["fee_invoice_finvoice"]))

    gross = issued.invoice.gross.minor
    pay_by_reference(client, issued, gross - 1_00)
    assert [one.left.minor for one in invoices(client)] == [1_00]
    pay_by_reference(client, issued, 1_00)

    assert [one.left.minor for one in invoices(client)] == [0]
    (told,) = statement(client)["invoices"]
    assert (told["paid_minor"], told["left_minor"]) == (gross, 0)
    books = balances(client.running)
    assert books[f"client:{client.client_id}:invoiced"] == 0


def check_finvoice(data: bytes) -> None:
    if FINVOICE.is_file():
        etree.XMLSchema(etree.parse(str(FINVOICE))).assertValid(etree.fromstring(data))


def test_an_invoice_is_credited_by_the_command_line_once(
    client: Creditor, capsys: pytest.CaptureFixture[str]
) -> None:
    (issued,) = invoices(client)
    asked = ["invoices", "--client", client.client_id, "--credit", str(issued.number)]
    asked += ["--reason", "Laskutettu kahdesti", "--json"]

    assert main(asked) == main(asked) == 0

    one, again = (json.loads(text + "}") for text in capsys.readouterr().out.strip().split("}")[:2])
    assert one == again and one["gross"] == issued.invoice.gross.decimal()
    kinds = documents(client)
    assert fetched(client, kinds["credit_note"], "credit_note.pdf").startswith(b"%PDF-")
    assert UblRules().findings(fetched(client, kinds["credit_note_ubl"])) == []
    check_finvoice(fetched(client, kinds["credit_note_finvoice"]))
    assert balances(client.running)[f"client:{client.client_id}:invoiced"] == 0
    assert [row.left.minor for row in invoices(client)] == [0, 0]


def test_an_unpaid_invoice_is_reminded_of_twice_and_then_told_to_people(client: Creditor) -> None:
    stage, (issued,) = client.running, invoices(client)
    reference, seen = issued.invoice.payment_reference, []
    for days in (2, 3, 14, 21):
        office_hours(stage, issued.invoice.due_on + timedelta(days=days))
        stage.invoke("pay_clients", {})
        stage.invoke("pay_clients", {})
        seen.append([one for one in mail_to(stage, client.email) if reference in one.text])

    assert [len(found) for found in seen] == [0, 1, 2, 2]
    newest = seen[-1][0]
    assert paper_of(stage, newest.sent_id).startswith(b"%PDF-")
    PAPERS.mkdir(parents=True, exist_ok=True)
    (PAPERS / "reminder.txt").write_text(f"{newest.subject}\n\n{newest.text}", "utf-8")
    kinds = [event["type"] for event in bodies(stage, f"CLIENT#{client.client_id}", "OUTBOX#")]
    assert kinds.count("fee_invoice.overdue") == 1


def paper_of(stage: Running, sent_id: str) -> bytes:
    """What lies with an e-mail, as the outbox gives it."""
    with urllib.request.urlopen(f"{stage.url}/outbox/{sent_id}", timeout=30) as page:
        (link,) = re.findall(r'href="([^"]+\.pdf)"', page.read().decode())
    with urllib.request.urlopen(f"{stage.url}{link}", timeout=30) as answer:
        data: bytes = answer.read()
    return data


def statement(creditor: Creditor) -> dict[str, Any]:
    """All pages of this year, as one."""
    year = today(creditor.running).year
    asked = f"/v1/statement?from={year}-01-01&to={year}-12-31"
    found: dict[str, Any] = creditor.api.api("GET", asked)
    page = found
    while page["after"]:
        page = creditor.api.api("GET", f"{asked}&after={page['after']}")
        found["lines"] += page["lines"]
    return found


def test_the_statement_is_the_ledger_to_the_cent(
    client: Creditor, bank: BankAccount, capsys: pytest.CaptureFixture[str]
) -> None:
    stage = client.running
    transfer(client, client.place("BOOK-3", "70.00", name="Outi Esimerkki"), 30_00)
    deliver(stage, bank)
    told = statement(client)

    (account,) = told["accounts"]
    held = -balances(stage)[f"client:{client.client_id}:payable"]
    assert account["closing_minor"] == held == 30_00
    assert account["opening_minor"] + sum(one["amount_minor"] for one in told["lines"]) == held
    paid, remitted, part = told["lines"]
    assert [one["kind"] for one in (paid, remitted, part)] == [
        "payment_allocated", "remitted", "payment_allocated",
    ]  # fmt: skip
    for one in told["lines"]:
        assert sum(item["amount_minor"] for item in one["parts"]) == one["amount_minor"]
    assert (paid["client_reference"], paid["way"]) == ("BOOK-1", "bank")
    assert (paid["matched"]["rule"], part["matched"]["rule"]) == ("reference_and_sum", "reference")
    seen = {item["sk"]["S"] for item in lines_of_the_bank(stage)}
    assert {paid["bank_line"], part["bank_line"]} <= seen
    assert remitted["document_id"] == documents(client)["remittance_statement"]

    year = today(stage).year
    asked = ["statement-of-account", client.client_id, "--from", f"{year}-01-01", "--to", f"{year}-12-31"]
    assert main(asked) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["voucher"] for row in rows] == [one["voucher"] for one in told["lines"]]
    cents = [int(Decimal(row["amount"]) * 100) for row in rows]
    assert cents == [one["amount_minor"] for one in told["lines"]]


def lines_of_the_bank(stage: Running) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = stage.client("dynamodb").query(
        TableName=stage.table_name,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": "SEEN#bank"}},
    )["Items"]
    return found


def test_the_accountant_gets_the_year_balanced_and_whole(
    client: Creditor, bank: BankAccount, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    stage, year = client.running, today(client.running).year
    execute(stage, bank)
    deliver(stage, bank)
    days = ["--from", f"{year}-01-01", "--to", f"{year}-12-31"]
    capsysbinary.readouterr()

    assert main(["export", "sie", *days]) == 0
    sie = read_sie(capsysbinary.readouterr().out)
    assert main(["export", "csv", *days]) == 0
    rows = list(csv.DictReader(io.StringIO(capsysbinary.readouterr().out.decode("utf-8-sig"))))

    assert [cells[1] for cells, _ in sie.vouchers] == [str(n) for n in range(1, len(sie.vouchers) + 1)]
    assert sum(sie.sums["UB"].values()) + sum(sie.sums["RES"].values()) == 0
    ledger = list(entries(stage, year))
    assert {row["entry_id"] for row in rows} == {entry.entry_id for entry in ledger}
    assert len({row["voucher"] for row in rows if row["voucher"]}) == len(sie.vouchers)
    books = balances(stage)
    for account in ("bank:collection", f"client:{client.client_id}:invoiced", "vat:output"):
        told = sum(cents(row) for row in rows if row["ledger_account"] == account)
        assert told == books[account]


def cents(row: dict[str, str]) -> int:
    """Of a line of the journal; a debit is positive."""
    return int((Decimal(row["debit"] or 0) - Decimal(row["credit"] or 0)) * 100)


def entries(stage: Running, year: int) -> Iterator[Any]:
    book = TableBook(DynamoTable(stage.client("dynamodb"), stage.table_name))
    day = date(year, 1, 1)
    while day.year == year:
        yield from book.entries(day.isoformat())
        day += timedelta(days=1)

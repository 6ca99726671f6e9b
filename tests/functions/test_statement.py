"""The statement of account over the API: the client's own, as JSON or CSV, for at most a year."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import Any

import pytest
from sovinto.adapters.dynamo import keys
from sovinto.adapters.dynamo.clients import TableClients
from sovinto.adapters.dynamo.table import Scalar, Set
from sovinto.domain import accounts
from sovinto.domain.case import Case
from sovinto.domain.money import Money
from sovinto.domain.payment import Payment
from sovinto.entry import statement
from sovinto.ids import ClientId, PaymentId
from sovinto.ports import Guard
from sovinto.usecases.record_payment import record_payment

from tests.docs.test_api_answers import check
from tests.functions.acts import placed
from tests.functions.stage import Stage, http, module
from tests.support.people import CLIENT, START

YEAR = "from=2026-01-01&to=2026-12-31"
ROUTE = "GET /v1/statement"


def ask(stage: Stage, query: str = YEAR, *, accept: str = "", client_id: str = CLIENT.client_id) -> Any:
    event = http("GET", f"/v1/statement?{query}", headers={"accept": accept}, client_id=client_id)
    return stage.call("intake_api", event)


def paid(stage: Stage, case: Case, minor: int, name: str) -> None:
    wired = module("intake_api").parts()[1]
    record_payment(
        Payment(PaymentId(name), "bank", f"line-{name}", wired.clock.now().date(), Money(minor, "EUR")),
        case_id=case.case_id,
        into=accounts.BANK,
        guard=Guard("SEEN#bank", name),
        cases=wired.cases,
        clock=wired.clock,
    )


def test_a_client_reads_its_own_statement_and_nobody_else_s(stage: Stage) -> None:
    case = placed(stage, client_reference="=1+1")
    paid(stage, case, 4_000, "pay_1")
    seen = check(ROUTE, ask(stage))
    (account,), (line,) = seen["accounts"], seen["lines"]
    assert (account["opening_minor"], account["closing_minor"]) == (0, 4_000)
    assert (line["case_id"], line["received_minor"]) == (case.case_id, 4_000)
    assert sum(part["amount_minor"] for part in line["parts"]) == line["amount_minor"] == 4_000
    assert line["bank_line"] == "line-pay_1"
    TableClients(stage.table).save(replace(CLIENT, client_id=ClientId("cli_other")))
    assert check(ROUTE, ask(stage, client_id="cli_other"))["lines"] == []
    assert ask(stage, client_id="")["statusCode"] == 403


@pytest.mark.parametrize(("query", "accept"), [(f"{YEAR}&format=csv", ""), (YEAR, "text/csv;q=0.9")])
def test_csv_is_a_file_that_no_spreadsheet_runs(stage: Stage, query: str, accept: str) -> None:
    paid(stage, placed(stage, client_reference="=1+1"), 4_000, "pay_1")
    answer = ask(stage, query, accept=accept)
    assert answer["headers"]["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="statement-2026-01-01-2026-12-31.csv"' in answer["headers"]["Content-Disposition"]
    (row,) = csv.DictReader(io.StringIO(answer["body"]))
    assert (row["your_reference"], row["amount"]) == ("'=1+1", "40.00")


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("to=2026-12-31", "/from"),
        ("from=2026-01-01&to=31.12.2026", "/to"),
        ("from=2026-02-01&to=2026-01-01", "/from"),
        ("from=2026-01-01&to=2027-01-02", "/to"),
        (f"{YEAR}&format=pdf", "/format"),
        (f"{YEAR}&after={'x' * 201}", "/after"),
    ],
)
def test_what_is_asked_wrongly_is_named(stage: Stage, query: str, pointer: str) -> None:
    answer = ask(stage, query)
    assert answer["statusCode"] == 422
    assert json.loads(answer["body"])["errors"][0]["pointer"] == pointer


def test_pages_follow_each_other_and_a_csv_leaves_nothing_out(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = placed(stage)
    for number in range(3):
        paid(stage, case, 1_000, f"pay_{number}")
    monkeypatch.setattr(statement, "MOST_ROWS", 2)
    refused = ask(stage, f"{YEAR}&format=csv")
    assert json.loads(refused["body"])["detail"].startswith("a CSV has at most 2 lines")
    everything = check(ROUTE, ask(stage))
    assert len(everything["lines"]) == 3 and everything["after"] is None
    monkeypatch.setattr(statement, "PAGE_SIZE", 2)
    first = check(ROUTE, ask(stage))
    rest = check(ROUTE, ask(stage, f"{YEAR}&after={first['after']}"))
    assert [*first["lines"], *rest["lines"]] == everything["lines"] and rest["after"] is None
    assert first["accounts"] == rest["accounts"] == everything["accounts"]


def test_without_its_older_entries_it_is_refused_until_the_nightly_run(stage: Stage) -> None:
    case = placed(stage)
    paid(stage, case, 4_000, "pay_1")
    whole = check(ROUTE, ask(stage))
    (moved,) = stage.table.index("client", keys.held(CLIENT.client_id))
    old: dict[str, Scalar | None] = dict.fromkeys(("client_key", "client_sort", "moved"))
    stage.table.transact([Set(str(moved["pk"]), str(moved["sk"]), old)])
    refused = ask(stage)
    assert refused["statusCode"] == 503 and "not complete" in json.loads(refused["body"])["detail"]
    assert stage.call("pay_clients", {})["movements_filed"] == 1
    assert check(ROUTE, ask(stage))["lines"][0] == whole["lines"][0]


def test_after_months_it_begins_at_what_the_nightly_run_carried_forward(stage: Stage) -> None:
    case = placed(stage)
    for month in (2, 3, 4):
        stage.move_clock(START.replace(month=month, day=9))
        paid(stage, case, 1_000, f"pay_{month}")
    whole = check(ROUTE, ask(stage))
    march = check(ROUTE, ask(stage, "from=2026-03-01&to=2026-03-31"))
    assert stage.call("pay_clients", {})["balances_carried"] == 2
    for moved in list(stage.table.index("client", keys.held(CLIENT.client_id), upto="2026-03")):
        stage.table.transact([Set(str(moved["pk"]), str(moved["sk"]), {"moved": "0 EUR"})])
    assert check(ROUTE, ask(stage, "from=2026-03-01&to=2026-03-31")) == march
    after_remittance = check(ROUTE, ask(stage, "from=2026-04-01&to=2026-04-30"))
    assert (march["accounts"][0]["opening_minor"], march["accounts"][0]["closing_minor"]) == (1_000, 2_000)
    assert after_remittance["accounts"][0]["opening_minor"] == 2_000
    assert whole["accounts"][0]["closing_minor"] == 3_000


def test_within_a_second_money_comes_before_it_goes_also_over_pages(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = placed(stage)
    for number in range(4):
        paid(stage, case, 1_000, f"pay_{number}")
    stage.call("pay_clients", {})
    monkeypatch.setattr(statement, "PAGE_SIZE", 2)
    seen, after = [], ""
    for _ in range(3):
        page = check(ROUTE, ask(stage, f"{YEAR}{after}"))
        seen += page["lines"]
        after = f"&after={page['after']}"
    assert [line["kind"] for line in seen] == [*["payment_allocated"] * 4, "remitted"]
    assert len({line["on"] for line in seen}) == 1

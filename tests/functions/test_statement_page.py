"""The client's page of its statement: months, its own lines opened to the bank's, its papers."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from sovinto.adapters.dynamo.clients import TableClients
from sovinto.entry import session, statement_page
from sovinto.ids import ClientId

from tests.functions.acts import placed
from tests.functions.resources import SECRET
from tests.functions.stage import Stage
from tests.functions.test_client_portal import get
from tests.functions.test_statement import paid
from tests.support.people import CLIENT, START

MONTH = f"{START:%Y-%m}"
PATH = "/client/statement"


def test_a_line_opens_to_its_payment_its_split_and_the_line_of_the_bank(stage: Stage) -> None:
    case = placed(stage, client_reference="<b>1")
    paid(stage, case, 4_000, "pay_1")
    body = get(stage, f"{PATH}/{MONTH}?lang=en")["body"]
    assert body.count("€40.00") >= 4
    for words in ("Principal", "Order of the law", "line-pay_1", f"/client/cases/{case.case_id}"):
        assert words in body
    assert "&lt;b&gt;1" in body and "<b>1" not in body


@pytest.mark.parametrize(("language", "words"), [("fi", "Varanne meillä"), ("sv", "Era medel hos oss")])
def test_it_speaks_every_language_and_keeps_the_month(stage: Stage, language: str, words: str) -> None:
    body = get(stage, f"{PATH}/2026-02?lang={language}")["body"]
    assert words in body and f'href="{PATH}/2026-02?lang=en"' in body


def test_the_form_leads_to_the_month_and_no_month_is_this_one(stage: Stage) -> None:
    assert get(stage, f"{PATH}?month=2025-12&lang=fi")["headers"]["Location"] == f"{PATH}/2025-12?lang=fi"
    assert get(stage, PATH)["headers"]["Location"] == f"{PATH}/{MONTH}"
    assert get(stage, f"{PATH}?month=https://x.example")["statusCode"] == 422
    assert get(stage, f"{PATH}/2026-13")["statusCode"] == 422
    assert get(stage, f"{PATH}/{MONTH}?after=x")["statusCode"] == 422


def test_nobody_else_reads_it(stage: Stage) -> None:
    paid(stage, placed(stage), 4_000, "pay_1")
    TableClients(stage.table).save(replace(CLIENT, client_id=ClientId("cli_other")))
    cookie = "sovinto_client=" + session.sign(SECRET, "cli_other", now=4_000_000_000)
    assert "line-pay_1" not in get(stage, f"{PATH}/{MONTH}", cookie)["body"]
    assert "line-pay_1" not in get(stage, f"{PATH}/{MONTH}.csv", cookie)["body"]
    for path in (PATH, f"{PATH}/{MONTH}", f"{PATH}/{MONTH}.csv"):
        assert get(stage, path, cookie="")["headers"]["Location"] == "/client"


def test_a_month_of_many_lines_has_pages_and_one_file(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = placed(stage)
    for number in range(3):
        paid(stage, case, 1_000, f"pay_{number}")
    monkeypatch.setattr(statement_page, "LINES", 2)
    first = get(stage, f"{PATH}/{MONTH}?lang=en")["body"]
    link = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    rest = get(stage, link)["body"]
    assert (first.count("<details>"), rest.count("<details>")) == (2, 1)
    assert "€30.00" in first and "€30.00" in rest
    rows = list(csv.DictReader(io.StringIO(get(stage, f"{PATH}/{MONTH}.csv")["body"])))
    assert [row["amount"] for row in rows] == ["10.00"] * 3

"""What the command line prints of invoices and statements, and the credit note that a person asks for."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

from sovinto.cli.accounting import invoice_row
from sovinto.countries import load_calendar
from sovinto.entry.invoicing import credit_asked
from sovinto.entry.statement import sheet_of
from sovinto.formats.statement_of_account import COLUMNS, as_csv, as_html, as_json
from sovinto.usecases.client_statement import client_statement

from tests.support.invoicing import BUYER, means_of, ten_percent, world_with
from tests.support.moves import pay

WISH = {
    "action": "credit_invoice",
    "client_id": BUYER.client_id,
    "number": 1,
    "reason": "twice",
    "request": "r1",
}


def test_a_credit_note_is_asked_for_by_line_or_whole() -> None:
    world = world_with()
    world.place()
    world.clock.advance(days=30)
    world.pay_clients()
    means = means_of(world)
    part = credit_asked(json.dumps({**WISH, "lines": [{"line": 1, "net_minor": 400}]}), means)
    assert part == {"outcome": "done", "number": 2, "credits": 1, "gross": "5.02", "currency": "EUR"}
    assert credit_asked(json.dumps({**WISH, "request": "r2"}), means)["gross"] == "7.53"
    refused = credit_asked(json.dumps({**WISH, "request": "r3"}), means)
    assert (refused["outcome"], refused["message"]) == ("refused", "all of invoice 1 has been credited")
    assert credit_asked(json.dumps({**WISH, "number": 9, "request": "r4"}), means)["outcome"] == "refused"
    assert credit_asked(json.dumps({**WISH, "what": 1}), means)["outcome"] == "refused"
    rows = [invoice_row(one) for one in world.clients.invoices(BUYER.client_id)]
    assert [(row["kind"], row["left"], row["credits"]) for row in rows] == [
        ("invoice", "0.00", None),
        ("credit_note", "0.00", 1),
        ("credit_note", "0.00", 1),
    ]


def test_a_statement_is_the_same_in_every_form() -> None:
    world = world_with(ten_percent())
    case = world.place(reference="=1+1")
    pay(world, case, 4_000)
    made = client_statement(
        world.client,
        date(2026, 1, 1),
        date(2026, 12, 31),
        book=world.book,
        cases=world.cases,
        calendar=load_calendar("FI"),
    )
    sheet = sheet_of(made)
    (row,) = as_json(sheet)["lines"]
    assert tuple(row) == COLUMNS and row["amount"] == "40.00" and row["rule"]
    (line,) = csv.DictReader(io.StringIO(as_csv(sheet)))
    assert line["your_reference"] == "'=1+1" and line["amount"] == "40.00"
    page = as_html(sheet)
    assert "<td>=1+1</td>" in page and "Held after: 40.00 EUR" in page and "<script" not in page

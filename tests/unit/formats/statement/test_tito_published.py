"""TITO as a bank wrote it, against figures worked out apart from this reader."""

from __future__ import annotations

from typing import Any

import pytest
from sovinto.formats.statement.model import StatementEntry

from tests.unit.formats.statement import published_national as published
from tests.unit.formats.statement.published_national import Compared

ROWS = published.rows("tito")
SEVEN_BITS = str.maketrans("[\\]{|}", "ÄÖÅäöå")


def compare_row(seen: Compared, entry: StatementEntry, place: int | None, theirs: dict[str, Any]) -> None:
    """A base row against the entry, a breakdown row against the transaction at its place."""
    part = entry.transactions[place] if place is not None else None
    where = f"row {theirs['no']}"
    source = part or entry
    assert source.amount is not None
    seen.same(source.amount.decimal(), theirs["amount"].removeprefix("+"), f"{where} amount")
    seen.same(source.counterparty, theirs["name"], f"{where} name")
    text = source.text or ""
    seen.same(text.startswith(theirs["text"].translate(SEVEN_BITS)), True, f"{where} description")
    for item in theirs["extra"]:
        kind, _, content = item.partition(":")
        found = " ".join(content.translate(SEVEN_BITS).split())
        # Kind 05 is the amount in the account's own currency: nothing else was sent.
        seen.same(found in text, kind != "05", f"{where} record T11 {kind}")
    if part:
        seen.same(part.reference, theirs["reference"], f"{where} reference")
        return
    seen.same(entry.bank_reference, theirs["archive"], f"{where} archive id")
    seen.same(published.compact(entry.booked_on), theirs["booking"], f"{where} booking date")
    seen.same(published.compact(entry.value_on), theirs["value"], f"{where} value date")
    seen.same(entry.amount.minor > 0, theirs["type"] == "deposit", f"{where} type")


@pytest.mark.skipif(not ROWS, reason=published.ABSENT)
@pytest.mark.parametrize("published_file", ROWS, ids=published.name)
def test_every_published_figure(published_file: dict[str, Any]) -> None:
    seen, expected = Compared(), published_file["expected"]
    parts = published.parts_of(published_file)
    found = published.entries_of(parts)
    stated = expected["header"]
    for begun, _, ended in published.statements(parts):
        assert ended.opening is not None
        assert ended.closing is not None
        seen.same(begun.account, stated["account"], "account")
        seen.same(begun.statement_id, stated["statement"], "statement number")
        seen.same(begun.currency, stated["currency"], "currency")
        seen.same(ended.opening.decimal(), stated["opening"], "opening balance")
        checks = [check for check in expected["control_checks"] if "closing" in check]
        seen.same(ended.closing.decimal(), checks[0]["closing"], "closing balance")
    seen.same(len(found), expected["entries"], "entries")
    seen.same(sum(entry.amount.minor > 0 for entry in found), expected["credit_entries"], "credit entries")
    seen.same(published.total_of(found, 1), expected["credit_sum"], "credits")
    seen.same(sum(entry.amount.minor < 0 for entry in found), expected["debit_entries"], "debit entries")
    seen.same(published.total_of(found, -1), expected["debit_sum"], "debits")
    at, place = -1, 0
    for theirs in expected["rows"]:
        is_part = theirs["level"] is not None
        at, place = (at, place + 1) if is_part else (at + 1, 0)
        compare_row(seen, found[at], place - 1 if is_part else None, theirs)
    breakdown = sum(theirs["level"] is not None for theirs in expected["rows"])
    seen.same(breakdown, expected["breakdown_rows"], "breakdown rows")
    seen.same(
        published.is_held(parts), not all(check["ok"] for check in expected["control_checks"]), "held"
    )
    codes = {problem.code for problem in published.problems_of(parts)}
    seen.same("balance_chain" in codes, True, "quirk: balances")
    seen.same("control_count" in codes, True, "quirk: day totals")
    print(f"{seen.count} values of {published_file['file']} compared")
    assert seen.count >= 45

"""What accountants get adds up to the ledger, by a strict reader of our own."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sovinto.countries import load_calendar
from sovinto.countries.charts import load_chart
from sovinto.domain.fees_agreed import FeesAgreed
from sovinto.domain.ledger import fold
from sovinto.domain.money import Money
from sovinto.errors import InvalidInput
from sovinto.formats.journal_csv import write_journal_csv
from sovinto.formats.sie4 import SieHead, SieRow, Voucher, write_sie4
from sovinto.usecases.export_books import Books, Period, journal, sie_head, vouchers

from tests.support.invoicing import SELLER, pay_invoice, ten_percent, world_with
from tests.support.moves import owed, pay
from tests.support.sie import read_sie
from tests.support.world import World

YEAR = Period(date(2026, 1, 1), date(2026, 1, 1), date(2026, 12, 31))


def lived(fees: FeesAgreed | None = None) -> World:
    world = world_with(fees or ten_percent())
    case = world.place()
    world.live(case.case_id, 17)
    pay(world, case, owed(world, case), name="pay_a")
    world.clock.advance(minutes=1)
    world.pay_clients()
    world.clock.advance(days=20)
    world.pay_clients()
    invoice = world.clients.invoices(world.client.client_id)[0].invoice
    pay_invoice(world, invoice, 2_000)
    return world


def books(world: World, country: str = "FI") -> Books:
    return Books(world.book, load_chart(country), load_calendar("FI"), "EUR")


def sie(world: World, period: Period = YEAR, country: str = "FI") -> bytes:
    seen = books(world, country)
    return b"".join(write_sie4(sie_head(seen, period, SELLER, world.clock.now()), vouchers(seen, period)))


@pytest.mark.parametrize("country", ["FI", "SE", "NL"])
def test_a_sie_file_says_what_the_ledger_says(country: str) -> None:
    world = lived()
    read = read_sie(sie(world, country=country))
    assert read.head["FLAGGA"] == ["0"] and read.head["SIETYP"] == ["4"]
    assert read.head["RAR"] == ["0", "20260101", "20261231"]
    assert read.head["FNAMN"] == [SELLER.contact.name] and read.head["VALUTA"] == ["EUR"]
    chart = load_chart(country)
    wanted: dict[str, Decimal] = {}
    for (account, _), minor in fold(world.ledger()).items():
        row = chart.row_of(account)
        if row.number:
            wanted[row.number] = wanted.get(row.number, Decimal(0)) + Decimal(minor) / 100
    said = {**read.sums["UB"], **read.sums["RES"]}
    assert said == {number: minor for number, minor in wanted.items() if minor}
    moved: dict[str, Decimal] = {}
    for _, rows in read.vouchers:
        for cells in rows:
            moved[cells[0]] = moved.get(cells[0], Decimal(0)) + Decimal(cells[2])
    assert {number: minor for number, minor in moved.items() if minor} == said
    assert [int(head[1]) for head, _ in read.vouchers] == list(range(1, len(read.vouchers) + 1))


def test_the_next_year_begins_where_this_one_ends() -> None:
    world = lived()
    first = read_sie(sie(world, Period(date(2025, 2, 1), date(2025, 2, 1), date(2026, 1, 31))))
    after = read_sie(sie(world, Period(date(2026, 2, 1), date(2026, 2, 1), date(2027, 1, 31))))
    assert first.sums["RES"] and "IB" not in first.sums
    assert after.sums["IB"].pop("2251") == sum(first.sums["RES"].values())
    assert after.sums["IB"] == first.sums["UB"]
    assert sum(after.sums["UB"].values()) + sum(after.sums["RES"].values()) == 0
    assert after.vouchers[0][0][1] == "1"


def test_a_part_of_the_year_keeps_its_numbers() -> None:
    world = lived()
    whole = [head for head, _ in read_sie(sie(world)).vouchers]
    part = read_sie(sie(world, Period(date(2026, 1, 1), date(2026, 2, 1), date(2026, 12, 31))))
    assert [head for head, _ in part.vouchers] == [head for head in whole if head[2] >= "20260201"]


def test_the_journal_has_every_line() -> None:
    world = lived()
    rows = list(csv.DictReader(io.StringIO("".join(write_journal_csv(journal(books(world), YEAR))))))
    assert len(rows) == sum(len(entry.lines) for entry in world.ledger())
    debit, credit = (sum(Decimal(row[name] or "0") for row in rows) for name in ("debit", "credit"))
    assert debit == credit > 0
    assert {row["account"] for row in rows if row["ledger_account"].startswith("debtor:")} == {""}
    assert all(row["source"] for row in rows if row["text"].startswith("payment_allocated"))


def test_texts_are_made_safe() -> None:
    head = SieHead('A "B"\nÅ 漢', "1", "SEK", YEAR.first, YEAR.first, YEAR.last, (("1", "Ä"),), {}, {}, {})
    voucher = Voucher(1, YEAR.first, 'x" #VER', (SieRow("1", Money(0, "SEK")),))
    read = read_sie(b"".join(write_sie4(head, [voucher])))
    assert read.head["FNAMN"] == ['A "B" Å ?'] and "VALUTA" not in read.head
    assert read.vouchers[0][0][3] == 'x" #VER'
    with pytest.raises(ValueError, match="A1 does not add up"):
        list(write_sie4(head, [replace(voucher, rows=(SieRow("1", Money(5, "SEK")),))]))


def test_an_account_that_the_chart_lacks_is_named() -> None:
    with pytest.raises(InvalidInput, match="no row for mystery:x"):
        load_chart("SE").row_of("mystery:x")
    with pytest.raises(InvalidInput, match="in order"):
        Period(date(2026, 1, 1), date(2026, 3, 1), date(2026, 2, 1))


def test_a_file_is_of_one_year_of_accounts() -> None:
    with pytest.raises(InvalidInput, match="to 2026-02-28 lies after 2025-12-31, the last day of the year"):
        Period(date(2025, 1, 1), date(2025, 12, 1), date(2026, 2, 28))
    longer = Period(date(2025, 1, 1), date(2025, 12, 1), date(2026, 2, 28), date(2026, 6, 30))
    assert read_sie(sie(lived(), longer)).head["RAR"] == ["0", "20250101", "20260630"]
    with pytest.raises(InvalidInput, match="within 18 months"):
        replace(longer, year_to=date(2026, 7, 31))
    assert Period(date(2024, 2, 29), date(2024, 3, 1), date(2024, 3, 1)).year_end == date(2025, 2, 28)

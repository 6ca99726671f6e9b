"""Bank statements as CSV and XLSX: published exports of banks, and every habit on its own."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook
from sovinto.errors import FormatRefused
from sovinto.formats.statement.parts import Begun, Ended, Part
from sovinto.formats.statement.sheet.days import common_orders, day_of
from sovinto.formats.statement.sheet.figures import marks_of, minor_of
from sovinto.formats.statement.sheet.reader import format_of, is_postfinance, is_sheet, sheet_parts
from sovinto.formats.statement.sheet.statement import Known

from tests.unit.formats.statement.published_files import (
    ABSENT,
    FOLDER,
    codes,
    decimal,
    entries,
    head,
    is_held,
    name,
    rows,
    side,
)

PUBLISHED = rows("bank-csv-sheet", "postfinance-csv")
BY_NAME = {name(row).split("/")[1]: row for row in PUBLISHED}
published = pytest.mark.skipif(not PUBLISHED, reason=ABSENT)


def of(file: str, known: Known = Known()) -> list[Part]:
    return list(sheet_parts((FOLDER / "sheet" / file).open("rb"), known))


def read(text: str, known: Known = Known("FI2112345600000785", "EUR")) -> list[Part]:
    return list(sheet_parts(BytesIO(text.encode()), known))


def amounts(parts: list[Part]) -> list[str]:
    return [entry.amount.decimal() for entry in entries(parts)]


def balances(parts: list[Part]) -> tuple[str | None, str | None]:
    ended = next(part for part in parts if isinstance(part, Ended))
    opening, closing = ended.opening, ended.closing
    return (
        None if opening is None else opening.decimal(),
        None if closing is None else closing.decimal(),
    )


@published
@pytest.mark.parametrize("row", PUBLISHED, ids=name)
def test_published_files_are_known_by_content(row: dict[str, Any]) -> None:
    assert is_sheet(head(row))
    assert format_of(head(row)) == row["format"]
    assert is_postfinance(head(row)) == (row["format"] == "postfinance-csv")


@published
def test_postfinance_card_with_a_total_that_agrees() -> None:
    parts = of("banana_csv_postfinance_example_format4_20230509.csv")
    found = entries(parts)
    begun = next(part for part in parts if isinstance(part, Begun))
    assert (begun.account, begun.currency) == ("0000800333869363", "CHF")
    assert len(found) == 56
    assert decimal(sum(side(found, 1))) == "2399.20"
    assert decimal(sum(side(found, -1))) == "2267.80"
    assert codes(parts) == []


@published
def test_postfinance_card_with_another_total_is_held() -> None:
    file = FOLDER / "sheet/banana_csv_postfinance_example_format4_20230509.csv"
    changed = file.read_bytes().replace(b";;;131.40", b";;;131.41")
    parts = list(sheet_parts(BytesIO(changed)))
    assert (codes(parts), is_held(parts)) == (["control_sum"], True)


@published
def test_postfinance_account_with_signed_debits() -> None:
    parts = of("banana_csv_postfinance_example_format6_20240222-IT.csv")
    found = entries(parts)
    begun = next(part for part in parts if isinstance(part, Begun))
    assert (begun.account, begun.currency) == ("SL4560330166848035805", "CHF")
    assert (len(found), found[0].booked_on, found[0].amount.decimal()) == (25, date(2024, 2, 21), "-36.05")
    assert (len(side(found, 1)), decimal(sum(side(found, -1)))) == (0, "2177.78")
    assert codes(parts) == []


OURS = Known("NL77ABNA0574908765", "EUR")


@published
@pytest.mark.parametrize("file", ["oca_balance.csv", "oca_debit_credit.csv"])
def test_balances_prove_direction_and_order(file: str) -> None:
    parts = of(file, OURS)
    assert amounts(parts) == ["-33.50", "1533.50"]
    assert balances(parts) == ("10.00", "1510.00")
    assert [entry.booked_on for entry in entries(parts)] == [date(2018, 12, 15)] * 2
    assert [entry.counterparty for entry in entries(parts)] == ["John Doe", "Azure Interior"]
    assert codes(parts) == []


@published
def test_without_account_and_currency_a_sheet_is_shown_but_held() -> None:
    parts = of("oca_balance.csv")
    assert amounts(parts) == ["-33.50", "1533.50"]
    assert set(codes(parts)) == {"account_missing", "currency_invalid"}
    assert is_held(parts)


@published
def test_stated_balances_that_the_entries_do_not_reach_hold_the_file() -> None:
    parts = of("oca_meta_data_separated_credit_debit.csv")
    begun = next(part for part in parts if isinstance(part, Begun))
    assert (begun.account, begun.currency) == ("08088804068", "EUR")
    assert amounts(parts) == ["-50.00", "-100.00", "-80.68", "1300.00"]
    assert balances(parts) == ("30000.77", "31070.11")
    assert [entry.bank_reference for entry in entries(parts)] == [f"UNIQUE OP {n}" for n in (1, 2, 3, 4)]
    assert [entry.booked_on for entry in entries(parts)][2] == date(2020, 4, 2)
    assert (codes(parts), is_held(parts)) == (["balance_chain"], True)


@published
def test_a_header_alone_has_no_statement() -> None:
    assert "no_statement" in codes(of("oca_empty_statement_en.csv"))
    assert is_held(of("oca_empty_statement_en.csv", OURS))


@published
def test_two_currencies_on_one_account_are_held_and_a_card_may_be_inverse() -> None:
    file = "oca_sample_statement_credit_card_inverse_sign_en.csv"
    parts = of(file, OURS)
    assert [(entry.amount.decimal(), entry.amount.currency) for entry in entries(parts)] == [
        ("33.50", "USD"),
        ("-1525.00", "EUR"),
    ]
    assert (codes(parts), is_held(parts)) == (["entry_currency"], True)
    inverse = Known("NL77ABNA0574908765", "EUR", is_inverse=True)
    assert amounts(of(file, inverse)) == ["-33.50", "1525.00"]


@published
def test_an_empty_currency_is_that_of_the_account() -> None:
    parts = of("oca_original_currency_empty.csv", OURS)
    assert [(e.amount.decimal(), e.amount.currency) for e in entries(parts)] == [("1525.00", "EUR")]
    assert codes(parts) == []


@published
def test_a_sheet_without_header_needs_the_places_of_its_columns() -> None:
    file = "oca_original_currency_no_header.csv"
    with pytest.raises(FormatRefused, match="no header row that is known"):
        of(file)
    places = {"booked_on": 0, "text": 1, "currency": 2, "amount": 3, "counterparty": 5, "reference": 7}
    (entry,) = entries(of(file, Known("NL77ABNA0574908765", columns=places)))
    assert (entry.amount.decimal(), entry.amount.currency, entry.reference) == ("1525.00", "EUR", "INV0001")
    with pytest.raises(FormatRefused, match="must place a day and an amount"):
        of(file, Known(columns={"text": 1}))


@published
def test_a_workbook_with_text_amounts_numbers_and_a_total() -> None:
    parts = of("oca_sample_statement_en_empty_values.xlsx", OURS)
    assert amounts(parts) == ["-579.68", "-544.00", "-1084.00"]
    assert {entry.amount.currency for entry in entries(parts)} == {"USD"}
    assert balances(parts) == ("9705.75", "7498.07")
    assert {entry.booked_on for entry in entries(parts)} == {date(2024, 3, 7)}
    assert entries(parts)[0].bank_reference == "84 376358"
    assert codes(parts) == []


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (
            "Kirjauspäivä;Arvopäivä;Määrä EUR;Saaja/Maksaja;Viite;Viesti",
            "2.3.2026;1.3.2026;12,50;Anna;1232;Kiitos",
        ),
        (
            "Bokföringsdag;Valutadag;Belopp;Avsändare;Referens;Meddelande",
            "2026-03-02;2026-03-01;12,50;Anna;1232;Kiitos",
        ),
        (
            "Bokføringsdato,Rentedato,Beløp,Avsender,KID,Melding",
            '02.03.2026,01.03.2026,"12,50",Anna,1232,Kiitos',
        ),
        (
            "Buchungstag\tValuta\tBetrag (EUR)\tName\tReferenz\tVerwendungszweck",
            "02.03.26\t01.03.26\t12,50\tAnna\t1232\tKiitos",
        ),
        (
            "Posting date|Value date|Money in|Money out|Payer|Reference|Description",
            "02/03/2026|01/03/2026|12,50||Anna|1232|Kiitos",
        ),
    ],
)
def test_headers_in_many_languages(header: str, row: str) -> None:
    (entry,) = entries(read(f"{header}\n{row}\n"))
    assert (entry.booked_on, entry.value_on) == (date(2026, 3, 2), date(2026, 3, 1))
    assert (entry.amount.decimal(), entry.counterparty, entry.reference, entry.text) == (
        "12.50",
        "Anna",
        "1232",
        "Kiitos",
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings(encoding: str) -> None:
    data = "Päivämäärä;Määrä;Maksaja\n2026-03-02;1,00;Åke Öhman\n".encode(encoding)
    (entry,) = entries(list(sheet_parts(BytesIO(data), OURS)))
    assert entry.counterparty == "Åke Öhman"


HEADER = "Date;Amount;Balance;Text\n"


@pytest.mark.parametrize(
    "body",
    [
        "2026-01-31;10,00;10,00;a\n2026-02-01;5,00;15,00;b",
        "2026-02-01;5,00;15,00;b\n2026-01-31;10,00;10,00;a",
    ],
)
def test_the_chain_of_balances_may_run_either_way(body: str) -> None:
    parts = read(HEADER + body)
    assert (balances(parts), codes(parts)) == (("0.00", "15.00"), [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (HEADER + "2026-01-31;10,00;10,00;a\n2026-02-01;5,00;15,01;b", "balance_chain"),
        (HEADER + "2026-01-31;10,00;;a\n2026-02-01;5.00;;b", "amount_invalid"),
        ("Date;Amount\n2026-01-31;10.000\n", "amount_invalid"),
        ("Date;Amount\n01/02/2026;10.00\n", "date_invalid"),
        ("Date;Amount\n31/01/2026;10.00\n01/31/2026;10.00\n", "date_invalid"),
        ("Date;Amount\n2026-01-31;10.00\n;5.00\n", "date_missing"),
        ("Date;Amount\n2026-01-31;10.00\n2026-01-31;\n", "date_missing"),
        ("Date;Amount\n2026-01-31;10.0055\n", "amount_invalid"),
        ("Date;Amount;D/C\n2026-01-31;10.00;?\n", "direction_invalid"),
        ("Date;Amount;D/C\n2026-01-31;-10.00;C\n", "direction_invalid"),
        ("Date;Debit;Credit\n2026-01-31;10.00;5.00\n", "amount_invalid"),
        ("Date;Debit;Credit\n2026-01-31;10.00;\n2026-01-31;-10.00;\n", "direction_invalid"),
        ("Date;Debit;Credit;Text\n2026-01-31;10.00;;a\nTotal;11.00;0.00;\n", "control_sum"),
        ("Opening balance;1,00\nDate;Amount\n2026-01-31;2,00\nClosing balance;4,00\n", "balance_chain"),
    ],
)
def test_what_cannot_be_believed_is_held(text: str, code: str) -> None:
    parts = read(text)
    assert code in codes(parts) or (code == "amount_invalid" and "direction_invalid" in codes(parts))
    assert is_held(parts)


def test_the_caller_may_know_the_order_of_the_days() -> None:
    known = Known("FI2112345600000785", "EUR", day_order="MDY")
    parts = read("Date;Amount\n01/02/2026;10.00\n", known)
    assert [entry.booked_on for entry in entries(parts)] == [date(2026, 1, 2)]
    assert codes(parts) == []


def test_an_overlapping_export_gives_the_same_keys() -> None:
    day = "2026-01-31;10,00;;a\n2026-01-31;10,00;;a\n"
    first = {entry.entry_key for entry in entries(read(HEADER + day))}
    both = {entry.entry_key for entry in entries(read(HEADER + "2026-02-01;5,00;;b\n" + day))}
    assert len(first) == 2
    assert first < both


def test_a_workbook_keeps_exact_numbers_and_days() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Date", "Amount", "Reference"], [datetime(2026, 3, 2), 0.1 + 0.2, "1232"]):
        sheet.append(row)
    stream = BytesIO()
    book.save(stream)
    (entry,) = entries(list(sheet_parts(BytesIO(stream.getvalue()), OURS)))
    assert (entry.amount.decimal(), entry.booked_on) == ("0.30", date(2026, 3, 2))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xd0\xcf\x11\xe0rest", "old Excel workbook"),
        (b"PK\x03\x04rest", "damaged or not an .xlsx"),
        (b"some;words\nand;more\n", "no header row"),
        (b"Date;Text;Reference\n2026-01-31;a;1\n", "lacks the day or the amount"),
        (b'Date;Amount\n2026-01-31;"10\n', "quotation mark"),
        (b"", "no header row"),
    ],
)
def test_what_is_no_statement_is_refused_in_one_sentence(data: bytes, words: str) -> None:
    with pytest.raises(FormatRefused, match=words):
        list(sheet_parts(BytesIO(data)))


def test_a_file_too_large_is_refused() -> None:
    with pytest.raises(FormatRefused, match="larger than 20 MB"):
        list(sheet_parts(BytesIO(b"x" * (21 * 1024 * 1024))))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_a_beginning_may_end_inside_a_letter(encoding: str) -> None:
    data = "Date;Amount;Text\n2026-01-31;1,00;ÁÁÁ\n".encode(encoding)
    assert all(is_sheet(data[: len(data) - cut]) for cut in range(8))


@pytest.mark.parametrize(
    "data", [b"<xml>;</xml>", b'{"a";1}', b":20:X;Y", b"plain words", b"", b"\x00\x01"]
)
def test_other_files_are_no_sheets(data: bytes) -> None:
    assert not is_sheet(data)


@pytest.mark.parametrize(
    ("text", "mark", "minor"),
    [
        ("1 234,56", ",", 123456),
        ("1.234,56", ",", 123456),
        ("1,234.56", ".", 123456),
        ("1'234.56", ".", 123456),
        ("-12,5", ",", -1250),
        ("\N{MINUS SIGN}12,50", ",", -1250),
        ("12,50-", ",", -1250),
        ("(12.50)", ".", -1250),
        ("+7", ".", 700),
        ("EUR 7,00", ",", 700),
        ("7,00 €", ",", 700),
        ("250 kr", ",", 25000),
        ("0.500", ".", 50),
        (Decimal("12.5"), ",", 1250),
        ("12,345", ".", 1234500),
    ],
)
def test_amounts(text: str | Decimal, mark: str, minor: int) -> None:
    assert minor_of(text, mark, "EUR") == minor


@pytest.mark.parametrize(
    "text",
    ["", "abc", "1,2,3", "1.2.3", "--5", "(5", "12.345.6", Decimal("0.001"), "9" * 5000, Decimal("1e5000")],
    ids=lambda text: str(text)[:8],
)
def test_what_is_no_amount(text: str | Decimal) -> None:
    assert all(minor_of(text, mark, "EUR") is None for mark in ".,")


def test_three_decimals_are_a_group_of_thousands() -> None:
    assert marks_of("1.234") == frozenset(",")
    assert marks_of("10.000") == frozenset(".,")


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("2026-03-02", "MDY", date(2026, 3, 2)),
        ("20260302", "DMY", date(2026, 3, 2)),
        ("2.3.2026", "DMY", date(2026, 3, 2)),
        ("2.3.2026", "MDY", None),
        ("03/02/26", "MDY", date(2026, 3, 2)),
        ("2026-03-02 01:00:00", "DMY", date(2026, 3, 2)),
        ("31/02/2026", "DMY", None),
        ("2026032", "DMY", None),
        ("soon", "DMY", None),
    ],
)
def test_days(text: str, order: str, day: date | None) -> None:
    assert day_of(text, order) == day


def test_one_day_settles_the_order_of_all() -> None:
    assert common_orders(["01/02/2026", "12/15/2026", "soon"]) == {"MDY"}

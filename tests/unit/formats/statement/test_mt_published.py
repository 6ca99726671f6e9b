"""MT940 and MT942 as banks wrote them, against figures worked out apart from this reader."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from sovinto.formats.statement.fields import Doubt
from sovinto.formats.statement.model import StatementEntry
from sovinto.formats.statement.mt.amounts import Balance, read_balance
from sovinto.formats.statement.mt.tags import tags
from sovinto.formats.statement.parts import Begun, Ended

from tests.unit.formats.statement import published_national as published
from tests.unit.formats.statement.published_national import Compared

ROWS = published.rows("mt940", "mt942")
LEAST_VALUES = 900

pytestmark = pytest.mark.skipif(not ROWS, reason=published.ABSENT)


def compare_line(seen: Compared, entry: StatementEntry, line: dict[str, Any], where: str) -> None:
    seen.same(published.compact(entry.value_on), line["value"], f"{where} value date")
    booked = entry.booked_on
    seen.same(booked.strftime("%m%d") if booked else None, line["entry"], f"{where} entry date")
    seen.same(entry.is_reversal, line["mark"].startswith("R"), f"{where} reversal")
    is_debit = line["mark"] in {"D", "RC"}
    seen.same(entry.amount.decimal(), ("-" if is_debit else "") + line["amount"], f"{where} amount")


def compare_statement(
    seen: Compared,
    ours: tuple[Begun, list[StatementEntry], Ended],
    theirs: dict[str, Any],
    balances: tuple[Balance | None, Balance | None],
    where: str,
) -> None:
    begun, entries, ended = ours
    seen.same(begun.statement_id, theirs["ref"], f"{where} reference")
    seen.same(begun.account, theirs["account"], f"{where} account")
    seen.same(len(entries), theirs["entries"], f"{where} entries")
    seen.same(published.total_of(entries, 1), theirs["credit_sum"], f"{where} credits")
    seen.same(published.total_of(entries, -1), theirs["debit_sum"], f"{where} debits")
    credits = [entry for entry in entries if entry.amount.minor >= 0]
    seen.same(len(credits), theirs["credit_entries"], f"{where} credit entries")
    seen.same(len(entries) - len(credits), theirs["debit_entries"], f"{where} debit entries")
    for money, balance, stated in zip(
        (ended.opening, ended.closing), balances, (theirs["opening"], theirs["closing"]), strict=True
    ):
        if stated is None:
            seen.same(money, None, f"{where} balance")
        else:
            assert money is not None
            assert balance is not None
            seen.same(money.decimal(), stated["amount"], f"{where} balance")
            seen.same(money.currency, stated["currency"], f"{where} balance currency")
            seen.same(published.compact(balance.on), stated["date"], f"{where} balance date")
    for number, (entry, line) in enumerate(zip(entries, theirs["lines"], strict=True), 1):
        compare_line(seen, entry, line, f"{where} line {number}")


def balances_in(row: dict[str, Any]) -> list[tuple[Balance | None, Balance | None]]:
    """Opening and closing of each message; parts carry the money, the days stand in the fields only."""
    found: list[list[Balance | None]] = []
    for tag in tags(BytesIO((published.FOLDER / row["file"]).read_bytes())):
        if tag.name == "20":
            found.append([None, None])
        elif tag.name in {"60F", "60M", "62F", "62M"}:
            try:
                found[-1][tag.name.startswith("62")] = read_balance(tag)
            except Doubt:
                continue
    return [(opening, closing) for opening, closing in found]


def compare(row: dict[str, Any]) -> int:
    seen, expected = Compared(), row["expected"]
    parts = published.parts_of(row)
    both = zip(published.statements(parts), expected["statements"], balances_in(row), strict=True)
    for number, (ours, theirs, balances) in enumerate(both, 1):
        compare_statement(seen, ours, theirs, balances, f"statement {number}")
    entries = published.entries_of(parts)
    seen.same(len(entries), expected["entries"], "entries")
    if row.get("cross_check", {}).get("agrees"):
        seen.same(len(entries), row["cross_check"]["entries"], "entries by another library")
        net = round(sum(entry.amount.minor for entry in entries))
        seen.same(net, round(float(row["cross_check"]["net"]) * 100), "net by another library")
    return seen.count


@pytest.mark.parametrize("row", ROWS, ids=published.name)
def test_every_figure(row: dict[str, Any]) -> None:
    assert compare(row) > 0


def test_the_number_of_values_compared() -> None:
    count = sum(compare(row) for row in ROWS)
    print(f"{count} values of {len(ROWS)} MT files compared")
    assert count >= LEAST_VALUES


@pytest.mark.parametrize("row", ROWS, ids=published.name)
def test_each_file_is_told_by_its_content(row: dict[str, Any]) -> None:
    head = (published.FOLDER / row["file"]).read_bytes()[: published.HEAD]

    assert [kind for kind, tells in published.TELLERS.items() if tells(head)] == [row["format"]]


def test_no_other_published_file_is_taken_for_one_of_these() -> None:
    known = {published.name(row) for row in published.rows(*published.TELLERS)}
    files = [path for path in sorted(published.FOLDER.rglob("*")) if path.is_file()]
    others = [path for path in files if path.relative_to(published.FOLDER).as_posix() not in known]

    assert others
    for path in others:
        head = path.read_bytes()[: published.HEAD]
        assert not any(tells(head) for tells in published.TELLERS.values()), path


@pytest.mark.parametrize("row", ROWS, ids=published.name)
def test_a_file_is_held_exactly_when_it_contradicts_itself(row: dict[str, Any]) -> None:
    parts, expected = published.parts_of(row), row["expected"]
    checks = [check["ok"] for check in expected["control_checks"]]

    assert published.is_held(parts) is not all(checks)
    assert published.is_held(parts) is ("CONTROL MISMATCH: balances do not add up" in expected["quirks"])
    for number, (check, found) in enumerate(zip(checks, chains(row), strict=False)):
        assert check is found, number


def chains(row: dict[str, Any]) -> list[bool]:
    """For each statement with both balances: does it add up?"""
    found = []
    for _, entries, ended in published.statements(published.parts_of(row)):
        if ended.opening is not None and ended.closing is not None:
            booked = sum(entry.amount.minor for entry in entries)
            found.append(ended.opening.minor + booked == ended.closing.minor)
    return found


@pytest.mark.parametrize("row", ROWS, ids=published.name)
def test_line_ends_and_trickling_streams_change_nothing(row: dict[str, Any]) -> None:
    content = (published.FOLDER / row["file"]).read_bytes()
    read = published.READERS[row["format"]]

    class Trickle(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(size or 7, 7))

    plain = list(read(BytesIO(content.replace(b"\r\n", b"\n"))))
    assert list(read(BytesIO(content))) == plain
    assert list(read(Trickle(content))) == plain


def test_keys_never_meet_except_for_the_same_entry() -> None:
    for row in ROWS:
        keys = [entry.entry_key for entry in published.entries_of(published.parts_of(row))]
        assert len(set(keys)) == len(keys), row["file"]
        assert keys == [entry.entry_key for entry in published.entries_of(published.parts_of(row))]


FOUND = [
    ("jejik_K4262927_20200905-080000-952.sta", 0, "EWE VERTRIEB GmbH", "DE59280200501000000000"),
    ("jejik_knab.sta", 1, "PICQER", "NL65INGB0123456789"),
    ("jejik_rabobank-iban.sta", 0, "CONTRA ACCOUNT HOLDER", "NL70ABNA0987654321"),
    ("jejik_sns.sta", 0, "marechal s", "0987654321"),
    ("jejik_sparkasse3.sta", 0, "GEBÜHREN MANUELL GG UST-FREI", "900932005"),
    ("jejik_triodos.sta", 0, None, "0390123456"),
    (
        "jejik_volksbankenraiffeisenbanken.sta",
        5,
        "Hellwig, Annegret, Hellwig, Dieter",
        "DE42500105171213694382",
    ),
    ("oca10_test-sns.940", 2, "vitens nv", "NL94INGB0000869000"),
    ("oca8_test-rabo.swi", 0, "R. SMITH", "NL66RABO0160878799"),
    ("wolph_mBank_mt940.sta", 0, "JAN NOWAK UL. NIJAKA 1 M 2 31-234 KRAKOW", "56114010810000267002001001"),
    ("wolph_sberbank_171011_01234945.sta", 1, "ERGO Eletbiztosito Zrt.", "0000002595841185"),
    (
        "wolph_self-provided_malformed_details.sta",
        0,
        "Finanzamt Muenchen Abteilung Erhebung",
        "DE99700500000000012345",
    ),
]


@pytest.mark.parametrize(("file", "place", "name", "account"), FOUND)
def test_the_other_side_in_each_dialect(file: str, place: int, name: str | None, account: str) -> None:
    row = next(row for row in ROWS if row["file"].endswith(file))
    entry = published.entries_of(published.parts_of(row))[place]

    assert (entry.counterparty, entry.transactions[0].counterparty_account) == (name, account)


TEXTS = [
    ("jejik_knab.sta", 1, "FACTUUR 201403110, 201403113"),
    ("jejik_rabobank-iban.sta", 1, "Reference 201301234 P001234567"),
    ("jejik_sns.sta", 0, "dit is een test"),
    ("jejik_triodos.sta", 1, "HUUR KANTOOR - FEB 2010"),
    ("jejik_sparkasse3.sta", 0, "STORNO RECHNUNGSABSCHLUSS PER 01.02.2020"),
    ("jejik_oldenburgischelandesbank.sta", 0, "EWE,ENERGIEAUSWEIS RG.-NR. 1234567890 KD.-NR. 12377777"),
    ("oca8_test-rabo.swi", 1, "Periode 01-10-2013 t/m 31-12-2013"),
    ("wolph_mBank_mt942.sta", 0, "PRZELEW SRODKOW 911-TRANSAKCJA IPH"),
]


@pytest.mark.parametrize(("file", "place", "text"), TEXTS)
def test_the_text_in_each_dialect(file: str, place: int, text: str) -> None:
    row = next(row for row in ROWS if row["file"].endswith(file))

    assert published.entries_of(published.parts_of(row))[place].text == text


def test_references_of_the_bank_and_of_the_payer() -> None:
    entries = {
        row["file"].removeprefix("mt940/"): published.entries_of(published.parts_of(row)) for row in ROWS
    }

    assert entries["jejik_knab.sta"][0].bank_reference == "B4E07XM00J000023"
    assert entries["wolph_mBank_mt940.sta"][0].bank_reference == "MB170119012058"
    assert entries["jejik_postfinance.sta"][0].bank_reference == "20131209007602198765432000000012"
    assert entries["jejik_abnamro.sta"][0].reference == "421886595314606715"
    assert entries["jejik_rabobank.sta"][3].reference == "173787046000009"
    assert entries["jejik_rabobank-iban.sta"][0].end_to_end_id == "01-01-2013 12:00 0030000987654321"
    assert entries["jejik_volksbankenraiffeisenbanken.sta"][3].end_to_end_id == "ZV0100284190949300000002"

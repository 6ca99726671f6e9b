"""MT fields after the standard and the banks' guides, where the published files have no example."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from sovinto.errors import FormatRefused
from sovinto.formats.statement.model import HOLDING, Problem, StatementEntry
from sovinto.formats.statement.mt import is_mt940, is_mt942, mt940_parts, mt942_parts
from sovinto.formats.statement.parts import Begun, Ended, Part


def message(*fields: str, opening: str = "C260105EUR100,", closing: str | None = None) -> bytes:
    lines = [":20:STMT1", ":25:FI2112345600000785", ":28C:1/1", f":60F:{opening}", *fields]
    if closing:
        lines.append(f":62F:{closing}")
    return "\r\n".join([*lines, "-", ""]).encode()


def read(content: bytes) -> list[Part]:
    return list(mt940_parts(BytesIO(content)))


def entries(content: bytes) -> list[StatementEntry]:
    return [part for part in read(content) if isinstance(part, StatementEntry)]


def codes(parts: list[Part]) -> list[str]:
    return [part.code for part in parts if isinstance(part, Problem)]


def entry(line: str, *information: str) -> StatementEntry:
    fields = [f":61:{line}", *([":86:" + "\r\n".join(information)] if information else [])]
    return entries(message(*fields))[0]


@pytest.mark.parametrize(
    ("mark", "amount", "is_reversal"),
    [
        ("C", "12.30", False),
        ("D", "-12.30", False),
        ("RC", "-12.30", True),
        ("RD", "12.30", True),
        ("CR", "12.30", False),
        ("RDR", "12.30", True),
    ],
)
def test_direction_and_reversal(mark: str, amount: str, is_reversal: bool) -> None:
    found = entry(f"2601050105{mark}12,30NTRFNONREF")

    assert (found.amount.decimal(), found.is_reversal) == (amount, is_reversal)


@pytest.mark.parametrize(
    ("dates", "value_on", "booked_on"),
    [
        ("2512310102", date(2025, 12, 31), date(2026, 1, 2)),
        ("2601021231", date(2026, 1, 2), date(2025, 12, 31)),
        ("2601020105", date(2026, 1, 2), date(2026, 1, 5)),
        ("2402280229", date(2024, 2, 28), date(2024, 2, 29)),
        ("260102", date(2026, 1, 2), None),
    ],
)
def test_the_year_turns_between_value_and_entry_date(
    dates: str, value_on: date, booked_on: date | None
) -> None:
    found = entry(f"{dates}C1,NTRFNONREF")

    assert (found.value_on, found.booked_on) == (value_on, booked_on)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("261301C1,NTRF", "date_invalid"),
        ("2601050230C1,NTRF", "date_invalid"),
        ("C1,NTRF", "date_invalid"),
        ("260105X1,NTRF", "direction_invalid"),
        ("260105C,50NTRF", "amount_invalid"),
        ("260105C1,005NTRF", "amount_precision"),
    ],
)
def test_a_line_that_cannot_be_read_holds_the_file(line: str, code: str) -> None:
    parts = read(message(f":61:{line}", closing="C260105EUR100,"))

    problem = next(part for part in parts if isinstance(part, Problem))
    assert code in HOLDING
    assert (problem.code, problem.where) == (code, "STMT1 1/1/entry 1")


def test_references_of_field_61() -> None:
    found = entry("260105C1,NTRFINVOICE 7//BANK-9\r\nmore from the bank", "Thank you")

    assert found.bank_reference == "BANK-9"
    assert found.text == "Thank you INVOICE 7 more from the bank"


def test_ing_structured() -> None:
    found = entry(
        "260105C1,NTRFEREF",
        "/EREF/E2E-1//CNTP/NL32INGB0000012345/INGBNL2A/ING BANK NV/AMSTER",
        "DAM///REMI/STRD/CUR/0000123456789012/",
    )

    assert found.counterparty == "ING BANK NV"
    assert found.transactions[0].counterparty_account == "NL32INGB0000012345"
    assert found.reference == "123456789012"
    assert found.end_to_end_id == "E2E-1"
    assert found.text is None


def test_ing_free_remittance_and_return() -> None:
    found = entry("260105RC1,NTRFNONREF", "/RTRN/AC04//REMI/USTD//Invoice 17/")

    assert found.text == "Invoice 17"
    assert found.transactions[0].return_reason == "AC04"


def test_abn_amro_structured() -> None:
    found = entry(
        "260105D1,N247NONREF",
        "/TRTP/SEPA OVERBOEKING/IBAN/FR12345678901234/BIC/GEFRADAM",
        "/NAME/QASD JGRED/REMI/Factuur 99/EREF/NOTPROVIDED",
    )

    assert found.counterparty == "QASD JGRED"
    assert found.transactions[0].counterparty_account == "FR12345678901234"
    assert (found.text, found.end_to_end_id) == ("Factuur 99", None)


def test_a_creditor_reference_alone_is_structured() -> None:
    assert entry("260105C1,NTRFNONREF", "/REMI/RF18 5390 0754 7034/").references == ("RF18539007547034",)
    assert entry("260105C1,NTRFNONREF", "166?00X?20SVWZ+RF18539007547034").reference == "RF18539007547034"
    assert entry("260105C1,NTRFNONREF", "RF18539007547034").reference == "RF18539007547034"
    assert entry("260105C1,NTRFNONREF", "RF19539007547034").reference is None


def test_a_german_return_names_its_reason() -> None:
    found = entry("260105RC1,NRTINONREF", "109?00RUECKLASTSCHRIFT?20EREF+E1?21SVWZ+Zahlung 7?32MAX?34914")

    assert found.transactions[0].return_reason == "914"
    assert (found.end_to_end_id, found.text, found.counterparty) == ("E1", "Zahlung 7", "MAX")


def test_polish_marks() -> None:
    found = entry(
        "260105C1,NTRFNONREF", "051~00PRZELEW~20FAKTURA 1~32JAN NOWAK~38PL61109010140000071219812874"
    )

    assert (found.counterparty, found.text) == ("JAN NOWAK", "FAKTURA 1")
    assert found.transactions[0].counterparty_account == "PL61109010140000071219812874"


def test_pages_are_chained() -> None:
    first = message(":61:260105C1,NTRFNONREF").replace(b"-\r\n", b":62M:C260105EUR101,\r\n-\r\n")
    second = b":20:STMT1\n:25:FI2112345600000785\n:28C:1/2\n:60M:C260105EUR%s,\n:62F:C260105EUR%s,\n-\n"

    assert codes(read(first + second % (b"101", b"101"))) == []
    assert codes(read(first + second % (b"102", b"102"))) == ["balance_chain"]


def test_a_day_left_out_is_said() -> None:
    one, other = (
        message(closing="C260105EUR100,"),
        message(closing="C260107EUR90,", opening="C260107EUR90,"),
    )

    assert codes(read(one + one)) == []
    assert codes(read(one + other)) == ["balance_gap"]


def test_balances_of_two_currencies_are_held() -> None:
    assert codes(read(message(closing="C260105SEK100,"))) == ["balance_currency"]


def test_an_overdrawn_account_adds_up() -> None:
    assert (
        codes(read(message(":61:260105C40,NTRF", opening="D260105EUR100,", closing="D260105EUR60,"))) == []
    )


@pytest.mark.parametrize(
    ("sums", "expected"),
    [
        ((":90D:1EUR4,", ":90C:2EUR3,"), []),
        ((":90D:2EUR4,", ":90C:2EUR3,"), ["control_count"]),
        ((":90D:1EUR4,", ":90C:2EUR3,01"), ["control_sum"]),
        ((":90D:1SEK4,", ":90C:2EUR3,"), ["control_sum"]),
        ((":90D:1EUR4,", ":90C:one"), ["amount_invalid"]),
        ((":90D:1EUR4,", ":90C:1EUR1,"), []),
    ],
)
def test_an_interim_report_is_checked_by_its_sums(sums: tuple[str, str], expected: list[str]) -> None:
    lines = [
        ":20:REP",
        ":25:FI2112345600000785",
        ":28C:1",
        ":34F:EUR0,",
        ":13D:2601051200+0200",
        ":61:260105C1,NTRF",
        ":61:260105EC2,NTRF",
        ":61:260105D4,NTRF",
        *sums,
        "-",
    ]
    content = "\n".join(lines).encode()
    parts = list(mt942_parts(BytesIO(content)))

    assert is_mt942(content)
    assert codes(parts) == expected
    assert [part.status for part in parts if isinstance(part, StatementEntry)] == ["BOOK", "PDNG", "BOOK"]
    assert parts[0] == Begun("REP", date(2026, 1, 5), "FI2112345600000785", "EUR")
    assert Ended(None, None) in parts


def test_an_interim_report_without_currency_is_held() -> None:
    content = b":20:REP\n:25:FI2112345600000785\n:28C:1\n:13D:2601051200+0200\n:61:260105C1,NTRF\n-\n"

    assert set(codes(list(mt942_parts(BytesIO(content))))) == {"currency_invalid"}


@pytest.mark.parametrize(
    "content",
    [
        b":20:A\n:25:B\n:60F:C260105EUR1,\n:61:260105C1,NTRF\n:25:C\n",
        b":61:260105C1,NTRF\n:20:A\n",
        b":20:A\n:25:B\n:60F:C260105EUR1,\n:61:260105C1,NTRF\n:86:x\n" + b"y\n" * 80,
        b":20:A\n:25:B\n:60F:C260105EUR1,\n:61:260105C1,NTRF\n" + b":86:x\n" * 120,
        b":20:A\n:25:B\n:60F:C260105EUR1,\n:86:" + b"y" * 100_000,
        b":20:A\x00\n",
        b"{1:A}{4:\n:20:A\n:25:B\n-}{4::20:A{4:\n",
    ],
)
def test_what_no_bank_writes_is_refused(content: bytes) -> None:
    with pytest.raises(FormatRefused):
        read(content)


def test_braces_in_a_text_are_no_swift_blocks() -> None:
    found = entries(message(":61:260105C1,NTRF", ":86:order", "{7: blue}", ":61:260105C2,NTRF"))

    assert [item.text for item in found] == ["order {7: blue}", None]


def test_swift_blocks_around_messages() -> None:
    body = message(":61:260105C1,NTRF", closing="C260105EUR101,").removesuffix(b"-\r\n")
    blocks = b"{1:F01BANKFIHHAXXX0000000000}{2:I940BANKFIHHXXXXN}{3:{108:1}}{4:\r\n"
    parts = read((blocks + body + b"-}{5:{CHK:1}{TNG:}}{S:{COP:P}}") * 2)

    assert codes(parts) == ["balance_gap"]
    assert sum(isinstance(part, Ended) for part in parts) == 2


def test_a_file_without_account_or_statement_is_held() -> None:
    assert codes(read(b":20:A\n:60F:C260105EUR1,\n:62F:C260105EUR1,\n-\n")) == ["account_missing"]
    assert codes(read(b"nothing\n")) == ["no_statement"]


def test_windows_letters_are_read() -> None:
    content = message(":61:260105C1,NTRF", ":86:Ärger mit 5 €").decode().encode("cp1252")

    assert entries(content)[0].text == "Ärger mit 5 €"


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"<Document>",
        b":20:X\n:32A:260105EUR1,\n",
        b":20:X\n:28D:1/1\n:25:no",
        b"0" * 400,
        b"T00322100",
    ],
)
def test_other_files_are_not_taken_for_mt(head: bytes) -> None:
    assert not is_mt940(head)
    assert not is_mt942(head)


def test_a_file_that_is_over_within_an_entry_is_held_as_cut_short() -> None:
    fields = (":61:2601050105C12,30NTRFNONREF//B1", ":86:/REMI/Invoice 17")
    whole = message(*fields, closing="C260105EUR112,30")
    for end in (b":62F:", b"Invoice 17", b":86:", b"\r\n:86:", b"F:C260105EUR112"):
        assert codes(read(whole[: whole.index(end)])) == ["closing_missing"], end
    assert "closing_missing" in HOLDING
    unbalanced = message(":61:2601050105C12,30NTRFNONREF//B1")
    assert codes(read(unbalanced)) == ["balance_missing"], "the bank ended it so"

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from sovinto.errors import FormatRefused
from sovinto.formats.statement.model import HOLDING, Problem, StatementEntry
from sovinto.formats.statement.parts import Begun, Ended, Part
from sovinto.formats.statement.tito import is_tito, tito_parts

from tests.unit.formats.statement.finnish_files import closing, day_sums, extra, file, header, row


def read(*records: str, encoding: str = "latin-1") -> list[Part]:
    return list(tito_parts(BytesIO(file(*records, encoding=encoding))))


def entries(parts: list[Part]) -> list[StatementEntry]:
    return [part for part in parts if isinstance(part, StatementEntry)]


def codes(parts: list[Part]) -> list[str]:
    return [part.code for part in parts if isinstance(part, Problem)]


def test_a_clean_statement() -> None:
    parts = read(
        header(),
        row(5_000, name="MEIK[L[INEN", reference="1232", archive="260105593619123456"),
        row(-1_500, number=2, archive="A2"),
        closing(13_500),
        day_sums((1, 5_000), (1, -1_500)),
        day_sums((9, 90_000), (9, -90_000), period="4"),
    )
    entry = entries(parts)[0]

    assert codes(parts) == []
    assert isinstance(parts[0], Begun)
    assert parts[0] == Begun("001", date(2026, 1, 6), "12345600000785", "EUR")
    assert isinstance(parts[-1], Ended)
    assert entry.counterparty == "MEIKÄLÄINEN"
    assert (entry.reference, entry.bank_reference) == ("1232", "260105593619123456")
    assert entry.text == "Viitesiirto"


def test_corrections_are_reversals() -> None:
    parts = read(
        header(),
        row(5_000),
        row(-5_000, "3", number=2, archive="A2"),
        row(700, "4", number=3, archive="A3"),
        closing(10_700),
        day_sums((1, 5_000), (0, 0)),
        "T51067126010500000001-00000000000000500000000001+000000000000000700",
    )

    assert codes(parts) == []
    assert [(item.amount.decimal(), item.is_reversal) for item in entries(parts)] == [
        ("50.00", False),
        ("-50.00", True),
        ("7.00", True),
    ]


def test_day_sums_may_hold_the_corrections() -> None:
    records = [row(5_000), row(-1_000, "3", number=2), closing(14_000), day_sums((2, 4_000), (0, 0))]

    assert codes(read(header(), *records)) == []


def test_an_itemised_entry_is_counted_once() -> None:
    parts = read(
        header(),
        row(5_000, archive="BATCH"),
        extra("01", "00000002"),
        row(3_000, number=2, name="ENSI", reference="1232", level="1", archive=""),
        extra("00", "lasku 17"),
        row(2_000, number=3, name="TOINEN", reference="1245", level="1", archive="A9"),
        closing(15_000),
    )
    entry = entries(parts)[0]

    assert codes(parts) == []
    assert len(entries(parts)) == 1
    assert [item.amount.decimal() for item in entry.transactions if item.amount] == ["30.00", "20.00"]
    assert [item.reference for item in entry.transactions] == ["1232", "1245"]
    assert [item.bank_reference for item in entry.transactions] == ["BATCH", "A9"]
    assert entry.transactions[0].text == "Viitesiirto lasku 17"
    assert entry.counterparty is None
    assert entry.reference is None


def test_levels_below_levels() -> None:
    parts = read(
        header(),
        row(5_000),
        row(3_000, level="1"),
        row(1_000, level="2", reference="1232"),
        row(2_000, level="2", reference="1245"),
        row(2_000, level="1", reference="13"),
        closing(15_000),
    )

    assert codes(parts) == []
    assert [item.reference for item in entries(parts)[0].transactions] == ["1232", "1245", "13"]


def test_items_that_do_not_come_to_their_entry_hold_the_file() -> None:
    parts = read(header(), row(5_000), row(3_000, level="1"), row(1_999, level="1"), closing(15_000))

    assert codes(parts) == ["transaction_sum"]


def test_levels_out_of_order_are_held() -> None:
    rows = [row(5_000), row(5_000, level="2"), row(999, level="1")]

    assert codes(read(header(), *rows, closing(15_000))) == ["transaction_sum"]


def test_a_count_of_payments_that_is_wrong_holds_the_file() -> None:
    rows = [row(5_000), extra("01", "00000002"), row(5_000, level="1")]

    assert codes(read(header(), *rows, closing(15_000))) == ["batch_count"]


def test_an_item_without_an_entry_holds_the_file() -> None:
    assert codes(read(header(), row(3_000, level="1"), closing(10_000))) == ["batch_sum"]


def test_sepa_details() -> None:
    ids = f"{'RF18539007547034':35}{'FI2112345600000785':35}{'NDEAFIHH':35}"
    sepa = f"{ids}{'':70}{'Pitkä Nimi Oy':70}{'ID 7':35}"
    entry = entries(read(header(), row(5_000), extra("11", sepa), closing(15_000)))[0]

    assert entry.reference == "RF18539007547034"
    assert entry.counterparty == "Pitkä Nimi Oy"
    assert entry.transactions[0].counterparty_account == "FI2112345600000785"
    other = entries(read(header(), row(5_000), extra("11", "E2E-77".ljust(315)), closing(15_000)))[0]
    assert (other.reference, other.end_to_end_id) == (None, "E2E-77")


def test_an_amount_in_another_currency() -> None:
    entry = entries(
        read(header(), row(5_000), extra("05", "+000000000000005500 USD 00011000000"), closing(15_000))
    )[0]

    original = entry.transactions[0].original
    assert original is not None
    assert (original.decimal(), original.currency) == ("55.00", "USD")
    assert entry.text == "Viitesiirto"


def test_each_day_must_add_up() -> None:
    first = [row(5_000), closing(15_000, "260105"), day_sums((1, 5_000), (0, 0))]
    second = [
        row(-1_000, number=2, archive="A2"),
        closing(14_000, "260106"),
        day_sums((0, 0), (1, -1_000)),
    ]

    assert codes(read(header(), *first, *second)) == []
    assert codes(read(header(), row(5_001), *first[1:], *second)) == [
        "balance_chain",
        "control_sum",
        "balance_chain",
    ]
    assert codes(read(header(), *first, second[0])) == ["balance_chain"]


@pytest.mark.parametrize(
    ("sums", "code"),
    [(((2, 5_000), (0, 0)), "control_count"), (((1, 5_001), (0, 0)), "control_sum")],
)
def test_wrong_day_sums_hold_the_file(sums: tuple[tuple[int, int], tuple[int, int]], code: str) -> None:
    assert codes(read(header(), row(5_000), closing(15_000), day_sums(*sums))) == [code]


def test_a_statement_without_its_closing_balance_is_held_as_cut_short() -> None:
    assert codes(read(header(), row(5_000))) == ["closing_missing"]
    assert "closing_missing" in HOLDING


@pytest.mark.parametrize(
    ("at", "wrong", "code"),
    [
        (90, "X", "amount_invalid"),
        (87, "?", "direction_invalid"),
        (48, "9", "direction_invalid"),
        (48, "2", "direction_invalid"),
        (31, "X", "date_invalid"),
    ],
)
def test_a_row_that_cannot_be_read_holds_the_file(at: int, wrong: str, code: str) -> None:
    text = row(5_000)

    assert code in codes(read(header(), text[:at] + wrong + text[at + 1 :], closing(10_000)))
    assert code in HOLDING


def test_a_row_without_days_is_held() -> None:
    text = row(5_000, booked="000000").replace("260105", "000000")

    assert codes(read(header(), text, closing(15_000))) == ["date_missing"]


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-8"])
def test_eight_bit_letters_and_brackets(encoding: str) -> None:
    records = [
        header(),
        row(5_000, name="Äijä & Poika Oy"),
        row(1, archive="A2", name="[tmi]"),
        closing(15_001),
    ]

    assert [item.counterparty for item in entries(read(*records, encoding=encoding))] == [
        "Äijä & Poika Oy",
        "[tmi]",
    ]


def test_records_without_line_ends() -> None:
    content = "".join([header(), row(5_000), closing(15_000)]).encode()

    assert codes(list(tito_parts(BytesIO(content)))) == []
    assert is_tito(content)


def test_keys_stay_and_differ() -> None:
    records = (header(), row(5_000, archive=""), row(5_000, archive=""), closing(20_000))
    keys = [item.entry_key for item in entries(read(*records))]

    assert len(set(keys)) == 2
    assert keys == [item.entry_key for item in entries(read(*records))]


@pytest.mark.parametrize(
    "content",
    [
        b"T10188",
        b"T00322100" + b" " * 80,
        file(header(), "nothing"),
        file(header(), row(1) + "junk" * 400),
    ],
)
def test_other_files_are_refused(content: bytes) -> None:
    with pytest.raises(FormatRefused):
        list(tito_parts(BytesIO(content)))

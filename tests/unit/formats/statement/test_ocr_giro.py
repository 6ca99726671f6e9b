"""OCR giro against published transmissions and against files written after the system specification."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from sovinto.errors import FormatRefused
from sovinto.formats.statement.model import Problem
from sovinto.formats.statement.ocr_giro import is_ocr_giro, ocr_giro_parts
from sovinto.formats.statement.parts import Begun, Ended, Part

from tests.unit.formats.statement.published_files import (
    ABSENT,
    FOLDER,
    Trickle,
    codes,
    decimal,
    entries,
    head,
    is_held,
    lines,
    name,
    rows,
)

PUBLISHED = rows("nets-ocr")
REQUESTS = rows("nets-avtalegiro")


@pytest.mark.skipif(not PUBLISHED, reason=ABSENT)
@pytest.mark.parametrize("row", PUBLISHED, ids=name)
def test_published_transmissions(row: dict[str, Any]) -> None:
    parts, expected = list(ocr_giro_parts((FOLDER / row["file"]).open("rb"))), row["expected"]
    found = entries(parts)

    assert is_ocr_giro(head(row))
    assert codes(parts) == []
    assert len(found) == expected["entries"]
    assert decimal(sum(entry.amount.minor for entry in found)) == expected["credit_sum"]
    assert [entry.reference or "" for entry in found] == expected["references"]
    for entry, theirs in zip(found, expected["rows"], strict=True):
        assert entry.amount.decimal() == theirs["amount"]
        assert entry.booked_on is not None
        assert entry.booked_on.strftime("%d%m%y") == theirs["date"]
        assert (entry.reference or "") == theirs["kid"]
        assert entry.text == theirs.get("text")
        assert not entry.is_reversal
    assert [(part.account, part.currency) for part in parts if isinstance(part, Begun)] == [
        ("99991111111", "NOK")
    ]


@pytest.mark.skipif(not REQUESTS, reason=ABSENT)
@pytest.mark.parametrize("row", REQUESTS, ids=name)
def test_published_payment_requests_are_refused(row: dict[str, Any]) -> None:
    assert is_ocr_giro(head(row))
    with pytest.raises(FormatRefused, match="AvtaleGiro payment request"):
        list(ocr_giro_parts((FOLDER / row["file"]).open("rb")))


OPEN = "NY00001000008080017003100010200000000".ljust(80, "0")
BEGIN = "NY0900200017676760000001999911111110".ljust(80, "0")


def item(kind: str, number: int, minor: int, kid: str, day: str = "020326") -> str:
    sign = "-" if minor < 0 else "0"
    return f"NY09{kind}30{number:07d}{day}0102112345{sign}{abs(minor):017d}{kid:>25}000000"


def second(kind: str, number: int, payer: str = "88881011128", day: str = "010326") -> str:
    return f"NY09{kind}31{number:07d}60004322610945611540000000{day}{payer}".ljust(80, "0")


def third(kind: str, number: int, text: str) -> str:
    return f"NY09{kind}32{number:07d}{text:40}".ljust(80, "0")


def end(record: str, items: int, records: int, minor: int) -> str:
    return f"NY{record}{items:08d}{records:08d}{minor:017d}020326".ljust(80, "0")


def read(*texts: str) -> list[Part]:
    return list(ocr_giro_parts(BytesIO(lines(*texts))))


GOOD = (
    OPEN,
    BEGIN,
    item("10", 1, 12_345, "12345678903"),
    second("10", 1),
    end("090088", 1, 4, 12_345),
    end("000089", 1, 6, 12_345),
)


def test_a_payment_has_its_days_its_payer_and_its_archive_reference() -> None:
    (entry,) = entries(read(*GOOD))
    assert (entry.booked_on, entry.value_on) == (date(2026, 3, 2), date(2026, 3, 1))
    assert (entry.reference, entry.bank_reference) == ("12345678903", "6000432261-094561154")
    assert entry.transactions[0].counterparty_account == "88881011128"
    assert codes(read(*GOOD)) == []


@pytest.mark.parametrize(
    ("kind", "kid", "is_checked"),
    [
        ("10", "111", True),
        ("15", "111", True),
        ("19", "111", True),
        ("18", "111", False),
        ("13", "", False),
        ("21", "111", False),
    ],
)
def test_which_transactions_have_a_kid_that_was_checked(kind: str, kid: str, is_checked: bool) -> None:
    end_of_part, end_of_file = end("090088", 1, 3, 100), end("000089", 1, 5, 100)
    (entry,) = entries(read(OPEN, BEGIN, item(kind, 1, 100, kid), end_of_part, end_of_file))
    assert entry.transactions[0].is_checked is is_checked


def test_a_kid_may_end_in_a_hyphen() -> None:
    texts = [text.replace("12345678903", "1234567890-") for text in GOOD]
    assert entries(read(*texts))[0].reference == "1234567890-"


def test_a_reversed_card_purchase_is_a_reversal_and_lessens_the_sum() -> None:
    parts = read(
        OPEN,
        BEGIN,
        item("19", 1, 10_000, "111"),
        item("18", 2, -4_000, "111"),
        item("20", 3, -1_000, ""),
        third("20", 3, "Bestridt kjøp"),
        third("20", 3, "hos Kari"),
        end("090088", 3, 7, 5_000),
        end("000089", 3, 9, 5_000),
    )
    assert codes(parts) == []
    assert [(entry.amount.minor, entry.is_reversal) for entry in entries(parts)] == [
        (10_000, False),
        (-4_000, True),
        (-1_000, True),
    ]
    assert entries(parts)[2].text == "Bestridt kjøp hos Kari"


def test_a_net_payment_back_stands_without_a_sign_in_the_controls() -> None:
    parts = read(
        OPEN,
        BEGIN,
        item("18", 1, -4_000, "111"),
        end("090088", 1, 3, 4_000),
        end("000089", 1, 5, 4_000),
    )
    assert codes(parts) == []


def test_notices_of_standing_orders_may_come_along() -> None:
    notices = (
        "NY212420000000000400008688888888888".ljust(80, "0"),
        "NY21947010000000000000000001688373".ljust(80, "0"),
        "NY212488000000010000000300000".ljust(80, "0"),
    )
    parts = read(*GOOD[:5], *notices, end("000089", 2, 9, 12_345))
    assert codes(parts) == []
    assert len(entries(parts)) == 1


def test_two_assignments_are_two_statements() -> None:
    other = BEGIN.replace("99991111111", "99992222222")
    parts = read(*GOOD[:5], other, *GOOD[2:5], end("000089", 2, 10, 24_690))
    assert [part.account for part in parts if isinstance(part, Begun)] == ["99991111111", "99992222222"]
    assert sum(isinstance(part, Ended) for part in parts) == 2
    assert codes(parts) == []
    assert len({entry.entry_key for entry in entries(parts)}) == 2


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({4: end("090088", 1, 4, 12_346)}, "control_sum", "states 123.46, but .* come to 123.45"),
        ({4: end("090088", 2, 4, 12_345)}, "control_count", "states 2 transactions, but 1"),
        ({4: end("090088", 1, 5, 12_345)}, "control_count", "states 5 records, but 4"),
        ({5: end("000089", 1, 6, 12_344)}, "control_sum", "states 123.44"),
        ({5: end("000089", 1, 7, 12_345)}, "control_count", "states 7 records, but 6"),
        ({5: None}, "control_count", "was cut off"),
        ({4: None}, "control_count", r"NY0988\) is missing"),
        ({1: None}, "control_count", "outside any assignment"),
        ({3: second("10", 9)}, "control_count", "belongs to no transaction"),
        ({2: item("10", 1, 12_345, "1", day="310226")}, "date_invalid", "'310226' is not a day"),
        ({2: item("10", 1, 12_345, "1").replace("012345 ", "0X2345 ")}, "amount_invalid", "not an amount"),
        ({1: BEGIN.replace("99991111111", "9999111111X")}, "account_missing", "11 digits"),
        ({0: "XX"}, "control_count", "no part of the transmission"),
    ],
)
def test_what_contradicts_itself_is_held(change: dict[int, str | None], code: str, words: str) -> None:
    texts = [change.get(at, text) for at, text in enumerate(GOOD)]
    parts = read(*(text for text in texts if text is not None))
    found = [part for part in parts if isinstance(part, Problem) and part.code == code]
    assert is_held(parts)
    assert any(re.search(words, problem.message) for problem in found), parts


def test_keys_are_the_same_each_time_however_the_bytes_come() -> None:
    assert read(*GOOD) == list(ocr_giro_parts(Trickle(lines(*GOOD))))


def test_an_empty_transmission_is_no_contradiction() -> None:
    parts = read(OPEN, end("000089", 0, 2, 0))
    assert (codes(parts), is_held(parts)) == (["nothing_paid"], False)


@pytest.mark.parametrize("data", [b"", b"01BGMAX", b"NYHETER;1", b"<xml/>"])
def test_other_formats_are_not_ocr_giro(data: bytes) -> None:
    assert not is_ocr_giro(data)

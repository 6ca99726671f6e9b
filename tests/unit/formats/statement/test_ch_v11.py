"""Swiss ISR payments (V11 type 3)."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from sovinto.formats.statement.ch_v11 import is_v11, v11_parts
from sovinto.formats.statement.parts import Begun, Part

from tests.unit.formats.statement.published_files import (
    ABSENT,
    FOLDER,
    codes,
    entries,
    head,
    is_held,
    lines,
    name,
    rows,
)

PUBLISHED = rows("ch-v11-isr")
REFERENCE = "210000000003139471430009017"


@pytest.mark.skipif(not PUBLISHED, reason=ABSENT)
@pytest.mark.parametrize("row", PUBLISHED, ids=name)
def test_the_published_file_contradicts_its_total_and_is_held(row: dict[str, Any]) -> None:
    parts = list(v11_parts((FOLDER / row["file"]).open("rb")))
    assert is_v11(head(row))
    assert [entry.amount.decimal() for entry in entries(parts)] == ["5415.00"]
    assert (codes(parts), is_held(parts)) == (["control_sum"], True)


def payment(minor: int, code: str = "002", participant: str = "010001628") -> str:
    days = "220301220302220303"
    return f"{code}{participant}{REFERENCE}{minor:010d}{'':10}{days}{'7':0>9}0".ljust(100, "0")


def total(minor: int, count: int, participant: str = "010001628") -> str:
    return f"999{participant}{'9' * 27}{minor:012d}{count:012d}220302".ljust(87, "0")


def read(*texts: str) -> list[Part]:
    return list(v11_parts(BytesIO(lines(*texts))))


def test_payments_and_a_cancellation_come_to_the_total() -> None:
    parts = read(payment(394_975), payment(100, code="005"), total(394_875, 2))
    paid, cancelled = entries(parts)
    assert codes(parts) == []
    assert (paid.amount.decimal(), paid.reference) == ("3949.75", REFERENCE)
    assert (paid.booked_on, paid.value_on) == (date(2022, 3, 3), date(2022, 3, 1))
    assert (cancelled.amount.minor, cancelled.is_reversal) == (-100, True)


def test_participants_in_euro_have_a_statement_of_their_own() -> None:
    euro = {"participant": "030001625"}
    parts = read(payment(100), total(100, 1), payment(200, **euro), total(200, 1, **euro))
    assert [(part.account, part.currency) for part in parts if isinstance(part, Begun)] == [
        ("010001628", "CHF"),
        ("030001625", "EUR"),
    ]
    assert codes(parts) == []


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        ((payment(100), total(100, 2)), "control_count"),
        ((payment(100), total(101, 1)), "control_sum"),
        ((payment(100),), "control_count"),
        ((total(100, 1),), "control_count"),
        ((payment(100).replace("0000000100", "00000001X0"), total(100, 1)), "amount_invalid"),
        ((payment(100).replace("220303", "220332"), total(100, 1)), "date_invalid"),
    ],
)
def test_what_contradicts_itself_is_held(texts: tuple[str, ...], code: str) -> None:
    parts = read(*texts)
    assert code in codes(parts)
    assert is_held(parts)

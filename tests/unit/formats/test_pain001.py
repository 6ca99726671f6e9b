from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree
from sovinto.domain.money import Money
from sovinto.errors import InvalidInput
from sovinto.formats.pain001 import Transfer, write_pain001
from sovinto.formats.sepa_text import to_sepa_id, to_sepa_text

SCHEMA = Path(__file__).parents[3] / "../shared/validators/iso20022/pain.001.001.09.xsd"
FIRST = Transfer(
    "rem_1", Money(13147, "EUR"), "Ääkkönen & Pojat Oy", "FI2112345600000785", "NDEAFIHH", "Tilitys 1"
)
SECOND = Transfer("rem_2", Money(1, "EUR"), "Łódź s.c.", "DE89370400440532013000", "", "")


def written(*transfers: Transfer, message_id: str = "run_2026-01-31") -> bytes:
    return write_pain001(
        message_id=message_id,
        created_at=datetime(2026, 1, 31, 9, 30, tzinfo=UTC),
        debtor_name="Sovinto Perintä Oy",
        debtor_iban="FI79 4405 2020 0360 82",
        debtor_bic="HELSFIHH",
        execution_on=date(2026, 2, 2),
        transfers=transfers,
    )


def texts(file: bytes, path: str) -> list[str | None]:
    steps = "/".join(f"{{*}}{step}" for step in path.split("/"))
    return [found.text for found in etree.fromstring(file).iterfind(f".//{steps}")]


def test_is_valid_against_the_schema() -> None:
    if not SCHEMA.exists():
        pytest.skip("the shared ISO 20022 schemas are not on this machine")
    schema = etree.XMLSchema(etree.parse(str(SCHEMA)))

    schema.assertValid(etree.fromstring(written(FIRST, SECOND)))


def test_counts_and_sums_itself() -> None:
    file = written(FIRST, SECOND)

    assert texts(file, "NbOfTxs") == ["2", "2"]
    assert {Decimal(text or "") for text in texts(file, "CtrlSum")} == {Decimal("131.48")}
    assert texts(file, "InstdAmt") == ["131.47", "0.01"]
    assert texts(file, "EndToEndId") == ["rem-1", "rem-2"]
    assert texts(file, "DbtrAcct/Id/IBAN") == ["FI7944052020036082"]
    assert texts(file, "Cdtr/Nm") == ["Aakkonen + Pojat Oy", "Lodz s.c."]


def test_same_arguments_same_bytes() -> None:
    assert written(FIRST) == written(FIRST)


def test_markup_in_names_stays_text() -> None:
    file = written(replace(FIRST, creditor_name="</Nm><Evil>", text="a\x00b<!--"))

    assert texts(file, "Cdtr/Nm") == ["./Nm..Evil."]
    assert texts(file, "Ustrd") == ["a.b..--"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"amount": Money(0, "EUR")}, "0.01"),
        ({"amount": Money(-5, "EUR")}, "0.01"),
        ({"creditor_iban": "FI2112345600000786"}, "check digits"),
        ({"creditor_bic": "NDEA"}, "bic"),
        ({"creditor_name": " "}, "creditor_name"),
        ({"end_to_end_id": "x" * 36}, "35"),
        ({"end_to_end_id": "äää"}, "A-Z"),
        ({"end_to_end_id": "/a"}, "slash"),
        ({"end_to_end_id": "rem_2"}, "twice"),
    ],
)
def test_refuses_what_a_bank_would_refuse(change: dict[str, object], says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        written(replace(FIRST, **change), SECOND)  # type: ignore[arg-type]


def test_refuses_an_empty_file_and_other_money() -> None:
    with pytest.raises(InvalidInput, match="at least one"):
        written()
    with pytest.raises(InvalidInput, match="euros"):
        written(replace(FIRST, amount=Money(100, "SEK")))


def test_text_keeps_to_the_sepa_set() -> None:
    assert to_sepa_text("Größe  ÆØÅ\u00a0õ //x// – Ж", most=70) == "Grosse AEOA o /x/ - ."
    assert to_sepa_text("ab/cd", most=3) == "ab"


def test_own_ids_come_back_unchanged() -> None:
    assert to_sepa_id("rem_0a") == "rem-0a"
    assert to_sepa_id(to_sepa_id("rem_0a")) == to_sepa_id("rem_0a")

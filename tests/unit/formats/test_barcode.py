from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from sovinto.domain.money import Money
from sovinto.errors import InvalidInput
from sovinto.formats.barcode import bank_barcode

VECTORS = Path(__file__).parents[3] / "../shared/conformance/references.json"
IBAN = "FI7944052020036082"
SUM = Money(488315, "EUR")
DUE = date(2010, 6, 12)


def test_version_follows_the_reference() -> None:
    national = bank_barcode(iban=IBAN, reference="868516259619897", amount=SUM, due_on=DUE)
    wrapped = bank_barcode(iban=IBAN, reference="RF09 8685 1625 9619 897", amount=SUM, due_on=DUE)

    assert national == "479440520200360820048831500000000868516259619897100612"
    assert wrapped == "579440520200360820048831509000000868516259619897100612"


def test_published_vectors() -> None:
    if not VECTORS.exists():
        pytest.skip("the shared conformance vectors are not on this machine")
    for group in json.loads(VECTORS.read_text())["fi_virtual_barcode"]:
        for row in group["vectors"]:
            digits = bank_barcode(
                iban=row["iban"],
                reference=row["reference"],
                amount=Money.parse(row["amount"], "EUR"),
                due_on=date.fromisoformat(row["due"]) if row["due"] else None,
            )
            assert digits == row["barcode"]


def test_a_sum_that_does_not_fit_is_left_to_the_payer() -> None:
    digits = bank_barcode(iban=IBAN, reference="1232", amount=Money(100_000_000, "EUR"), due_on=None)

    assert digits[17:25] == "00000000"
    assert digits.endswith("000000")
    assert len(digits) == 54


@pytest.mark.parametrize(
    ("iban", "reference", "amount"),
    [
        ("FI7944052020036083", "1232", SUM),
        ("DE89370400440532013000", "1232", SUM),
        (IBAN, "1233", SUM),
        (IBAN, "RF97C2H5OH", SUM),
        (IBAN, "1232", Money(-1, "EUR")),
        (IBAN, "1232", Money(1, "SEK")),
    ],
)
def test_refuses_what_bars_cannot_carry(iban: str, reference: str, amount: Money) -> None:
    with pytest.raises(InvalidInput):
        bank_barcode(iban=iban, reference=reference, amount=amount, due_on=DUE)

from __future__ import annotations

import pytest
from sovinto.domain.money import Money
from sovinto.errors import InvalidInput
from sovinto.formats.epc_qr import epc_text

IBAN = "DE33100205000001194700"
SUM = Money(12345, "EUR")


def test_text_of_a_donation() -> None:
    code = epc_text(
        name="Wikimedia Foerdergesellschaft", iban=IBAN, amount=SUM, text="Spende fuer Wikipedia"
    )

    assert code == (
        "BCD\n002\n1\nSCT\n\nWikimedia Foerdergesellschaft\nDE33100205000001194700\nEUR123.45\n\n\n"
        "Spende fuer Wikipedia"
    )


def test_a_finnish_reference_travels_as_rf() -> None:
    lines = epc_text(name="Perintä Oy", iban=IBAN, amount=SUM, bic="NDEAFIHH", reference="12 34561").split(
        "\n"
    )

    assert lines[4] == "NDEAFIHH"
    assert lines[9] == "RF341234561"
    assert len(lines) == 10


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 71}, "70"),
        ({"iban": "DE33100205000001194701"}, "check digits"),
        ({"amount": Money(0, "EUR")}, "0.01"),
        ({"amount": Money(100, "SEK")}, "euros"),
        ({"reference": "1233"}, "7-3-1"),
        ({"reference": "1232", "text": "x"}, "not both"),
        ({"text": "€" * 100}, "331 bytes"),
    ],
)
def test_refuses_what_the_standard_has_no_room_for(change: dict[str, object], says: str) -> None:
    arguments: dict[str, object] = {"name": "Payee", "iban": IBAN, "amount": SUM} | change
    with pytest.raises(InvalidInput, match=says):
        epc_text(**arguments)  # type: ignore[arg-type]


def test_a_line_cannot_smuggle_in_another() -> None:
    assert "A B" in epc_text(name="A\nB", iban=IBAN, amount=SUM).split("\n")

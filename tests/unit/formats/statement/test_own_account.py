from __future__ import annotations

import pytest
from sovinto.formats.statement.own_account import names_account


@pytest.mark.parametrize(
    ("stated", "iban"),
    [
        ("FI2112345600000785", "FI2112345600000785"),
        ("FI21 1234 5600 0007 85", "FI2112345600000785"),
        ("12345600000785", "FI2112345600000785"),
        ("NL34RABO0142623393 EUR", "NL34RABO0142623393"),
        ("NL34RABO0142623393EUR", "NL34RABO0142623393"),
        ("0142623393", "NL34RABO0142623393"),
        ("142623393EUR", "NL34RABO0142623393"),
        ("1426.23.393EUR", "NL34RABO1426233930"[:8] + "0142623393"),
        ("28020050/1426292700", "DE59280200501426292700"),
        ("28020050/26292700", "DE59280200500026292700"),
        ("29114010810000267002001002", "PL2829114010810000267002001002"),
    ],
)
def test_the_same_account(stated: str, iban: str) -> None:
    assert names_account(stated, iban)


@pytest.mark.parametrize(
    ("stated", "iban"),
    [
        ("", "FI2112345600000785"),
        ("FI2112345600000786", "FI2112345600000785"),
        ("00000785", "FI2112345600000785"),
        ("28020051/1426292700", "DE59280200501426292700"),
        ("142623394", "NL34RABO0142623393"),
    ],
)
def test_another_account(stated: str, iban: str) -> None:
    assert not names_account(stated, iban)

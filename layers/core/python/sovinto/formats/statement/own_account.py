"""Does the account number in a bank file mean our IBAN? Older formats write it the national way."""

from __future__ import annotations

import re

_CURRENCY = re.compile(r"(?:\s+|/|(?<=[0-9]))[A-Z]{3}$")
_SEPARATORS = re.compile(r"[\s./-]")
_GERMAN = re.compile(r"([0-9]{8})/([0-9]{1,10})")


def names_account(stated: str, iban: str) -> bool:
    """Whether `stated`, as a bank wrote it, is `iban`: whole, or its national part.

    A currency behind it is left out ("NL34RABO0142623393 EUR"); German numbers are bank code/account
    ("28020050/1426292700"), Finnish ones 14 digits, Dutch ones the account without its bank.
    """
    iban = _SEPARATORS.sub("", iban).upper()
    plain = _CURRENCY.sub("", stated.strip().upper())
    german = _GERMAN.fullmatch(plain)
    if german:
        return iban[:2] == "DE" and iban[4:] == german[1] + german[2].rjust(10, "0")
    plain = _SEPARATORS.sub("", plain)
    if plain == iban:
        return True
    if iban[:2] == "NL" and plain.isdigit():
        return iban[8:] == plain.rjust(10, "0")
    return len(plain) == len(iban) - 4 and iban[4:] == plain

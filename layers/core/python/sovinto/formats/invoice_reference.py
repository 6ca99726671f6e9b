"""The payment reference of our invoices: a nine, then the number, in the form of our country."""

from __future__ import annotations

from sovinto.formats import payment_reference

_FIRST, _DIGITS = "9", 8
_EXACT = {"nl_16": 15}


def reference_of(number: int, scheme: str) -> str:
    """Always the same for a number; references of cases have more digits (usecases/place_case.py)."""
    digits = _EXACT.get(scheme, _DIGITS)
    return payment_reference.make(f"{_FIRST}{number:0{digits - 1}d}", scheme)

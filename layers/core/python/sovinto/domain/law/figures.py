"""Exact figures as text, for explanations. Nothing here rounds an amount that is charged."""

from __future__ import annotations

from fractions import Fraction

_DECIMALS = 6


def percent_text(percent: Fraction) -> str:
    """A rate without trailing zeros ("10.5", "8")."""
    return figure_text(percent).rstrip("0").rstrip(".")


def figure_text(value: Fraction) -> str:
    """Six decimals, half away from zero ("3.078082"): enough to see which way a cent was rounded."""
    scaled = abs(value) * 10**_DECIMALS
    digits = str((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator))
    digits = digits.rjust(_DECIMALS + 1, "0")
    return f"{'-' if value < 0 else ''}{digits[:-_DECIMALS]}.{digits[-_DECIMALS:]}"

"""Check digit algorithms of payment references: each takes a base and returns the whole reference."""

from __future__ import annotations

from stdnum import luhn
from stdnum.iso7064 import mod_97_10


def _weighted(base: str, weights: tuple[int, ...]) -> int:
    """The digits from the right, each times its weight; weights repeat."""
    return sum(int(digit) * weights[at % len(weights)] for at, digit in enumerate(reversed(base)))


def with_731(base: str) -> str:
    """Weights 7, 3, 1 (Finland, Estonia)."""
    return f"{base}{-_weighted(base, (7, 3, 1)) % 10}"


def with_rf(base: str) -> str:
    """ISO 11649: RF and two digits modulo 97 in front."""
    return f"RF{98 - mod_97_10.checksum(base + 'RF00'):02d}{base}"


def with_luhn(base: str) -> str:
    """Modulo 10 after Luhn (OCR, KID, FIK)."""
    return base + str(luhn.calc_check_digit(base))


def with_length_and_luhn(base: str) -> str:
    """The digit before the check digit tells the total length modulo ten, both digits counted."""
    return with_luhn(f"{base}{(len(base) + 2) % 10}")


def with_mod11(base: str) -> str:
    """Weights 2 to 7; remainder ten is written as a hyphen."""
    digit = -_weighted(base, (2, 3, 4, 5, 6, 7)) % 11
    return base + ("-" if digit == 10 else str(digit))


def with_fik(base: str) -> str:
    """Fourteen digits and Luhn (FIK +71)."""
    return with_luhn(base.rjust(14, "0"))


def with_dutch(base: str) -> str:
    """The check digit comes first: eleven minus the remainder, ten written as 1 and eleven as 0."""
    digit = 11 - _weighted(base, (2, 4, 8, 5, 10, 9, 7, 3, 6, 1)) % 11
    return f"{ {10: 1, 11: 0}.get(digit, digit) }{base}"

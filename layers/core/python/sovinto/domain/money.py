"""Money as integer minor units. No float ever touches an amount."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Self

from sovinto.errors import InvalidInput

_EXPONENTS = {"JPY": 0, "ISK": 0}
_CURRENCY = re.compile(r"[A-Z]{3}")
_DECIMAL = re.compile(r"(-?)([0-9]{1,13})(?:\.([0-9]+))?")


def exponent(currency: str) -> int:
    """How many decimals the currency has (ISO 4217); two unless listed."""
    return _EXPONENTS.get(currency, 2)


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An exact amount: `minor` units (cents) of one ISO 4217 `currency`."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"minor units are int, not {type(self.minor).__name__}")
        if not _CURRENCY.fullmatch(self.currency):
            raise InvalidInput(f"currency {self.currency!r} is not three capital letters")

    @classmethod
    def zero(cls, currency: str) -> Self:
        return cls(0, currency)

    @classmethod
    def parse(cls, text: str, currency: str) -> Self:
        """Read a plain decimal string ("-12.30"). Raises InvalidInput on any other shape."""
        match = _DECIMAL.fullmatch(text)
        digits = exponent(currency)
        if match is None:
            raise InvalidInput(f"amount {text!r} is not a decimal number such as 120.50")
        sign, whole, decimals = match[1], match[2], match[3] or ""
        if len(decimals) > digits:
            raise InvalidInput(f"amount {text!r} has more than {digits} decimals for {currency}")
        minor = int(whole + decimals.ljust(digits, "0"))
        return cls(-minor if sign else minor, currency)

    @classmethod
    def rounded(cls, value: Fraction, currency: str) -> Self:
        """Round exact minor units half away from zero, once."""
        whole, rest = divmod(abs(value.numerator), value.denominator)
        minor = whole + (1 if 2 * rest >= value.denominator else 0)
        return cls(minor if value >= 0 else -minor, currency)

    def decimal(self) -> str:
        """Major units as a plain decimal string, for machines ("131.47")."""
        digits = exponent(self.currency)
        text = str(abs(self.minor)).rjust(digits + 1, "0")
        sign = "-" if self.minor < 0 else ""
        return f"{sign}{text[:-digits]}.{text[-digits:]}" if digits else f"{sign}{text}"

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise InvalidInput(f"{self.currency} and {other.currency} do not mix")

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.minor < other.minor

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.minor <= other.minor

    def __bool__(self) -> bool:
        return self.minor != 0

    def share(self, weights: Sequence[int]) -> tuple[Money, ...]:
        """Split by weights and lose nothing: the remainder goes to the first parts."""
        total = sum(weights)
        if total <= 0 or min(weights) < 0:
            raise InvalidInput("weights must be non-negative and not all zero")
        parts = [abs(self.minor) * weight // total for weight in weights]
        rest = abs(self.minor) - sum(parts)
        takers = [index for index, weight in enumerate(weights) if weight]
        for step in range(rest):
            parts[takers[step % len(takers)]] += 1
        sign = -1 if self.minor < 0 else 1
        return tuple(Money(sign * part, self.currency) for part in parts)

    def split(self, count: int) -> tuple[Money, ...]:
        """Split into `count` nearly equal parts; larger ones first."""
        return self.share([1] * count)


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The sum, zero for none."""
    result = Money.zero(currency)
    for amount in amounts:
        result = result + amount
    return result

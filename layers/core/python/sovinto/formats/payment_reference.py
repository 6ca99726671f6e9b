"""Payment references with check digits: one row per scheme, national and international.

Sources: Finance Finland, structure of the Finnish reference number (7-3-1); ISO 11649 (RF creditor
reference); Estonian Banking Association (viitenumber); Bankgirot (OCR); Bits (KID); Danish FIK +71;
Betaalvereniging Nederland (betalingskenmerk).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from stdnum.iso7064 import mod_97_10

from sovinto.errors import InvalidInput
from sovinto.formats import check_digits

_SPACE = re.compile(r"\s+")
_RF = re.compile(r"RF[0-9]{2}[A-Z0-9]{1,21}")


@dataclass(frozen=True, slots=True)
class Reference:
    """A checked reference: `text` for machines, `printed` for people, `canonical` to compare by."""

    scheme: str
    text: str
    printed: str
    canonical: str


@dataclass(frozen=True, slots=True)
class _Scheme:
    """`base` and `whole` are the shapes before and after check digits; `base_of` takes them away again.

    `tidy` undoes what people and banks may do to the written form (zeros put in front or left out).
    """

    base: re.Pattern[str]
    whole: re.Pattern[str]
    add_check: Callable[[str], str]
    base_of: Callable[[str], str]
    print_as: Callable[[str], str]
    tidy: Callable[[str], str]
    rule: str


def make(base: str, scheme: str) -> str:
    """The reference for `base`, in machine form. Raises InvalidInput for a base that does not fit."""
    row = _scheme(scheme)
    squeezed = _squeezed(base)
    text = row.tidy(row.add_check(squeezed)) if row.base.fullmatch(squeezed) else ""
    if not row.whole.fullmatch(text):
        raise InvalidInput(f"reference base {base!r} does not fit {scheme}: use {row.rule}", field="base")
    return text


def check(text: str, scheme: str) -> Reference | None:
    """The reference in `text` (spaces allowed) if its shape and check digit are right, else None."""
    row = _scheme(scheme)
    compact = row.tidy(_squeezed(text))
    if not row.whole.fullmatch(compact) or row.tidy(row.add_check(row.base_of(compact))) != compact:
        return None
    return Reference(scheme, compact, row.print_as(compact), normalise(compact))


def normalise(text: str) -> str:
    """One key for all ways to write the same reference: no spaces, no leading zeros, no RF wrapping.

    Checks nothing but the RF digits: compare it with the key of a reference that was issued.
    """
    compact = _squeezed(text)
    if _RF.fullmatch(compact) and mod_97_10.is_valid(compact[4:] + compact[:4]):
        compact = compact[4:]
    return compact.lstrip("0")


def printed(text: str) -> str:
    """As on a letter: RF in fours from the left, digits in fives from the right."""
    compact = _squeezed(text)
    return _fours(compact) if compact.startswith("RF") else _fives(compact.lstrip("0"))


def schemes() -> tuple[str, ...]:
    """The names that `make` and `check` know."""
    return tuple(_SCHEMES)


def schemes_of(country: str) -> tuple[str, ...]:
    """The country's own schemes (ISO 3166-1 alpha-2); a name begins with its country, RF with none."""
    return tuple(name for name in _SCHEMES if name.startswith(f"{country.lower()}_"))


def _scheme(name: str) -> _Scheme:
    if name not in _SCHEMES:
        raise InvalidInput(f"reference scheme {name!r} is unknown; use one of {', '.join(_SCHEMES)}")
    return _SCHEMES[name]


def _squeezed(text: str) -> str:
    squeezed = _SPACE.sub("", text)
    # Upper case of other letters may be ASCII ("ß" is "SS"), and would pass for what was never written.
    return squeezed.upper() if squeezed.isascii() else squeezed


def _fives(text: str) -> str:
    head = len(text) % 5
    parts = [text[:head]] if head else []
    return " ".join([*parts, *(text[at : at + 5] for at in range(head, len(text), 5))])


def _fours(text: str) -> str:
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def _as_is(text: str) -> str:
    return text


def _without_padding(text: str) -> str:
    """More than twenty digits is no national reference, even when the first ones are zeros."""
    return text.lstrip("0") if len(text) <= 20 else text


def _fik_padded(text: str) -> str:
    return text.rjust(15, "0")


def _but_last(text: str) -> str:
    return text[:-1]


def _but_last_two(text: str) -> str:
    return text[:-2]


def _but_first(text: str) -> str:
    return text[1:]


def _but_rf(text: str) -> str:
    return text[4:]


def _digits(least: int, most: int) -> re.Pattern[str]:
    return re.compile(rf"[0-9]{{{least},{most}}}")


def _national(least: int) -> _Scheme:
    rule = f"{least - 1} to 19 digits, not counting zeros in front"
    base, whole = _digits(least - 1, 19), _digits(least, 20)
    return _Scheme(base, whole, check_digits.with_731, _but_last, _fives, _without_padding, rule)


def _plain(add_check: Callable[[str], str], base_of: Callable[[str], str] = _but_last) -> _Scheme:
    """A base of one digit or more, at most 25 with its check digits, printed as it stands."""
    checks = len(add_check("1")) - 1
    most = 25 - checks
    whole = re.compile(rf"[0-9]{{{checks},24}}[0-9-]")
    return _Scheme(_digits(1, most), whole, add_check, base_of, _as_is, _as_is, f"1 to {most} digits")


_SCHEMES = {
    "fi_731": _national(4),
    "ee_731": _national(2),
    "rf": _Scheme(
        re.compile(r"[A-Z0-9]{1,21}"),
        _RF,
        check_digits.with_rf,
        _but_rf,
        _fours,
        _as_is,
        "1 to 21 letters and digits",
    ),
    "se_ocr": _plain(check_digits.with_luhn),
    "se_ocr_length": _plain(check_digits.with_length_and_luhn, _but_last_two),
    "no_kid_mod10": _plain(check_digits.with_luhn),
    "no_kid_mod11": _plain(check_digits.with_mod11),
    "dk_fik_71": _Scheme(
        _digits(1, 14),
        _digits(15, 15),
        check_digits.with_fik,
        _but_last,
        _as_is,
        _fik_padded,
        "1 to 14 digits",
    ),
    "nl_16": _Scheme(
        _digits(15, 15),
        _digits(16, 16),
        check_digits.with_dutch,
        _but_first,
        _as_is,
        _as_is,
        "exactly 15 digits",
    ),
}

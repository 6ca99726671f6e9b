"""Amounts as text, with either decimal sign. What a text may mean is kept apart from what it does mean."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

COMMA, POINT = ",", "."

_SPACES = str.maketrans(dict.fromkeys("\u00a0\u2007\u2009\u202f'’", " "))
_DASHES = str.maketrans(dict.fromkeys("−–", "-"))
_CURRENCY_WORDS = {
    "€": frozenset({"EUR"}),
    "EURO": frozenset({"EUR"}),
    "EUROA": frozenset({"EUR"}),
    "£": frozenset({"GBP"}),
    "KR": frozenset({"SEK", "NOK", "DKK", "ISK"}),
}
_WORD = r"€|£|\$|euroa?|kr\.?|[a-z]{3}"
_SHAPE = re.compile(
    rf"(?P<open>\()?(?P<sign>-)? ?(?P<before>{_WORD})? ?(?P<inner>-)?(?P<body>[0-9][0-9 .,]*?)"
    rf"(?:[,.:]-)?(?P<after>-)? ?(?P<behind>{_WORD})?(?P<close>\))?",
    re.IGNORECASE,
)
_WHOLE = r"([0-9]+|[1-9][0-9]{{0,2}}(?:{group}[0-9]{{3}})+|[1-9][0-9]{{0,2}}(?: [0-9]{{3}})+)"
_COMMA_FORM = re.compile(_WHOLE.format(group=r"\.") + r"(?:,([0-9]+))?")
_POINT_FORM = re.compile(_WHOLE.format(group=",") + r"(?:\.([0-9]+))?")


@dataclass(frozen=True, slots=True)
class AmountText:
    """The plain decimal ("-1234.50") a text stands for if the decimal sign is a comma, or a point.

    `currencies` are the codes its currency sign allows, or None when it has no sign.
    """

    by_comma: str | None
    by_point: str | None
    currencies: frozenset[str] | None = None

    @property
    def is_ambiguous(self) -> bool:
        return None not in {self.by_comma, self.by_point} and self.by_comma != self.by_point

    def plain(self, mark: str | None) -> str | None:
        """The one decimal it means, given the column's decimal sign; None while that is unknown."""
        if self.is_ambiguous:
            return {COMMA: self.by_comma, POINT: self.by_point, None: None}[mark]
        return self.by_comma if self.by_comma is not None else self.by_point


def read_amount(text: str) -> AmountText | None:
    """Read one cleaned cell ("1 234,50 €", "(12.50)", "EUR 1.234"); None when it is no amount at all."""
    match = _SHAPE.fullmatch(text.translate(_SPACES).translate(_DASHES).strip())
    if match is None or bool(match["open"]) != bool(match["close"]):
        return None
    signs = [match[name] for name in ("open", "sign", "inner", "after") if match[name]]
    if len(signs) > 1:
        return None
    words = {word.upper().rstrip(".") for word in (match["before"], match["behind"]) if word}
    body = match["body"].strip()
    by_comma, by_point = _decimal(_COMMA_FORM, body), _decimal(_POINT_FORM, body)
    if by_comma is None and by_point is None:
        return None
    sign = "-" if signs else ""
    return AmountText(
        by_comma=None if by_comma is None else sign + by_comma,
        by_point=None if by_point is None else sign + by_point,
        currencies=_currencies(words),
    )


def decimal_mark(amounts: Iterable[AmountText]) -> str | None:
    """The column's decimal sign, if the amounts that show one all show the same."""
    marks = set()
    for amount in amounts:
        if amount.by_point is None:
            marks.add(COMMA)
        elif amount.by_comma is None:
            marks.add(POINT)
    return marks.pop() if len(marks) == 1 else None


def currency_codes(word: str) -> frozenset[str]:
    """The ISO 4217 codes a currency word or sign may stand for; itself when it is not a known word."""
    return _CURRENCY_WORDS.get(word.upper().rstrip("."), frozenset({word.upper()}))


def _currencies(words: set[str]) -> frozenset[str] | None:
    if not words:
        return None
    return frozenset.intersection(*(currency_codes(word) for word in words))


def _decimal(form: re.Pattern[str], body: str) -> str | None:
    match = form.fullmatch(body)
    if match is None:
        return None
    whole = re.sub(r"[^0-9]", "", match[1])
    return f"{whole}.{match[2]}" if match[2] else whole

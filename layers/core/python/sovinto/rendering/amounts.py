"""Money, dates and machine-written details the way people of each language write them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, get_currency_symbol, get_decimal_symbol

from sovinto.domain.money import Money, exponent
from sovinto.errors import InvalidInput

LANGUAGES = ("fi", "sv", "en")
_LOCALES = {"fi": "fi_FI", "sv": "sv_FI", "en": "en_GB"}
_DATE_PATTERNS = {"fi": "d.M.y", "sv": "d.M.y", "en": "d MMM y"}
_MONEY_PATTERNS = {
    "fi": "#,##0.00\u00a0¤;−#,##0.00\u00a0¤",
    "sv": "#,##0.00\u00a0¤;−#,##0.00\u00a0¤",
    "en": "¤#,##0.00;−¤#,##0.00",
}
_DECIMAL = re.compile(r"-?\d+\.\d+")
_RANGE = re.compile(r"(\d{4}-\d\d-\d\d) (?:to|–|-) (\d{4}-\d\d-\d\d)")
_ISO_DATE = re.compile(r"\b\d{4}-\d\d-\d\d\b")
_PERCENT = re.compile(r"\b(\d{1,3}(?:\.\d+)?) ?%")
_SECTION = re.compile(r"\d+(?: [a-z])? §(?: \d+ mom)?")
_DAYS = {"fi": "pv", "sv": "dagar", "en": "days"}


def locale_of(language: str) -> str:
    """The Babel locale of a language of ours. Raises InvalidInput for any other language."""
    if language not in _LOCALES:
        raise InvalidInput(
            f"language {language!r} has no texts; use one of {', '.join(LANGUAGES)}", field="language"
        )
    return _LOCALES[language]


def money_text(amount: Money, language: str) -> str:
    """An amount for people: "1 234,50 €" (fi, sv), "€1,234.50" or "NOK 1,234.50" (en). Exact: minor
    units never pass through a float."""
    locale = locale_of(language)
    pattern = _MONEY_PATTERNS[language]
    if get_currency_symbol(amount.currency, locale=locale).isalpha():
        # A code is a word: it does not stick to the figure as a sign does.
        pattern = pattern.replace("¤#", "¤\u00a0#")
    if exponent(amount.currency) == 0:
        pattern = pattern.replace(".00", "")
    return format_currency(
        Decimal(amount.decimal()), amount.currency, pattern, locale=locale, currency_digits=False
    )


def date_text(day: date, language: str) -> str:
    """A date for people: 31.12.2025 (fi, sv) or 31 Dec 2025 (en)."""
    return format_date(day, _DATE_PATTERNS[language], locale=locale_of(language))


def percent_text(value: str, language: str) -> str:
    """A plain decimal percentage ("10.5") for people ("10,5 %" or "10.5%")."""
    number = format_decimal(Decimal(value), "0.##", locale=locale_of(language))
    return f"{number}%" if language == "en" else f"{number}\u00a0%"


def detail_text(detail: str, language: str) -> str:
    """A language-neutral detail ("10.5 %, 2025-03-16 to 2025-06-30") for people.

    Both days of a range count, as in the interest rule itself; what is neither a percentage nor a
    date is left as it stands.
    """
    locale_of(language)
    text = _PERCENT.sub(lambda match: percent_text(match[1], language), detail)
    text = _RANGE.sub(lambda match: _range_text(match[1], match[2], language), text)
    return _ISO_DATE.sub(lambda match: _day_or_same(match[0], language), text)


def figure_text(value: str, language: str) -> str:
    """One input of an explanation: a plain decimal ("3.078082") gets the decimal mark of the language
    and keeps every digit; a date or anything else goes as a detail does."""
    locale = locale_of(language)
    if _DECIMAL.fullmatch(value):
        return value.replace(".", get_decimal_symbol(locale))
    return detail_text(value, language)


def _range_text(first: str, last: str, language: str) -> str:
    try:
        start, end = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return f"{first} – {last}"
    days = (end - start + timedelta(days=1)).days
    return f"{date_text(start, language)}–{date_text(end, language)} ({days}\u00a0{_DAYS[language]})"


def _day_or_same(text: str, language: str) -> str:
    try:
        return date_text(date.fromisoformat(text), language)
    except ValueError:
        return text


def statute_text(statute: str) -> str:
    """A citation that never breaks inside its section: "10 a §" stays on one line."""
    return _SECTION.sub(lambda match: match[0].replace(" ", "\u00a0"), statute)


def grouped(text: str, size: int = 4) -> str:
    """A code in groups people can copy: IBAN, access code ("ABCD EFGH")."""
    plain = "".join(character for character in text if character.isalnum())
    return " ".join(plain[at : at + size] for at in range(0, len(plain), size))


def reference_text(reference: str) -> str:
    """A payment reference as banks print it: RF in fours from the left, others in fives from the right."""
    plain = "".join(reference.split())
    if plain[:2].isalpha():
        return grouped(plain)
    head = len(plain) % 5
    parts = [plain[:head]] if head else []
    return " ".join(parts + [plain[at : at + 5] for at in range(head, len(plain), 5)])

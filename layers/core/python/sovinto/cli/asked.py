"""What people type, read into values: a refusal is one sentence with the option and the way out."""

from __future__ import annotations

import argparse
import re
from datetime import date
from typing import NoReturn
from zoneinfo import ZoneInfo

from sovinto.adapters.system import real_now
from sovinto.countries import countries, load_pack
from sovinto.domain.debtor import DebtorType
from sovinto.domain.law.model import Pack
from sovinto.domain.money import Money, exponent
from sovinto.errors import InvalidInput

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Days that a debt can be about; they leave room for every period that is counted from them.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
_NO_VALUE = re.compile(r"argument (--[a-z-]+): expected one argument")


class CommandParser(argparse.ArgumentParser):
    """As argparse, but an option without its value is a refusal like any other bad value, not usage."""

    def error(self, message: str) -> NoReturn:
        absent = _NO_VALUE.fullmatch(message)
        if absent is None:
            super().error(message)
        raise InvalidInput(
            f"{absent[1]} has no value, or one that begins with a hyphen; write it as {absent[1]}=VALUE."
        )


def pack_asked(country: str | None, option: str = "--country") -> Pack:
    """The pack of a country, in upper or lower case. Raises InvalidInput for one without a pack."""
    known = ", ".join(countries())
    if country is None:
        raise InvalidInput(
            f"{option} is missing: its law decides; give one of {known}.", field=_field(option)
        )
    if not country.isascii() or country.upper() not in countries():
        raise InvalidInput(
            f"{option} {country!r} is no country with a pack; use one of {known}.", field=_field(option)
        )
    return load_pack(country.upper())


def debtor_asked(text: str | None, option: str = "--debtor") -> DebtorType:
    """Raises InvalidInput where it is missing or unknown."""
    known = " or ".join(kind.value for kind in DebtorType)
    if text is None:
        raise InvalidInput(
            f"{option} is missing: the law differs by debtor; give {known}.", field=_field(option)
        )
    text = text.lower()
    if text not in {kind.value for kind in DebtorType}:
        raise InvalidInput(f"{option} {text!r} is no kind of debtor; use {known}.", field=_field(option))
    return DebtorType(text)


def served_debtor_asked(text: str | None, pack: Pack, option: str = "--debtor") -> DebtorType:
    """A kind of debtor that the pack is for. Raises InvalidInput."""
    debtor_type = debtor_asked(text, option)
    if debtor_type not in pack.ladders:
        served = " and ".join(sorted(pack.ladders))
        raise InvalidInput(
            f"{option} {debtor_type.value} is not served in {pack.country}: its pack takes {served} "
            f"debtors only; use {option} {served}.",
            field=_field(option),
        )
    return debtor_type


def currency_asked(text: str | None, pack: Pack) -> str:
    """The country's currency. Raises InvalidInput for another one."""
    if text is not None and text.upper() != pack.currency:
        raise InvalidInput(
            f"--currency {text!r} is not the currency of {pack.country}, whose tariffs are in "
            f"{pack.currency}; give {pack.currency} or leave --currency out.",
            field="currency",
        )
    return pack.currency


def amount_asked(text: str | None, currency: str, option: str = "--principal") -> Money:
    """An amount above zero. Raises InvalidInput."""
    decimals = exponent(currency)
    shape = (
        f"with at most {decimals} decimals after a point, such as 120.50"
        if decimals
        else "without decimals"
    )
    way = f"give a number above zero {shape}."
    if text is None:
        raise InvalidInput(f"{option} is missing; {way}", field=_field(option))
    try:
        amount = Money.parse(text, currency)
    except InvalidInput as wrong:
        raise InvalidInput(
            f"{option} {text!r} is not an amount in {currency}; {way}", field=_field(option)
        ) from wrong
    if amount.minor <= 0:
        raise InvalidInput(f"{option} {text!r} must be above zero; {way}", field=_field(option))
    return amount


def day_asked(text: str | None, option: str) -> date:
    """A day as YYYY-MM-DD. Raises InvalidInput where it is missing, malformed or out of range."""
    way = "give a day as YYYY-MM-DD, such as 2026-01-31."
    if text is None:
        raise InvalidInput(f"{option} is missing; {way}", field=_field(option))
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise InvalidInput(f"{option} {text!r} is no day of the calendar; {way}", field=_field(option))
    if not FIRST_DAY <= day <= LAST_DAY:
        raise InvalidInput(
            f"{option} {text!r} must lie between {FIRST_DAY} and {LAST_DAY}; give a day in between.",
            field=_field(option),
        )
    return day


def day_or_today(text: str | None, option: str, pack: Pack) -> date:
    """The day given, else today where the country's clocks stand. Raises InvalidInput."""
    if text is None:
        return real_now().astimezone(ZoneInfo(pack.zone)).date()
    return day_asked(text, option)


def _field(option: str) -> str:
    return option.removeprefix("--").lower()

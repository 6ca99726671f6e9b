"""What a caller asks for, checked: unknown or ill-formed parameters are refused by name."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from infra.local.sandbox.errors import ApiError, invalid

_CURRENCY = re.compile(r"[A-Z]{3}")
_LOCALE = re.compile(r"[a-z]{2}(-[A-Z]{2})?")
_MAX_AMOUNT = 99_999_999
_A_DAY = 86_400

Fields = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class SessionWish:
    """A payment page to open; `reference` is the merchant's own payment id."""

    amount_minor: int
    currency: str
    reference: str
    description: str
    success_url: str
    cancel_url: str
    locale: str
    expires_after_seconds: int


@dataclass(frozen=True, slots=True)
class RefundWish:
    """Without an amount all that is left is given back."""

    session_id: str
    amount_minor: int | None


def fields_of(body: bytes, known: set[str]) -> Fields:
    """The JSON object of a request, with no other names than `known`. Raises ApiError 400 or 422."""
    try:
        value = json.loads(body or b"{}")
    except (ValueError, RecursionError) as error:
        raise ApiError(400, "not_json", "the body is not JSON in UTF-8") from error
    if not isinstance(value, dict):
        raise ApiError(400, "not_json", "the body is not a JSON object")
    unknown = sorted(set(value) - known)
    if unknown:
        raise invalid(unknown[0][:100], f"is not known here; use {', '.join(sorted(known))}")
    return value


def session_wish(body: bytes) -> SessionWish:
    """Raises ApiError naming the parameter at fault."""
    fields = fields_of(body, set(SessionWish.__slots__))
    return SessionWish(
        amount_minor=whole(fields, "amount_minor", 1, _MAX_AMOUNT),
        currency=_matching(fields, "currency", _CURRENCY, "must be three capital letters"),
        reference=text(fields, "reference", 100),
        description=text(fields, "description", 500),
        success_url=_web_address(fields, "success_url"),
        cancel_url=_web_address(fields, "cancel_url"),
        locale=_matching(
            {"locale": "en"} | dict(fields), "locale", _LOCALE, 'must look like "fi" or "sv-FI"'
        ),
        expires_after_seconds=whole(
            {"expires_after_seconds": _A_DAY} | dict(fields), "expires_after_seconds", 1, 7 * _A_DAY
        ),
    )


def refund_wish(body: bytes) -> RefundWish:
    """Raises ApiError naming the parameter at fault."""
    fields = fields_of(body, set(RefundWish.__slots__))
    amount = whole(fields, "amount_minor", 1, _MAX_AMOUNT) if "amount_minor" in fields else None
    return RefundWish(text(fields, "session_id", 100), amount)


def payout_currency(body: bytes) -> str | None:
    """The one currency to pay out, or None for the only one there is."""
    fields = fields_of(body, {"currency"})
    if "currency" not in fields:
        return None
    return _matching(fields, "currency", _CURRENCY, "must be three capital letters")


def whole(fields: Fields, name: str, least: int, most: int) -> int:
    value = fields.get(name)
    if type(value) is not int or not least <= value <= most:
        raise invalid(name, f"must be a whole number from {least} to {most}")
    return value


def text(fields: Fields, name: str, longest: int) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= longest or not value.isprintable():
        raise invalid(name, f"must be 1 to {longest} printable characters")
    return value


def switch(fields: Fields, name: str) -> bool:
    value = fields.get(name)
    if not isinstance(value, bool):
        raise invalid(name, "must be true or false")
    return value


def _matching(fields: Fields, name: str, pattern: re.Pattern[str], rule: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise invalid(name, rule)
    return value


def _web_address(fields: Fields, name: str) -> str:
    """http or https with a host and no quotes or spaces: it goes into a Location header and a CSP."""
    value = text(fields, name, 2000)
    try:
        parts = urlsplit(value)
        is_web = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_web = False
    if not is_web or not value.isascii() or set(value) & set(" \"'<>\\;,"):
        raise invalid(name, "must be an absolute http or https address")
    return value

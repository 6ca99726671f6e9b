"""A short session in a signed cookie, and the token that proves a form is ours."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from hashlib import sha256

from aws_lambda_powertools.shared.cookies import Cookie, SameSite

from sovinto.errors import NotAllowed

SECONDS = 30 * 60


def sign(secret: bytes, subject: str, *, now: int, seconds: int = SECONDS) -> str:
    """`subject.expiry.mac`; the subject is an id."""
    expires = now + seconds
    return f"{subject}.{expires}.{_mac(secret, 'session', subject, str(expires))}"


def read(secret: bytes, cookie: str, *, now: int) -> str | None:
    """The subject, or None where the cookie is forged, malformed or over."""
    subject, _, rest = cookie.partition(".")
    expires, _, mac = rest.partition(".")
    if not expires.isdigit() or not _same(mac, _mac(secret, "session", subject, expires)):
        return None
    return subject if int(expires) > now else None


def form_token(secret: bytes, bound_to: str) -> str:
    """Bound to the session (or the link before there is one), so that no other site can make it."""
    return _mac(secret, "form", bound_to)


def check_form(secret: bytes, bound_to: str, given: str) -> None:
    """Raises NotAllowed."""
    if not _same(given, form_token(secret, bound_to)):
        raise NotAllowed("this form is too old; open the page again", field="csrf")


def cookie(name: str, value: str, *, path: str, is_secure: bool, seconds: int = SECONDS) -> Cookie:
    """Out of reach of scripts and of other sites' posts."""
    return Cookie(
        name,
        value,
        path=path,
        max_age=seconds,
        secure=is_secure,
        http_only=True,
        same_site=SameSite.LAX_MODE,
    )


def find(cookies: Sequence[str], header: str, name: str) -> str:
    """The value of a cookie of the request; empty where it is absent.

    API Gateway gives cookies as a list (payload 2.0); other front ends leave them in the header.
    """
    for pair in (*cookies, header):
        for part in pair.split(";"):
            key, _, value = part.strip().partition("=")
            if key == name:
                return value
    return ""


def _mac(secret: bytes, *parts: str) -> str:
    return hmac.new(secret, "\x1f".join(parts).encode(), sha256).hexdigest()


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())

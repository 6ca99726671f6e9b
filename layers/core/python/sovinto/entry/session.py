"""A short session in a signed cookie, and what proves that a posted form is ours."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from hashlib import sha256

from aws_lambda_powertools.shared.cookies import Cookie, SameSite

from sovinto.errors import NotAllowed

SECONDS = 30 * 60
FORM_SECONDS = 2 * 60 * 60


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


def form_token(secret: bytes, bound_to: str, *, now: int) -> str:
    """`expiry.mac`, bound to the session (or to what stands for it before there is one)."""
    expires = str(now + FORM_SECONDS)
    return f"{expires}.{_mac(secret, 'form', bound_to, expires)}"


def check_form(secret: bytes, bound_to: str, given: str, *, now: int) -> None:
    """Raises NotAllowed where the token is forged, bound to something else or over."""
    expires, _, mac = given.partition(".")
    is_ours = _same(mac, _mac(secret, "form", bound_to, expires))
    if not is_ours or not expires.isdecimal() or int(expires) <= now:
        raise NotAllowed("this form is too old; open the page again", field="csrf")


def check_site(headers: Mapping[str, str], home: str) -> None:
    """Refuse a form that another site posts. `home` is scheme and host of our pages.

    Browsers tell by Sec-Fetch-Site (Fetch Metadata); those that do not, by Origin, which is "null"
    where the page that posts names no referrer, as ours do. The token is checked besides.
    Raises NotAllowed.
    """
    site, origin = headers.get("sec-fetch-site", ""), headers.get("origin", "")
    is_foreign = site not in ("same-origin", "none") if site else origin not in ("", "null", home)
    if is_foreign:
        raise NotAllowed("this form was sent from another site; open the page itself", field="csrf")


def visitor_of(cookie: str) -> str | None:
    """The random name of a browser that is not signed in, or None where the cookie holds none."""
    return cookie if cookie.startswith("pre_") and cookie[4:].isalnum() else None


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

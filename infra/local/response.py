"""What every local page and API answers, whoever serves it (the front door, a test)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl


@dataclass(frozen=True, slots=True)
class Response:
    """Status, headers and bytes; Content-Length is left to the server."""

    status: int
    headers: dict[str, str]
    body: bytes


def json_response(status: int, value: object, extra: Mapping[str, str] | None = None) -> Response:
    headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
    return Response(status, headers | dict(extra or {}), json.dumps(value).encode())


def html_response(status: int, text: str, *, form_targets: str = "'self'") -> Response:
    """A page without scripts. `form_targets` are the CSP sources its forms may post or redirect to."""
    policy = (
        "default-src 'none'; style-src 'self'; img-src data:; frame-src 'self'; base-uri 'none'; "
        f"form-action {form_targets}"
    )
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(status, headers, text.encode())


def see_other(url: str) -> Response:
    return Response(303, {"Location": url, "Cache-Control": "no-store"}, b"")


def parameters(query: str) -> dict[str, str]:
    """The query string as a mapping; of a repeated name the last value counts, too many are none."""
    try:
        return dict(parse_qsl(query, max_num_fields=50))
    except ValueError:
        return {}

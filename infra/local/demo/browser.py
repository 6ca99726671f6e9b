"""A debtor's phone and a client's computer, as far as the demo needs them: pages, forms, cookies."""

from __future__ import annotations

import http.client
import json
import re
from html import unescape
from typing import Any
from urllib.parse import urlencode, urlsplit

_CSRF = re.compile(r'name="csrf" value="([^"]+)"')
_ACTION = re.compile(r'<form[^>]*action="([^"]+)"')
SECONDS = 60


class PageRefused(RuntimeError):
    """The page did not do what a person would expect of it."""


class Browser:
    """Keeps cookies, follows redirects on the same host."""

    def __init__(self, base_url: str, headers: dict[str, str] | None = None) -> None:
        self._base = base_url
        self._headers = headers or {}
        self._cookies: dict[str, str] = {}

    def get(self, path: str) -> str:
        return self._follow("GET", path, None)

    def post(self, path: str, fields: dict[str, str]) -> str:
        return self._follow("POST", path, urlencode(fields).encode())

    def submit(self, path: str, fields: dict[str, str]) -> tuple[int, str]:
        """Status and page of a form that may be refused; redirects are not followed."""
        body = urlencode(fields).encode()
        status, _, text = self._once("POST", path, body, "application/x-www-form-urlencoded")
        return status, text

    def api(self, method: str, path: str, body: Any = None, *, key: str = "") -> Any:
        """JSON in, JSON out; `key` makes it one request however often it is sent. Raises PageRefused for an
        answer of 400 or more."""
        data = json.dumps(body).encode() if body is not None else None
        status, _, text = self._once(method, path, data, "application/json", key)
        if status >= 400:
            raise PageRefused(f"{method} {path}: {status} {text[:300]}")
        return json.loads(text)

    def _follow(self, method: str, path: str, body: bytes | None) -> str:
        for _ in range(6):
            status, location, text = self._once(method, path, body, "application/x-www-form-urlencoded")
            if status in (302, 303):
                method, path, body = "GET", location, None
                continue
            if status >= 400:
                raise PageRefused(f"{method} {path}: {status} {text[:200]}")
            return text
        raise PageRefused(f"{path} redirects in a circle")

    def _once(
        self, method: str, path: str, body: bytes | None, kind: str, key: str = ""
    ) -> tuple[int, str, str]:
        split = urlsplit(path if path.startswith("http") else self._base + path)
        connection = http.client.HTTPConnection(split.netloc, timeout=SECONDS)
        headers = {**self._headers, "Cookie": "; ".join(f"{k}={v}" for k, v in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = kind
        if key:
            headers["Idempotency-Key"] = key
        target = split.path + (f"?{split.query}" if split.query else "")
        try:
            connection.request(method, target, body, headers)
            answer = connection.getresponse()
            for cookie in answer.headers.get_all("Set-Cookie") or ():
                name, _, value = cookie.split(";")[0].partition("=")
                self._cookies[name.strip()] = value
            text = answer.read().decode("utf-8", "replace")
            return answer.status, answer.headers.get("Location", ""), text
        finally:
            connection.close()


def csrf_of(html: str) -> str:
    """The hidden token of the page's form."""
    match = _CSRF.search(html)
    if match is None:
        raise PageRefused("the page has no form")
    return unescape(match[1])


def action_of(html: str) -> str:
    match = _ACTION.search(html)
    if match is None:
        raise PageRefused("the page has no form")
    return unescape(match[1])

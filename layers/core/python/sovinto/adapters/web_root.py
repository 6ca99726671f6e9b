"""Where a provider's API may be: https, or plain http on this machine only."""

from __future__ import annotations

from urllib.parse import urlsplit

from sovinto.errors import InvalidInput

_LOCAL_HOSTS = ("localhost", "127.0.0.1")


def checked_root(url: str) -> str:
    """The root without its last slash. Raises InvalidInput: a key is never sent in the clear."""
    scheme, host = scheme_and_host(url)
    is_local = scheme == "http" and host in _LOCAL_HOSTS
    if not is_local and not (scheme == "https" and host):
        raise InvalidInput(
            f"gateway_url {url!r} must begin with https:// (http only on this machine)", field="gateway_url"
        )
    return url.rstrip("/")


def scheme_and_host(url: str) -> tuple[str, str]:
    """Both empty for what is no address at all."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    return parts.scheme, parts.hostname or ""


def is_web_address(url: str) -> bool:
    scheme, host = scheme_and_host(url)
    return scheme in {"http", "https"} and bool(host)

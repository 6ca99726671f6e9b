"""Signed webhooks: `t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`, in the manner of Stripe.

The time is inside the signed bytes, so that a recorded call cannot be replayed later. A header may
carry several `v1` parts: while a secret is rotated the provider signs with the old and the new one.
"""

from __future__ import annotations

import hmac
import re

from sovinto.errors import NotAllowed

_TIMESTAMP = re.compile(r"[0-9]{1,12}", re.ASCII)
_SIGNATURE = re.compile(r"[0-9a-f]{64}", re.ASCII)
_MAX_HEADER = 1024


def sign(secret: bytes, timestamp: int, body: bytes) -> str:
    """The header value for `body` sent at `timestamp` (unix seconds)."""
    return f"t={timestamp},v1={_digest(secret, timestamp, body)}"


def verify(secret: bytes, header: str, body: bytes, *, now: int, tolerance_seconds: int = 300) -> None:
    """Accept the body only if somebody who holds `secret` signed it within `tolerance_seconds` of `now`.

    `now` is real time in unix seconds, also on stages with a test clock: it guards the transport.
    Raises NotAllowed when a part is missing, no signature matches or the time is too far off.
    """
    timestamp, signatures = _parse(header)
    expected = _digest(secret, timestamp, body)
    matches = [hmac.compare_digest(expected, signature) for signature in signatures]
    if not any(matches):
        raise NotAllowed("the webhook signature does not match its body; check the webhook secret")
    if abs(now - timestamp) > tolerance_seconds:
        raise NotAllowed(
            f"the webhook was signed more than {tolerance_seconds} seconds away from now; "
            "check both clocks or send it again"
        )


def _digest(secret: bytes, timestamp: int, body: bytes) -> str:
    # An empty key is valid HMAC that anybody can compute: refuse rather than accept the whole world.
    if not secret:
        raise NotAllowed("the webhook secret is empty; set it before taking webhooks")
    return hmac.new(secret, str(timestamp).encode() + b"." + body, "sha256").hexdigest()


def _parse(header: str) -> tuple[int, tuple[str, ...]]:
    """The one time and every v1 signature; other schemes are left alone for later versions."""
    pairs = [part.strip().partition("=") for part in header[:_MAX_HEADER].split(",")]
    times = [value for name, _, value in pairs if name == "t" and _TIMESTAMP.fullmatch(value)]
    signatures = tuple(value for name, _, value in pairs if name == "v1" and _SIGNATURE.fullmatch(value))
    if len(times) != 1 or not signatures:
        raise NotAllowed("the webhook signature header must hold one time (t=) and a signature (v1=)")
    return int(times[0]), signatures

"""One HTTP call as the sandbox sees it, and what guards every API call: key, size, repetition."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from infra.local.response import Response
from infra.local.sandbox.errors import ApiError

_LONGEST_BODY = 65_536


@dataclass(frozen=True, slots=True)
class Call:
    """`headers` have lower-case names; `target` is the id in the path; times are unix seconds."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    real_now: int
    target: str = ""

    def now(self, drift: int = 0) -> int:
        """The caller's test clock (`Sandbox-Now`), or real time plus a session's drift.

        Raises ApiError 422.
        """
        told = self.headers.get("sandbox-now")
        if told is None:
            return self.real_now + drift
        if not (told.isascii() and told.isdigit() and len(told) <= 11):
            raise ApiError(422, "invalid_parameter", "Sandbox-Now must be unix seconds", "Sandbox-Now")
        return int(told)


def check_size(call: Call) -> None:
    if len(call.body) > _LONGEST_BODY:
        raise ApiError(413, "too_large", f"a body has at most {_LONGEST_BODY} bytes")


def check_key(call: Call, api_key: str) -> None:
    """Raises ApiError 401 unless the call carries `Authorization: Bearer <key>`."""
    given = call.headers.get("authorization", "").encode()
    if not hmac.compare_digest(given, f"Bearer {api_key}".encode()):
        raise ApiError(401, "unauthorised", "send Authorization: Bearer and the sandbox key")


class Repetitions:
    """Answers of calls that carried an Idempotency-Key: the same call again gets the same answer."""

    def __init__(self) -> None:
        self._answers: dict[str, tuple[str, Response]] = {}

    def once(self, call: Call, perform: Callable[[], Response]) -> Response:
        """Perform, or answer as before. Raises ApiError 409 for a key that came with another call."""
        key = call.headers.get("idempotency-key")
        if key is None:
            return perform()
        if not 0 < len(key) <= 255:
            raise ApiError(422, "invalid_parameter", "Idempotency-Key must be 1 to 255 characters")
        digest = sha256(f"{call.method} {call.path}\n".encode() + call.body).hexdigest()
        known = self._answers.get(key)
        if known is None:
            # A refusal is not kept: the caller may mend the call and use the key again.
            answer = perform()
            self._answers[key] = (digest, answer)
            return answer
        if known[0] != digest:
            raise ApiError(409, "idempotency_key_reused", "this Idempotency-Key came with another call")
        return replace(known[1], headers=known[1].headers | {"Idempotent-Replayed": "true"})

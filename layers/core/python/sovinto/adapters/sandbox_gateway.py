"""Card payments through the payment sandbox's HTTP API; a real provider gets an adapter of its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http.client import HTTPException
from typing import IO
from urllib.error import HTTPError
from urllib.parse import quote, urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from sovinto.domain.checkout import Checkout, CheckoutStatus, GatewayEvent, Refund, RefundState
from sovinto.domain.money import Money
from sovinto.errors import FormatRefused, InvalidInput, NotAllowed, UpstreamRefused, UpstreamUnavailable
from sovinto.formats import webhook_signature
from sovinto.formats.sandbox_event import JsonObject, read_event, read_object, read_status
from sovinto.ids import PaymentId

_MAX_ANSWER = 1_000_000
_LOCAL_HOSTS = ("localhost", "127.0.0.1")
_SESSIONS = "/v1/checkout/sessions"
_UNREADABLE = "the payment provider's answer cannot be read; try again"


class _NoRedirects(HTTPRedirectHandler):
    """A redirect would carry our key to wherever it points: treat it as a refusal."""

    def redirect_request(self, *_: object) -> None:
        return None


_OPENER = build_opener(_NoRedirects(), ProxyHandler({}))


@dataclass(frozen=True, slots=True)
class SandboxGateway:
    """The `Gateway` port over HTTP.

    `base_url` is the API's root (".../sandbox"); https, or http on this machine. `now` (unix seconds)
    is passed on stages with a test clock, so that the provider dates what it does as we do.
    Raises InvalidInput for another base_url.
    """

    base_url: str
    api_key: str = field(repr=False)
    now: Callable[[], int] | None = None
    timeout_seconds: float = 10
    webhook_secret: bytes = field(default=b"", repr=False)
    real_now: Callable[[], datetime] | None = None

    def __post_init__(self) -> None:
        scheme, host = _scheme_and_host(self.base_url)
        is_local = scheme == "http" and host in _LOCAL_HOSTS
        if not is_local and not (scheme == "https" and host):
            raise InvalidInput(
                f"gateway_url {self.base_url!r} must begin with https:// (http only on this machine)",
                field="gateway_url",
            )

    def create_checkout(
        self,
        *,
        payment_id: PaymentId,
        amount: Money,
        description: str,
        success_url: str,
        cancel_url: str,
        language: str,
        idempotency_key: str,
        expires_at: datetime | None = None,  # noqa: ARG002 - the sandbox's pages are open for a day
    ) -> Checkout:
        """Open a payment page. The same `idempotency_key` gives the same page, so a retry is safe.

        Raises UpstreamUnavailable (try again) or UpstreamRefused (will be refused again).
        """
        wish: JsonObject = {
            "amount_minor": amount.minor,
            "currency": amount.currency,
            "reference": payment_id,
            "description": description,
            "success_url": success_url,
            "cancel_url": cancel_url,
            "locale": language,
        }
        answer = self._call("POST", _SESSIONS, wish, {"Idempotency-Key": idempotency_key})
        status = _status(answer)
        checkout_id, url = answer.get("id"), answer.get("url")
        if status.amount != amount or status.reference != payment_id:
            raise UpstreamRefused(
                f"the payment provider opened a page for another payment than {payment_id}; "
                "use a new idempotency key"
            )
        if not isinstance(checkout_id, str) or not isinstance(url, str) or not _is_web_address(url):
            raise UpstreamUnavailable("the payment provider's answer holds no page address; try again")
        return Checkout(checkout_id, url)

    def find_checkout(self, checkout_id: str) -> CheckoutStatus:
        """How a checkout stands now. Raises as `create_checkout`; UpstreamRefused if it is unknown."""
        answer = self._call("GET", f"{_SESSIONS}/{quote(checkout_id, safe='')}")
        return _status(answer)

    def order_refund(self, checkout_id: str, amount: Money, *, idempotency_key: str) -> Refund:
        """Give back a part of what was paid, once per key. Raises as `create_checkout`."""
        wish: JsonObject = {"session_id": checkout_id, "amount_minor": amount.minor}
        answer = self._call("POST", "/v1/refunds", wish, {"Idempotency-Key": idempotency_key})
        refund_id = answer.get("id")
        if not isinstance(refund_id, str):
            raise UpstreamUnavailable(_UNREADABLE)
        return Refund(refund_id, RefundState.DONE, amount)

    def read_event(self, body: bytes, headers: Mapping[str, str]) -> GatewayEvent | None:
        """Prove and read one webhook by the real clock. Raises NotAllowed, FormatRefused."""
        if self.real_now is None:
            raise NotAllowed("webhooks are not taken without the real clock")
        given = {name.lower(): value for name, value in headers.items()}.get("sandbox-signature", "")
        now = int(self.real_now().timestamp())
        return self.parse_event(body, given, secret=self.webhook_secret, now=now)

    @staticmethod
    def parse_event(body: bytes, signature: str, *, secret: bytes, now: int) -> GatewayEvent:
        """Prove and read one webhook; `now` is real time in unix seconds.

        Raises NotAllowed when the signature does not prove the body, FormatRefused for another shape.
        """
        webhook_signature.verify(secret, signature, body, now=now)
        return read_event(body)

    def _call(
        self, method: str, path: str, wish: JsonObject | None = None, extra: Mapping[str, str] | None = None
    ) -> JsonObject:
        request = Request(  # noqa: S310 - the scheme was checked in __post_init__
            self.base_url.rstrip("/") + path,
            data=None if wish is None else json.dumps(wish).encode(),
            headers=self._headers() | dict(extra or {}),
            method=method,
        )
        try:
            with _OPENER.open(request, timeout=self.timeout_seconds) as response:
                body = response.read(_MAX_ANSWER)
        except HTTPError as error:
            with error:
                raise _failure(error.code, error) from error
        except (OSError, HTTPException) as error:
            raise UpstreamUnavailable("the payment provider did not answer in time; try again") from error
        try:
            return read_object(body)
        except FormatRefused as error:
            raise UpstreamUnavailable(_UNREADABLE) from error

    def _headers(self) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {self.api_key}", "Content-Type": "application/json"}
        return headers if self.now is None else headers | {"Sandbox-Now": str(self.now())}


def _status(answer: JsonObject) -> CheckoutStatus:
    """An answer that makes no sense is a provider in trouble, not a mistake of our caller."""
    try:
        return read_status(answer)
    except FormatRefused as error:
        raise UpstreamUnavailable(_UNREADABLE) from error


def _failure(status: int, body: IO[bytes]) -> UpstreamUnavailable | UpstreamRefused:
    if status == 429 or status >= 500:
        return UpstreamUnavailable(f"the payment provider is not available (status {status}); try again")
    return UpstreamRefused(f"the payment provider refused (status {status}): {_reason(body)}")


def _reason(body: IO[bytes]) -> str:
    """The provider's own sentence, shortened; it may be absent or no JSON at all."""
    try:
        error = read_object(body.read(_MAX_ANSWER)).get("error")
    except (FormatRefused, OSError, HTTPException):
        error = None
    message = error.get("message") if isinstance(error, dict) else None
    return message[:300] if isinstance(message, str) and message else "no reason given"


def _is_web_address(url: str) -> bool:
    scheme, host = _scheme_and_host(url)
    return scheme in {"http", "https"} and bool(host)


def _scheme_and_host(url: str) -> tuple[str, str]:
    """Both empty for what is no address at all."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    return parts.scheme, parts.hostname or ""

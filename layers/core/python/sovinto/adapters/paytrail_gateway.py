"""Finnish online banks and cards at Paytrail's hosted page; every call and every answer is signed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from http.client import HTTPException
from secrets import token_hex
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import parse_qsl, quote, urlencode
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from sovinto.adapters.web_root import checked_root, is_web_address
from sovinto.domain.checkout import Checkout, CheckoutStatus, GatewayEvent, Refund, RefundState
from sovinto.domain.money import Money
from sovinto.errors import (
    FormatRefused,
    InvalidInput,
    NotAllowed,
    OutcomeUnknown,
    SovintoError,
    UpstreamRefused,
    UpstreamUnavailable,
)
from sovinto.formats import paytrail_message
from sovinto.formats.json_fields import JsonObject, text, text_or_none
from sovinto.formats.paytrail_message import CURRENCY, REFUND_OF, REPORT_FIELDS
from sovinto.ids import PaymentId

PAGES = ("https://services.paytrail.com", "https://pay.paytrail.com")
_MAX_ANSWER = 1_000_000
_MAX_CALLBACK = 8_192
_LANGUAGES = {"fi": "FI", "sv": "SV"}
_UNREADABLE = "the payment provider's answer cannot be read; try again"


class _NoRedirects(HTTPRedirectHandler):
    """A redirect would carry our signed call to wherever it points: treat it as a refusal."""

    def redirect_request(self, *_: object) -> None:
        return None


_OPENER = build_opener(_NoRedirects(), ProxyHandler({}))


@dataclass(frozen=True, slots=True)
class PaytrailGateway:
    """The `PaymentGateway` port: `account` is the merchant id, `secret` its key, `callback_url` ours.

    `contact_email` goes with every payment, because Paytrail asks for one: ours, not the debtor's, whose
    address is no business of the page. `now` is the real clock.
    """

    account: str
    secret: str = field(repr=False)
    callback_url: str
    contact_email: str
    now: Callable[[], datetime]
    base_url: str
    timeout_seconds: float = 10
    algorithm: str = "sha256"

    def __post_init__(self) -> None:
        checked_root(self.base_url)

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
        expires_at: datetime | None = None,  # noqa: ARG002 - Paytrail has no such field
    ) -> Checkout:
        """Open a page; `idempotency_key` is the payment's stamp, so that a call may be repeated.

        Raises InvalidInput for another currency than EUR, UpstreamUnavailable
        (try again) or UpstreamRefused (will be refused again).
        """
        if amount.currency != CURRENCY:
            raise InvalidInput(f"Paytrail takes {CURRENCY} only, not {amount.currency}", field="amount")
        wish = {
            "stamp": idempotency_key,
            "reference": payment_id,
            "amount": amount.minor,
            "currency": CURRENCY,
            "language": _LANGUAGES.get(language, "EN"),
            "description": description,
            "customer": {"email": self.contact_email},
            "redirectUrls": {"success": success_url, "cancel": cancel_url},
            "callbackUrls": self._callbacks(),
        }
        answer = self._call("POST", "/payments", wish)
        try:
            transaction, url = text(answer, "transactionId"), text(answer, "href")
        except FormatRefused as error:
            raise UpstreamUnavailable(_UNREADABLE) from error
        if not is_web_address(url):
            raise UpstreamUnavailable("the payment provider's answer holds no page address; try again")
        return Checkout(transaction, url)

    def find_checkout(self, checkout_id: str) -> CheckoutStatus:
        """How a payment stands now. Raises as `create_checkout`; UpstreamRefused if it is unknown."""
        answer = self._call("GET", f"/payments/{quote(checkout_id, safe='')}", transaction=checkout_id)
        try:
            return paytrail_message.read_status(answer)
        except FormatRefused as error:
            raise UpstreamUnavailable(_UNREADABLE) from error

    def order_refund(self, checkout_id: str, amount: Money, *, idempotency_key: str) -> Refund:
        """Give back a part of what was paid; the key is the refund's stamp.

        Paytrail does not promise to know a stamp again, so no answer is OutcomeUnknown: the callback or the
        settlement tells. Raises also UpstreamUnavailable (it did not arrive) and UpstreamRefused.
        """
        paid = self.find_checkout(checkout_id)
        wish = {
            "amount": amount.minor,
            "refundStamp": idempotency_key,
            "refundReference": f"{REFUND_OF}{paid.reference}",
            "callbackUrls": self._callbacks(),
        }
        path = f"/payments/{quote(checkout_id, safe='')}/refund"
        answer = self._call("POST", path, wish, transaction=checkout_id, is_repeatable=False)
        states = {"ok": RefundState.DONE, "pending": RefundState.PENDING, "fail": RefundState.FAILED}
        return Refund(
            idempotency_key, states.get(text_or_none(answer, "status"), RefundState.PENDING), amount
        )

    def order_reports(self, since: date) -> tuple[str, ...]:
        """Ask for the report of each settlement made after `since`; they come to `callback_url` by POST.

        The bank references of those asked for. Raises as `find_checkout`.
        """
        query = urlencode({"startDate": since.isoformat(), "limit": 100})
        asked: list[str] = []
        for settlement in self._settlements(query):
            wish = {"requestType": "json", "callbackUrl": self.callback_url, "reportFields": REPORT_FIELDS}
            self._send("POST", f"/settlements/{settlement['id']}/payments/report", _body(wish), "")
            asked.append(text_or_none(settlement, "settlementReference"))
        return tuple(asked)

    def _settlements(self, query: str) -> list[JsonObject]:
        found = _json(self._send("GET", f"/settlements?{query}", b"", ""))
        if not isinstance(found, list) or not all(
            isinstance(one, dict) and type(one.get("id")) is int for one in found
        ):
            raise UpstreamUnavailable(_UNREADABLE)
        return found

    def read_event(self, body: bytes, headers: Mapping[str, str]) -> GatewayEvent | None:
        """Prove and read one callback: its query string (GET) or a settlement's report (POST) is the body.

        A callback has no time in it: that it is booked once is the guard's work. Raises NotAllowed when the
        signature does not prove it, FormatRefused for another shape.
        """
        given = {name.lower(): value for name, value in headers.items()}
        if "signature" in given:
            paytrail_message.verify(self.secret, self.account, given, body)
            return paytrail_message.read_report(body, self.now())
        return paytrail_message.read_callback(self._proven(body), self.now())

    def _proven(self, query: bytes) -> dict[str, str]:
        try:
            pairs = parse_qsl(query[:_MAX_CALLBACK].decode(), keep_blank_values=True, max_num_fields=60)
        except ValueError as error:
            raise FormatRefused("the query is not a list of fields") from error
        fields = dict(pairs)
        if len(fields) != len(pairs):
            raise NotAllowed("a field of the query is given twice")
        paytrail_message.verify(self.secret, self.account, fields)
        return fields

    def _callbacks(self) -> dict[str, str]:
        return {"success": self.callback_url, "cancel": self.callback_url}

    def _call(
        self,
        method: str,
        path: str,
        wish: Mapping[str, object] | None = None,
        *,
        transaction: str = "",
        is_repeatable: bool = True,
    ) -> JsonObject:
        body = b"" if wish is None else _body(wish)
        try:
            answer = _json(self._send(method, path, body, transaction))
            if not isinstance(answer, dict):
                raise UpstreamUnavailable(_UNREADABLE)
        except _NotSent as error:
            raise UpstreamUnavailable(error.message) from error
        except UpstreamUnavailable as error:
            if is_repeatable or isinstance(error, _Busy):
                raise
            raise OutcomeUnknown(
                "the payment provider did not answer; the refund may be on its way, wait for its callback"
            ) from error
        return answer

    def _send(self, method: str, path: str, body: bytes, transaction: str) -> bytes:
        """One signed call; the proven body of the answer."""
        fields = {
            "checkout-account": self.account,
            "checkout-algorithm": self.algorithm,
            "checkout-method": method,
            "checkout-nonce": token_hex(16),
            "checkout-timestamp": self.now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        }
        if transaction:
            fields["checkout-transaction-id"] = transaction
        fields["signature"] = paytrail_message.signature(self.secret, fields, body)
        request = Request(  # noqa: S310 - the scheme was checked in __post_init__
            checked_root(self.base_url) + path,
            data=body or None,
            headers=fields | {"Content-Type": "application/json; charset=utf-8"},
            method=method,
        )
        try:
            with _OPENER.open(request, timeout=self.timeout_seconds) as response:
                given, answer = dict(response.headers.items()), response.read(_MAX_ANSWER)
        except HTTPError as error:
            with error:
                raise _failure(error) from error
        except (OSError, HTTPException) as error:
            raise _silence(error) from error
        try:
            lowered = {name.lower(): value for name, value in given.items()}
            paytrail_message.verify(self.secret, self.account, lowered, answer)
        except NotAllowed as error:
            raise UpstreamUnavailable(
                "the answer is not signed by the payment provider; try again"
            ) from error
        return bytes(answer)


class _NotSent(UpstreamUnavailable):
    """No connection: the call certainly did not arrive."""

    code = "upstream_not_sent"


class _Busy(UpstreamUnavailable):
    """Turned away before anything was done."""

    code = "upstream_busy"


def _silence(error: OSError | HTTPException) -> UpstreamUnavailable:
    refused = isinstance(error, URLError) and isinstance(error.reason, ConnectionRefusedError)
    kind = _NotSent if refused else UpstreamUnavailable
    return kind("the payment provider did not answer in time; try again")


def _failure(error: HTTPError) -> SovintoError:
    status = error.code
    if status == 429:
        wait = str(error.headers.get("Retry-After", "")) if error.headers else ""
        when = f"after {wait} seconds" if wait.isdigit() else "later"
        return _Busy(f"the payment provider is busy (status {status}); try again {when}")
    if status >= 500:
        return UpstreamUnavailable(f"the payment provider is not available (status {status}); try again")
    return UpstreamRefused(f"the payment provider refused (status {status}): {_reason(error)}")


def _reason(error: HTTPError) -> str:
    """The provider's own sentence, shortened; it may be absent or no JSON at all."""
    try:
        said = json.loads(error.read(_MAX_ANSWER))
    except (ValueError, OSError, HTTPException, RecursionError):
        return "no reason given"
    message = said.get("message") if isinstance(said, dict) else None
    return message[:300] if isinstance(message, str) and message else "no reason given"


def _body(wish: Mapping[str, object]) -> bytes:
    return json.dumps(wish, ensure_ascii=False, separators=(",", ":")).encode()


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise UpstreamUnavailable(_UNREADABLE) from error

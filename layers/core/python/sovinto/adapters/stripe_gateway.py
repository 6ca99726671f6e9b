"""Card payments on Stripe's hosted Checkout page, by the official SDK.

The SDK is loaded on first use: it costs a quarter of a second that a cold start need not pay.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from sovinto.adapters.web_root import checked_root, is_web_address
from sovinto.domain.checkout import Checkout, CheckoutStatus, GatewayEvent, GatewayEventType, Refund
from sovinto.domain.money import Money
from sovinto.domain.settlement import Settlement
from sovinto.errors import FormatRefused, NotAllowed, SovintoError, UpstreamRefused, UpstreamUnavailable
from sovinto.formats import stripe_object
from sovinto.formats.json_fields import text, text_or_none, whole
from sovinto.ids import PaymentId

if TYPE_CHECKING:
    from stripe import StripeClient

T = TypeVar("T")

PAGES = ("https://checkout.stripe.com",)
_UNREADABLE = "the payment provider's answer cannot be read; try again"
_TOLERANCE_SECONDS = 300
_LIVE = ("sk_live_", "rk_live_")
_PAGE_SIZE = 100
# Stripe takes 30 minutes to 24 hours from the call.
_OPEN_SECONDS = (31 * 60, 24 * 3600 - 60)


@dataclass(frozen=True)
class StripeGateway:
    """The `PaymentGateway` port. `base_url` is the API's root, `now` is the real clock."""

    api_key: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    now: Callable[[], datetime]
    base_url: str
    timeout_seconds: float = 10

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
        expires_at: datetime | None = None,
    ) -> Checkout:
        """Open a page. The same key gives the same page, so a call that was not answered may be repeated.

        `expires_at` is passed on where Stripe takes it; it must be the same in a repeated call. Raises
        UpstreamUnavailable (try again) or UpstreamRefused (will be refused again).
        """
        kept = {"payment_id": payment_id}
        wish: Any = {
            "mode": "payment",
            "client_reference_id": payment_id,
            "metadata": kept,
            "payment_intent_data": {"metadata": kept},
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {
                        "currency": amount.currency.lower(),
                        "unit_amount": stripe_object.units(amount),
                        "product_data": {"name": description},
                    },
                }
            ],
            "success_url": success_url,
            "cancel_url": cancel_url,
            "locale": language,
            **self._expiry(expires_at),
        }
        options: Any = {"idempotency_key": idempotency_key}
        session = self._ask(lambda api: api.v1.checkout.sessions.create(wish, options))
        url = text_or_none(session, "url")
        if not is_web_address(url):
            raise UpstreamUnavailable("the payment provider's answer holds no page address; try again")
        found = _read(lambda: stripe_object.read_status(session))
        if found.amount != amount or found.reference != payment_id:
            raise UpstreamRefused(
                f"the payment provider opened a page for another payment than {payment_id}; "
                "use a new idempotency key"
            )
        return Checkout(_read(lambda: text(session, "id")), url)

    def _expiry(self, at: datetime | None) -> dict[str, int]:
        if at is None:
            return {}
        least, most = _OPEN_SECONDS
        seconds = (at - self.now()).total_seconds()
        return {"expires_at": int(at.timestamp())} if least <= seconds <= most else {}

    def find_checkout(self, checkout_id: str) -> CheckoutStatus:
        """How a checkout stands now. Raises as `create_checkout`; UpstreamRefused if it is unknown."""
        session = self._ask(lambda api: api.v1.checkout.sessions.retrieve(checkout_id))
        return _read(lambda: stripe_object.read_status(session))

    def order_refund(self, checkout_id: str, amount: Money, *, idempotency_key: str) -> Refund:
        """Give back a part of what was paid there, once per key however often it is asked.

        Raises as `create_checkout`; UpstreamRefused also where nothing was paid or too little is left.
        """
        session = self._ask(lambda api: api.v1.checkout.sessions.retrieve(checkout_id))
        intent = text_or_none(session, "payment_intent")
        if not intent:
            raise UpstreamRefused("nothing was paid at that checkout; there is nothing to refund")
        wish: Any = {
            "payment_intent": intent,
            "amount": stripe_object.units(amount),
            "metadata": {"payment_id": stripe_object.payment_of(session)},
        }
        options: Any = {"idempotency_key": idempotency_key}
        refund = self._ask(lambda api: api.v1.refunds.create(wish, options))
        return _read(lambda: stripe_object.read_refund(refund))

    def settlement(self, payout_id: str) -> Settlement:
        """A payout with every line of it, page by page. Raises as `create_checkout`."""
        payout = self._ask(lambda api: api.v1.payouts.retrieve(payout_id))
        reconciled = text_or_none(payout, "reconciliation_status")
        is_final = payout.get("status") == "paid" and reconciled != "in_progress"
        # Stripe tells the lines of automatic payouts only; a manual one is held with its whole sum.
        has_lines = is_final and reconciled == "completed"
        wish = {"payout": payout_id, "limit": _PAGE_SIZE, "expand": ["data.source"]}
        found = self._list(wish) if has_lines else []
        return _read(lambda: _settlement(payout, found, is_final=is_final))

    def read_event(self, body: bytes, headers: Mapping[str, str]) -> GatewayEvent | None:
        """Prove and read one webhook; a payout comes with all its lines. None for what we do not follow.

        Raises NotAllowed when the signature does not prove the body or is older than five minutes,
        FormatRefused for another shape, UpstreamUnavailable where the lines cannot be read now.
        """
        event = stripe_object.read_event(self._proven(body, headers))
        if event is None or event.type is not GatewayEventType.PAYOUT_PAID or event.payout_id is None:
            return event
        return replace(event, settlement=self.settlement(event.payout_id))

    def _proven(self, body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
        import stripe

        signature = {name.lower(): value for name, value in headers.items()}.get("stripe-signature", "")
        try:
            event = stripe.Webhook.construct_event(
                body, signature, self.webhook_secret, _TOLERANCE_SECONDS, api_key=self.api_key
            )
            found: dict[str, Any] = event.to_dict()
        except stripe.SignatureVerificationError as error:
            raise NotAllowed(
                "the webhook signature does not prove its body, or is too old; check the webhook secret"
            ) from error
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            raise FormatRefused("the body is not one event in JSON") from error
        is_live = self.api_key.startswith(_LIVE)
        if found.get("livemode", is_live) is not is_live:
            raise NotAllowed("the event is of Stripe's other mode, test or live, than our key")
        return found

    @cached_property
    def _client(self) -> StripeClient:
        import requests
        import stripe

        stripe.enable_telemetry = False
        session = requests.Session()
        # A proxy of the environment would see every call.
        session.trust_env = False
        return stripe.StripeClient(
            self.api_key,
            base_addresses={"api": checked_root(self.base_url)},
            http_client=stripe.RequestsClient(timeout=self.timeout_seconds, session=session),
            max_network_retries=0,
        )

    def _ask(self, call: Callable[[StripeClient], Any]) -> dict[str, Any]:
        found: dict[str, Any] = self._guarded(lambda: call(self._client).to_dict())
        return found

    def _list(self, wish: dict[str, Any]) -> list[dict[str, Any]]:
        def pages() -> list[dict[str, Any]]:
            found = self._client.v1.balance_transactions.list(wish)  # type: ignore[arg-type]
            return [line.to_dict() for line in found.auto_paging_iter()]

        lines: list[dict[str, Any]] = self._guarded(pages)
        return lines

    def _guarded(self, call: Callable[[], Any]) -> Any:
        import stripe

        try:
            return call()
        except stripe.StripeError as error:
            raise _failure(error) from error
        except (ValueError, TypeError, AttributeError) as error:
            raise UpstreamUnavailable(_UNREADABLE) from error


def _settlement(payout: dict[str, Any], found: list[dict[str, Any]], *, is_final: bool) -> Settlement:
    amount = stripe_object.money(whole(payout, "amount"), text(payout, "currency"))
    lines = [line for item in found if (line := stripe_object.read_line(item)) is not None]
    return Settlement(
        payout_id=text(payout, "id"),
        currency=amount.currency,
        amount=amount,
        paid_on=stripe_object.paid_at(payout).date(),
        lines=tuple(lines),
        is_final=is_final,
    )


def _read(read: Callable[[], T]) -> T:
    """An answer that makes no sense is a provider in trouble, not a mistake of our caller."""
    try:
        return read()
    except FormatRefused as error:
        raise UpstreamUnavailable(_UNREADABLE) from error


def _failure(error: Any) -> SovintoError:
    """Every call of ours carries a key that Stripe repeats by: no answer may always be asked again."""
    import stripe

    if isinstance(error, stripe.APIConnectionError):
        return UpstreamUnavailable("the payment provider did not answer in time; try again")
    status = error.http_status or 0
    if status in (409, 429):
        wait = {name.lower(): value for name, value in dict(error.headers or {}).items()}.get("retry-after")
        when = f"after {wait} seconds" if wait and str(wait).isdigit() else "later"
        return UpstreamUnavailable(f"the payment provider is busy (status {status}); try again {when}")
    if status >= 500 or 200 <= status < 300 or not status:
        return UpstreamUnavailable(f"the payment provider is not available (status {status}); try again")
    if isinstance(error, stripe.AuthenticationError | stripe.PermissionError):
        return UpstreamRefused(f"the payment provider does not accept our key (status {status})")
    reason = str(error.user_message or error.code or "no reason given")[:300]
    return UpstreamRefused(f"the payment provider refused (status {status}): {reason}")

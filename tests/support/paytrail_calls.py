"""Our adapter for Paytrail beside its local double: a payment opened, and what is announced of it."""

from __future__ import annotations

from datetime import UTC, datetime

from sovinto.adapters.paytrail_gateway import PaytrailGateway
from sovinto.domain.checkout import Checkout, GatewayEvent
from sovinto.domain.money import Money
from sovinto.ids import PaymentId

from tests.support.paytrail_double import ACCOUNT, SECRET, PaytrailDouble, Told

PAYMENT = PaymentId("pay_1")
AMOUNT = Money(13_147, "EUR")
AT = datetime(2026, 6, 30, 12, tzinfo=UTC)


def gateway(double: PaytrailDouble, **given: object) -> PaytrailGateway:
    values = {
        "account": ACCOUNT,
        "secret": SECRET,
        "callback_url": "https://api.example/v1/webhooks/paytrail",
        "contact_email": "perinta@sovinto.example",
        "now": lambda: AT,
        "base_url": double.url,
    }
    return PaytrailGateway(**(values | given))  # type: ignore[arg-type]


def opened(
    double: PaytrailDouble,
    amount: Money = AMOUNT,
    name: str = PAYMENT,
    language: str = "fi",
    **given: object,
) -> Checkout:
    return gateway(double, **given).create_checkout(
        payment_id=PaymentId(name),
        amount=amount,
        description="Case S-1001 (Äänekoski)",
        success_url="https://pages.example/d/done",
        cancel_url="https://pages.example/d/back",
        language=language,
        idempotency_key=name,
    )


def heard(double: PaytrailDouble, told: Told | None = None) -> GatewayEvent | None:
    one = told or double.told[-1]
    return gateway(double).read_event(one.body, one.headers)

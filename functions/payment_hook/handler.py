"""The payment provider's webhooks: signed, repeated, late; each money is posted once."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from sovinto.bootstrap import Parts
from sovinto.entry.http import answer, problem, reply
from sovinto.entry.observe import flush, logger_of, metrics_of
from sovinto.entry.settings import PaymentHookSettings
from sovinto.errors import InvalidInput, NotFound, SovintoError
from sovinto.usecases.hear_gateway import hear_gateway

logger = logger_of("payment_hook")
metrics = metrics_of("payment_hook")
app = APIGatewayHttpResolver()
PROVIDER = "sandbox"
MAX_BYTES = 256 * 1024


@lru_cache(maxsize=1)
def parts() -> tuple[PaymentHookSettings, Parts]:
    settings = PaymentHookSettings.from_env()
    return settings, Parts(settings)


@app.post("/v1/webhooks/<provider>")
def hear(provider: str) -> Response[str]:
    settings, wired = parts()
    if provider != PROVIDER:
        raise NotFound("there is no such provider")
    body = app.current_event.decoded_body or ""
    if len(body) > MAX_BYTES:
        raise InvalidInput(f"body must be at most {MAX_BYTES} bytes")
    signature = app.current_event.headers.get("sandbox-signature", "")
    announced = wired.gateway_event(body.encode(), signature, secret_arn=settings.gateway_secret_arn)
    outcome = hear_gateway(provider, announced, cases=wired.cases, clock=wired.clock)
    metrics.add_metric(f"webhook_{outcome}", "Count", 1)
    logger.info("webhook", extra={"event_id": announced.event_id, "outcome": outcome})
    return reply(200, {"outcome": outcome})


@app.exception_handler(SovintoError)  # type: ignore[untyped-decorator]
def refuse(error: SovintoError) -> Response[str]:
    logger.warning("refused", extra={"code": error.code})
    return problem(error)


def handle(event: dict[str, Any], context: Any) -> Any:
    answered = answer(app, event, context, logger)
    flush(metrics)
    return answered

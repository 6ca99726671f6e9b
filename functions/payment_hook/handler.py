"""The payment provider's webhooks: signed, repeated, late; each money is posted once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from sovinto.bootstrap import Parts
from sovinto.entry.http import answer, problem, raw_body, reply
from sovinto.entry.observe import flush, logger_of, metrics_of
from sovinto.entry.settings import PaymentHookSettings
from sovinto.errors import FormatRefused, InvalidInput, NotFound, SovintoError
from sovinto.usecases.hear_gateway import hear_gateway

logger = logger_of("payment_hook")
metrics = metrics_of("payment_hook")
app = APIGatewayHttpResolver()
# A settlement's report is one body too.
MAX_BYTES = 5 * 1024 * 1024


class _Stranger(NotFound):
    """A path that no provider was given; nobody need be woken for who tries it."""

    code = "no_such_provider"


@lru_cache(maxsize=1)
def parts() -> tuple[PaymentHookSettings, Parts]:
    settings = PaymentHookSettings.from_env()
    return settings, Parts(settings)


@app.post("/v1/webhooks/<provider>")
def hear(provider: str) -> Response[str]:
    event = app.current_event
    return _heard(provider, raw_body(event.body or "", event.is_base64_encoded), event.headers)


@app.get("/v1/webhooks/<provider>")
def hear_call(provider: str) -> Response[str]:
    """A callback by GET: what it says, and its proof, are in the query."""
    query = str(app.current_event.raw_event.get("rawQueryString", ""))
    return _heard(provider, raw_body(query, None), {})


def _heard(provider: str, body: bytes, headers: Mapping[str, str]) -> Response[str]:
    settings, wired = parts()
    if provider != settings.gateway_provider:
        raise _Stranger("there is no such provider")
    if len(body) > MAX_BYTES:
        raise InvalidInput(f"body must be at most {MAX_BYTES} bytes")
    announced = wired.gateway(settings).read_event(body, headers)
    if announced is None:
        outcome, event_id = "ignored", ""
    else:
        outcome, event_id = (
            hear_gateway(provider, announced, cases=wired.cases, clock=wired.clock, tell=_held),
            announced.event_id,
        )
    metrics.add_metric(f"webhook_{outcome}", "Count", 1)
    logger.info("webhook", extra={"event_id": event_id, "outcome": outcome})
    return reply(200, {"outcome": outcome})


def _held(reason: str) -> None:
    """Ids and amounts only; the alarm hangs on the metric."""
    logger.error("held", extra={"reason": reason})


@app.exception_handler(SovintoError)  # type: ignore[untyped-decorator]
def refuse(error: SovintoError) -> Response[str]:
    """The provider tells it again. Our own sentences name ids; one on a strange body may quote it."""
    reason = {} if isinstance(error, FormatRefused) else {"reason": error.message}
    logger.warning("refused", extra={"code": error.code, **reason})
    if not isinstance(error, _Stranger):
        metrics.add_metric("webhook_refused", "Count", 1)
    return problem(error)


def handle(event: dict[str, Any], context: Any) -> Any:
    answered = answer(app, event, context, logger)
    if answered["statusCode"] == 500:
        metrics.add_metric("webhook_refused", "Count", 1)
    flush(metrics)
    return answered

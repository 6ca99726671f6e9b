"""The one table from errors to HTTP, problem documents (RFC 9457), pages' headers and cookies."""

from __future__ import annotations

import binascii
import json
from base64 import b64decode
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.shared.cookies import Cookie

from sovinto import errors
from sovinto.errors import InvalidInput, SovintoError

STATUS: tuple[tuple[type[SovintoError], HTTPStatus], ...] = (
    (errors.InvalidInput, HTTPStatus.UNPROCESSABLE_ENTITY),
    (errors.NotFound, HTTPStatus.NOT_FOUND),
    (errors.TooManyAttempts, HTTPStatus.TOO_MANY_REQUESTS),
    (errors.NotAllowed, HTTPStatus.FORBIDDEN),
    (errors.RuleRefused, HTTPStatus.CONFLICT),
    (errors.Conflict, HTTPStatus.CONFLICT),
    (errors.UpstreamUnavailable, HTTPStatus.SERVICE_UNAVAILABLE),
    (errors.UpstreamRefused, HTTPStatus.BAD_GATEWAY),
    (errors.OutcomeUnknown, HTTPStatus.BAD_GATEWAY),
)
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "form-action 'self' {form_to}; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Strict-Transport-Security": "max-age=63072000",
}


def raw_body(text: str, is_base64: bool | None) -> bytes:
    """The bytes as they came: what was signed need not be text. Raises InvalidInput."""
    try:
        return b64decode(text, validate=True) if is_base64 else text.encode("utf-8", "surrogatepass")
    except (binascii.Error, ValueError) as error:
        raise InvalidInput("body is not what it is said to be, base64") from error


def status_of(error: SovintoError) -> HTTPStatus:
    for kind, status in STATUS:
        if isinstance(error, kind):
            return status
    return HTTPStatus.INTERNAL_SERVER_ERROR


def reply(status: int, body: Mapping[str, Any]) -> Response[str]:
    return Response(status, "application/json", json.dumps(body, ensure_ascii=False))


def download(text: str, content_type: str, file_name: str) -> Response[str]:
    """A file that a browser saves, and no store on the way keeps."""
    headers: dict[str, str | list[str]] = {
        "Content-Disposition": f'attachment; filename="{file_name}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(HTTPStatus.OK, content_type, text, headers=headers)


def problem(error: SovintoError) -> Response[str]:
    """One clear sentence; the field as a JSON pointer where there is one."""
    status = status_of(error)
    body: dict[str, Any] = {
        "type": f"urn:sovinto:problem:{error.code}",
        "title": status.phrase,
        "status": int(status),
        "detail": error.message,
        "code": error.code,
    }
    if error.field:
        body["errors"] = [{"pointer": f"/{error.field}", "detail": error.message}]
    return Response(status, "application/problem+json", json.dumps(body, ensure_ascii=False))


def crashed() -> Response[str]:
    """A bug or an outage: the caller learns nothing but that it was not their fault."""
    body = {
        "type": "urn:sovinto:problem:internal",
        "title": "Internal Server Error",
        "status": 500,
        "detail": "something went wrong on our side; try again, and tell us if it stays",
        "code": "internal",
    }
    return Response(HTTPStatus.INTERNAL_SERVER_ERROR, "application/problem+json", json.dumps(body))


def answer(app: APIGatewayHttpResolver, event: dict[str, Any], context: Any, logger: Logger) -> Any:
    """Route one request; what nobody expected is logged, and answered without a word about it."""
    try:
        return app.resolve(event, context)
    except Exception:
        logger.exception("crashed")
        return as_event_answer(crashed())


def as_event_answer(response: Response[str]) -> dict[str, Any]:
    """The answer in API Gateway's own form, for failures outside the router."""
    headers = {"Content-Type": response.content_type or "text/plain"}
    return {"statusCode": int(response.status_code), "headers": headers, "body": response.body}


def page(status: int, html: str, *, form_to: str = "") -> Response[str]:
    """A page with a strict policy: no script runs, forms go to us and to `form_to` only."""
    headers: dict[str, str | list[str]] = {
        name: value.replace(" {form_to}", f" {form_to}" if form_to else "")
        for name, value in SECURITY_HEADERS.items()
    }
    return Response(status, "text/html; charset=utf-8", html, headers=headers)


def redirect(to: str, *, cookies: list[Cookie] | None = None) -> Response[str]:
    headers: dict[str, str | list[str]] = {"Location": to, "Cache-Control": "no-store"}
    return Response(HTTPStatus.SEE_OTHER, "text/plain", "", headers=headers, cookies=cookies)

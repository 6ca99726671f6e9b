"""What a failed hand-over to a provider means: try later, never, or look it up."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, SSLError

from sovinto.errors import OutcomeUnknown, UpstreamRefused, UpstreamUnavailable

_OWN_FAULT = 500
# Raised once the request may be on its way: a time-out while reading, a connection that broke.
_UNDERWAY = (HTTPClientError, SSLError)


def failure_of(
    service: str, failure: ClientError | BotoCoreError, busy: AbstractSet[str]
) -> UpstreamUnavailable | UpstreamRefused | OutcomeUnknown:
    """Only what certainly did not arrive may be tried again: no connection, or a `busy` code."""
    if isinstance(failure, ClientError):
        return _answered(service, failure, busy)
    if isinstance(failure, _UNDERWAY):
        return OutcomeUnknown(f"{service} did not answer; look the message up by its reference")
    return UpstreamUnavailable(f"{service} could not be reached; try again")


def _answered(
    service: str, failure: ClientError, busy: AbstractSet[str]
) -> UpstreamUnavailable | UpstreamRefused | OutcomeUnknown:
    code = failure.response["Error"]["Code"]
    status = failure.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in busy:
        return UpstreamUnavailable(f"{service} is busy ({code}); try again")
    if status >= _OWN_FAULT or code in ("InternalFailure", "InternalError", "ServiceUnavailable"):
        return OutcomeUnknown(f"{service} failed ({code}); look the message up by its reference")
    return UpstreamRefused(f"{service} refused the message ({code})")

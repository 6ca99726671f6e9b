"""AWS clients that fail: with an error code, or without an answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError


class Refusing:
    """Every call is answered with this error code."""

    def __init__(self, code: str) -> None:
        self._code = code

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def call(**_: object) -> Any:
            raise ClientError({"Error": {"Code": self._code, "Message": "as the test wishes"}}, operation)

        return call


class Broken:
    """No call is answered; by itself because none reaches anybody."""

    def __init__(self, failure: type[BotoCoreError] = EndpointConnectionError) -> None:
        self._failure = failure

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def call(**_: object) -> Any:
            raise self._failure(endpoint_url=f"https://{operation}.example", error="as the test wishes")

        return call

"""Asking the desk of the running local cloud."""

from __future__ import annotations

import json
from typing import Any

from sovinto.errors import InvalidInput


def ask(running: Any, request: dict[str, Any]) -> dict[str, Any]:
    """Raises InvalidInput with the desk's own sentence."""
    answer: dict[str, Any] = running.invoke("desk", request)
    if answer["outcome"] == "refused":
        raise InvalidInput(answer["message"], field=answer["field"])
    return answer


def first_collector(prefix: str) -> str:
    """`prefix` is that of the stage, sovinto-<country>-<stage>."""
    from infra.settings import settings_for

    _, country, stage = prefix.split("-")
    first: dict[str, str] = json.loads(settings_for(country, stage).collectors)[0]
    return first["collector_id"]

"""Asking the desk of the running local cloud."""

from __future__ import annotations

import argparse
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


def by_option(parser: argparse.ArgumentParser, *, reads: bool) -> None:
    """Who asks; whoever changes something has to say who they are."""
    about = "the id of the collector who asks"
    parser.add_argument(
        "--by", required=not reads, help=f"{about} (default the agency's first)" if reads else about
    )


def asker(by: str | None, running: Any) -> str:
    """The collector who was named, else the agency's first. Raises InvalidInput for an empty name."""
    if by == "":
        raise InvalidInput("--by must name a collector", field="by")
    return first_collector(running.prefix) if by is None else by

"""Physical names, known to the templates and to those who call what was deployed."""

from __future__ import annotations

from typing import Final

API_ID: Final = "sovinto"
"""The HTTP API's id in the local cloud (AWS chooses its own)."""


def dashed(name: str) -> str:
    """`case_step` as it stands in physical names: `case-step`."""
    return name.replace("_", "-")


def function_name(prefix: str, name: str) -> str:
    """The Lambda of `functions/<name>`."""
    return f"{prefix}-{dashed(name)}"


def timeline_name(prefix: str) -> str:
    """The state machine of the case timeline."""
    return f"{prefix}-case-timeline"


def bucket_name(prefix: str, bucket: str, account: str) -> str:
    """The account keeps the name unique in the world."""
    return f"{prefix}-{bucket}-{account}"


def secret_name(prefix: str, secret: str) -> str:
    """`code` or `gateway`."""
    return f"{prefix}/{secret}"

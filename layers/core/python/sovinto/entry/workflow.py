"""Names that the state machine and its functions share."""

from __future__ import annotations


def execution_number(name: str) -> int:
    """The number at the end of an execution's name, `case-<id>-<n>`. Raises ValueError."""
    return int(name.rsplit("-", 1)[1])

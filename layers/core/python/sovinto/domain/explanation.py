"""Why an amount or a wait is what it is: printed on the debtor's page, the letter and the audit trail."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Explanation:
    """One answer to "why?".

    `inputs` are (name, value) pairs of plain strings; `unrounded` is the exact figure in major
    units before rounding, or None where nothing was rounded.
    """

    rule_id: str
    statute: str
    formula: str
    inputs: tuple[tuple[str, str], ...] = ()
    unrounded: str | None = None
    certainty: str = "assumed"

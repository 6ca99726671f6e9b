"""The parts of a bank file in words, a line each."""

from __future__ import annotations

from collections.abc import Iterable

from sovinto.domain.money import Money
from sovinto.formats.statement import Begun, Ended, Part, Problem, StatementEntry


def lines_of(part: Part) -> Iterable[str]:
    """What to print of it; problems are for standard error."""
    match part:
        case Begun():
            return (f"{part.account} {part.currency}, statement {part.statement_id}", "")
        case Ended():
            return (f"  opening {_amount(part.opening)}, closing {_amount(part.closing)}", "")
        case StatementEntry():
            on = part.booked_on or part.value_on
            facts = f"  {on or ''!s:10}  {part.amount.decimal():>14}  {part.status:4}"
            told = f"{part.reference or part.text or '':25.25}  {part.counterparty or '':.40}"
            return (f"{facts}  {told}", "")
        case Problem():
            return ()


def _amount(amount: Money | None) -> str:
    return "not stated" if amount is None else amount.decimal()

"""A bank file as a stream of parts, so that a file of any length is read in constant memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sovinto.domain.money import Money
from sovinto.formats.statement.model import Problem, StatementEntry


@dataclass(frozen=True, slots=True)
class Begun:
    """A statement begins: the entries that follow, up to its `Ended`, are on this account.

    `account` is the IBAN, or the bank's own number; `currency` an ISO 4217 code.
    """

    statement_id: str
    created_on: date | None
    account: str
    currency: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The statement's balances as the bank stated them; None where it stated none."""

    opening: Money | None
    closing: Money | None


# Problems come in between, where they are found; one that holds the file may come last of all.
Part = Begun | StatementEntry | Ended | Problem

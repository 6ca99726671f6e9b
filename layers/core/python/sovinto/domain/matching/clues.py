"""By what a case may be found from the words of a bank line: partitions of the table that name nobody."""

from __future__ import annotations

from sovinto.domain.money import Money
from sovinto.ids import CaseId, derived

Clue = tuple[str, CaseId]
"""A row of an index: the partition that a word leads to, and the case in it."""


def name_clue(key: str, country: str) -> str:
    """A digest of the name key: the same for all spellings of a name, and no way back to it."""
    return f"NAME#{derived('nam', country, key)}"


def account_clue(digest: str) -> str:
    """The cases that an account paid, by its digest."""
    return f"PAID_BY#{digest}"


def payer_clue(payment_id: str, digest: str) -> str:
    """The case of a payment that came from somebody of that name, by the digest of the name."""
    return f"PAYER#{derived('nam', payment_id, digest)}"


def invoice_clue(key: str, country: str) -> str:
    """The cases with an invoice of this number, whichever client's."""
    return f"INVOICE#{derived('inv', country, key)}"


def sum_clue(amount: Money) -> str:
    """The cases of which a letter asked this sum."""
    return f"ASKED#{amount.currency}{amount.minor}"

"""Paying collected money to the client: gross collected, minus retained fees, itemised."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sovinto.domain.claim_class import ClaimClass
from sovinto.domain.ledger import Entry, debtor_account
from sovinto.domain.letter import Contact
from sovinto.domain.money import Money
from sovinto.ids import CaseId, ClientId, PaymentId


@dataclass(frozen=True, slots=True)
class RemittanceLine:
    """One payment of one case: what came in, what our contract lets us retain, what is paid on.

    `parts` is how the law's order used the payment up: (class, minor units), what went back taken off. A
    claw-back is below zero; `is_carried` is what is left of claw-backs for the next remittance.
    """

    case_id: CaseId
    client_reference: str
    payment_id: PaymentId
    received_on: date
    collected: Money
    retained: Money
    parts: tuple[tuple[str, int], ...] = ()
    is_carried: bool = False

    @property
    def net(self) -> Money:
        return self.collected - self.retained


@dataclass(frozen=True, slots=True)
class Remittance:
    """`remittance_id` is the end-to-end id of the bank transfer (at most 35 characters).

    `language` is the one the client reads (fi, sv or en).
    """

    remittance_id: str
    client_id: ClientId
    made_on: date
    agency: Contact
    client: Contact
    iban: str
    bic: str
    lines: tuple[RemittanceLine, ...]
    collected: Money
    retained: Money
    net: Money
    language: str = "en"


def parts_of(
    case_id: CaseId, payment_id: PaymentId, entries: Iterable[Entry]
) -> tuple[tuple[str, int], ...]:
    """(class, minor units) of what that payment paid, less what of it went back; in the law's order of
    classes as they stand in the books."""
    own = {debtor_account(case_id, c): c for c in ClaimClass}
    found: dict[str, int] = {}
    for entry in entries:
        if entry.source == payment_id and entry.kind in ("payment_allocated", "payment_reversed"):
            for line in entry.lines:
                if line.account in own:
                    name = own[line.account].value
                    found[name] = found.get(name, 0) - line.amount.minor
    return tuple((name, minor) for name, minor in found.items() if minor)

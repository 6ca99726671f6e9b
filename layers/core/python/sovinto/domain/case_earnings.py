"""What one case earned us in a period by the client's agreement, from its ledger entries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sovinto.domain import accounts
from sovinto.domain.case import Case
from sovinto.domain.claim_class import ClaimClass
from sovinto.domain.fees_agreed import Bearer, FeesAgreed
from sovinto.domain.ledger import Entry, debtor_account
from sovinto.domain.money import Money
from sovinto.domain.payment import CLIENT_SOURCE
from sovinto.domain.vat_treatment import VatTreatment

_MOVES = ("payment_allocated", "payment_reversed")


@dataclass(frozen=True, slots=True)
class Earned:
    """All since the case was placed: `base` is what commission is on, `fees` what the debtor paid of our
    fees, VAT inside; `commission` is before VAT and `set_off` what of it the debtor has borne."""

    base: Money
    fees: Money
    commission: Money
    set_off: Money

    @classmethod
    def nothing(cls, currency: str) -> Earned:
        zero = Money.zero(currency)
        return cls(zero, zero, zero, zero)

    @property
    def charged(self) -> Money:
        """What is left for the client to pay."""
        return self.commission - self.set_off

    def __add__(self, other: Earned) -> Earned:
        return Earned(
            self.base + other.base,
            self.fees + other.fees,
            self.commission + other.commission,
            self.set_off + other.set_off,
        )

    def __sub__(self, other: Earned) -> Earned:
        return Earned(
            self.base - other.base,
            self.fees - other.fees,
            self.commission - other.commission,
            self.set_off - other.set_off,
        )


def earned_between(
    case: Case,
    entries: Sequence[Entry],
    agreed: FeesAgreed,
    vat: VatTreatment,
    start: datetime,
    end: datetime,
) -> Earned:
    """From `start` to before `end`, by when it was posted: a closed period never changes. It is the
    difference of two sums over everything, so that periods add up to the whole without lost cents."""
    return _earned(case, _before(entries, end), agreed, vat) - _earned(
        case, _before(entries, start), agreed, vat
    )


def paid_parts(case: Case, entry: Entry) -> tuple[tuple[ClaimClass, Money], ...]:
    """Class by class what a payment was used for; negative where it went back.

    A part stands before its contra; legs without one only net a credit between two classes.
    """
    if entry.kind not in _MOVES or _is_surplus(case, entry):
        return ()
    own = {debtor_account(case.case_id, c): c for c in ClaimClass}
    claims = accounts.client_claims(case.client_id)
    return tuple(
        (own[leg.account], -leg.amount)
        for leg, contra in pairwise(entry.lines)
        if leg.account in own and contra.account == claims
    )


def _is_surplus(case: Case, entry: Entry) -> bool:
    """A credit of the debtor that became a refund: no payment was used or undone by it."""
    return any(line.account == accounts.client_invoiced(case.client_id) for line in entry.lines)


def _before(entries: Iterable[Entry], end: datetime) -> list[Entry]:
    return [entry for entry in entries if entry.posted_at < end]


def _earned(case: Case, entries: Iterable[Entry], agreed: FeesAgreed, vat: VatTreatment) -> Earned:
    base = fees = Money.zero(case.currency)
    for entry in entries:
        is_direct = entry.label == CLIENT_SOURCE
        for claim_class, amount in paid_parts(case, entry):
            if claim_class is ClaimClass.FEE and not is_direct:
                fees = fees + amount
            if claim_class in agreed.base and (agreed.counts_direct or not is_direct):
                base = base + amount
    commission = agreed.commission_on(base)
    borne = Money.zero(case.currency)
    if agreed.bearer is Bearer.DEBTOR_FIRST:
        borne = min(commission, fees - vat.inside(fees))
    return Earned(base, fees, commission, borne)

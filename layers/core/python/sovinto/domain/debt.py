"""The debt at a date, if every chargeable letter of the ladder left on its first lawful day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sovinto.domain.claim_class import Balance
from sovinto.domain.debtor import DebtorType
from sovinto.domain.law.fees import ChargedFee, FeeDecision, fee_for
from sovinto.domain.law.interest import InterestResult, accrue
from sovinto.domain.law.kinds import FeeKind, LetterKind
from sovinto.domain.law.model import Pack
from sovinto.domain.law.waits import SentLetter, earliest_on
from sovinto.domain.money import Money, total

FEE_OF_LETTER = {
    LetterKind.REMINDER: FeeKind.REMINDER_FEE,
    LetterKind.DEMAND: FeeKind.DEMAND_FEE,
    LetterKind.SECOND_DEMAND: FeeKind.SECOND_DEMAND_FEE,
}


@dataclass(frozen=True, slots=True)
class DatedFee:
    """A fee on the day its letter leaves."""

    kind: FeeKind
    on: date
    decision: FeeDecision

    @property
    def amount(self) -> Money:
        return self.decision.amount


@dataclass(frozen=True, slots=True)
class Debt:
    """Principal, interest and fees owed on one day, each with its explanation."""

    on: date
    principal: Money
    interest: InterestResult
    fees: tuple[DatedFee, ...]

    @property
    def fee_total(self) -> Money:
        return total((fee.amount for fee in self.fees), self.principal.currency)

    @property
    def total(self) -> Money:
        return self.principal + self.interest.total + self.fee_total

    @property
    def balance(self) -> Balance:
        nothing = Money.zero(self.principal.currency)
        return Balance(self.principal, self.interest.total, self.fee_total, nothing)


def debt_on(pack: Pack, *, debtor_type: DebtorType, principal: Money, due_on: date, on: date) -> Debt:
    """What would be owed on `on`. Raises LawMissing when a rule does not cover a day it needs."""
    interest = accrue(
        pack, debtor_type=debtor_type, due_on=due_on, principal_history=((due_on, principal),), until=on
    )
    return Debt(on, principal, interest, _ladder_fees(pack, debtor_type, principal, due_on, on))


def _ladder_fees(
    pack: Pack, debtor_type: DebtorType, principal: Money, due_on: date, until: date
) -> tuple[DatedFee, ...]:
    fees: list[DatedFee] = []
    sent: list[SentLetter] = []
    for letter in pack.ladder:
        day = earliest_on(pack, kind=letter, debtor_type=debtor_type, due_on=due_on, sent=sent).on
        if day > until:
            break
        sent.append(SentLetter(letter, day))
        kind = FEE_OF_LETTER[letter]
        charged = [ChargedFee(fee.kind, fee.on, fee.amount) for fee in fees]
        decision = fee_for(
            pack,
            kind=kind,
            debtor_type=debtor_type,
            principal=principal,
            on=day,
            charged=charged,
            due_on=due_on,
        )
        fees.append(DatedFee(kind, day, decision))
    return tuple(fees)

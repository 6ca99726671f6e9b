"""The debt at a date, if every chargeable step of the ladder were taken on its first lawful day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sovinto.domain.claim_class import Balance
from sovinto.domain.law.fee_caps import cap_row, lump_sum_row
from sovinto.domain.law.fees import ChargedFee, FeeDecision, FeeFacts, cap_for, fee_for, lump_sum_for
from sovinto.domain.law.interest import InterestResult, accrue
from sovinto.domain.law.kinds import FeeKind, LetterKind, Sender
from sovinto.domain.law.model import Pack, find_unless_ended
from sovinto.domain.law.rows import Citation, FeeRow
from sovinto.domain.law.waits import EarliestDay, SentLetter, earliest_on
from sovinto.domain.money import Money, total
from sovinto.errors import LawMissing

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DatedFee:
    """A fee on the day its letter leaves. `absorbed` is what a lump sum, or the fees beside it, cover."""

    kind: FeeKind
    on: date
    decision: FeeDecision
    amount: Money
    rules: tuple[Citation, ...]

    @property
    def absorbed(self) -> Money:
        return self.decision.amount - self.amount


@dataclass(frozen=True, slots=True)
class Debt:
    """Principal, interest and fees owed on one day, each with its explanation.

    `cap` is the most that fees and lump sum may come to, None where the law names no total.
    """

    on: date
    principal: Money
    interest: InterestResult
    fees: tuple[DatedFee, ...]
    cap: Money | None
    cap_rules: tuple[Citation, ...]

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

    @property
    def unconfirmed(self) -> tuple[str, ...]:
        """The ids of the assumed rules behind the figures, each once, in order of appearance."""
        cited = [*self.interest.rules]
        cited += [rule for fee in self.fees for rule in fee.rules]
        ids = [rule.rule_id for rule in (*cited, *self.cap_rules) if not rule.is_confirmed]
        return tuple(dict.fromkeys(ids))


def debt_on(pack: Pack, facts: FeeFacts, *, due_on: date, on: date) -> Debt:
    """What would be owed on `on`. Raises LawMissing when a rule does not cover a day it needs."""
    interest = accrue(
        pack,
        debtor_type=facts.debtor_type,
        due_on=due_on,
        principal_history=((due_on, facts.principal),),
        until=on,
    )
    steps = ladder_fees(pack, facts, due_on=due_on, until=on)
    fees = with_lump_sum(pack, facts, steps, due_on=due_on, until=on)
    cap, cap_rules = _cap(pack, facts, due_on, on)
    return Debt(on, facts.principal, interest, fees, cap, cap_rules)


def ladder_fees(pack: Pack, facts: FeeFacts, *, due_on: date, until: date) -> tuple[DatedFee, ...]:
    """The fee of each letter of the standard ladder on its first lawful day, a lump sum left aside."""
    fees: list[DatedFee] = []
    sent: list[SentLetter] = []
    # Letters that cost nothing still decide the day of the next one that does.
    free: list[Citation] = []
    for letter in pack.ladder(facts.debtor_type):
        earliest = _earliest_until(pack, facts, letter, due_on, sent, until)
        if earliest is None:
            break
        sent.append(SentLetter(letter, earliest.on))
        free.extend(earliest.rules)
        kind = fee_of_letter(pack, facts, letter, earliest.on)
        if kind is None:
            continue
        decision = fee_for(
            pack,
            facts,
            kind=kind,
            on=earliest.on,
            charged=[ChargedFee(fee.kind, fee.on, fee.amount) for fee in fees],
            letter=letter,
            due_on=due_on,
            sent=sent[:-1],
        )
        rules = (*decision.rules, *free)
        free.clear()
        fees.append(DatedFee(kind, earliest.on, decision, decision.amount, rules))
    return tuple(fees)


def _earliest_until(
    pack: Pack,
    facts: FeeFacts,
    letter: LetterKind,
    due_on: date,
    sent: Sequence[SentLetter],
    until: date,
) -> EarliestDay | None:
    """None for a letter whose turn comes later, also where its law is not known yet by then."""
    try:
        earliest = earliest_on(pack, kind=letter, debtor_type=facts.debtor_type, due_on=due_on, sent=sent)
    except LawMissing as missing:
        if missing.on is not None and missing.on > until:
            return None
        raise
    return earliest if earliest.on <= until else None


def fee_of_letter(pack: Pack, facts: FeeFacts, letter: LetterKind, on: date) -> FeeKind | None:
    """What an agency's letter of this kind earns, None where it earns nothing."""
    claim = facts.claim_kind
    row = find_unless_ended(
        pack,
        FeeRow,
        debtor_type=facts.debtor_type,
        on=on,
        what=f"the fee of a {letter.value}",
        where=lambda row: (
            letter in row.letters and Sender.AGENCY in row.senders and claim in row.claim_kinds
        ),
    )
    return None if row is None else row.kind


def with_lump_sum(
    pack: Pack, facts: FeeFacts, steps: Sequence[DatedFee], *, due_on: date, until: date
) -> tuple[DatedFee, ...]:
    """The steps beside the lump sum: where it offsets fees the debtor owes whichever is larger."""
    first = due_on + _DAY
    row = lump_sum_row(pack, facts, due_on)
    if row is None or first > until:
        return tuple(steps)
    lump = lump_sum_for(pack, facts, due_on=due_on, on=due_on + _DAY, charged=())
    nothing = Money.zero(pack.currency)
    fees = total((step.amount for step in steps), pack.currency)
    is_lump_owed = not row.offsets or lump.amount >= fees
    lines = [DatedFee(FeeKind.LUMP_SUM, first, lump, lump.amount if is_lump_owed else nothing, lump.rules)]
    for step in steps:
        amount = nothing if row.offsets and is_lump_owed else step.amount
        lines.append(DatedFee(step.kind, step.on, step.decision, amount, step.rules))
    return tuple(lines)


def _cap(pack: Pack, facts: FeeFacts, due_on: date, on: date) -> tuple[Money | None, tuple[Citation, ...]]:
    if on <= due_on:
        return None, ()
    cap = cap_for(pack, facts, on=on)
    if cap is None:
        return None, (cap_row(pack, facts, on=on).citation,)
    row = lump_sum_row(pack, facts, due_on)
    if row is None:
        return cap.amount, cap.rules
    lump = lump_sum_for(pack, facts, due_on=due_on, on=due_on + _DAY, charged=()).amount
    amount = max(cap.amount, lump) if row.offsets else cap.amount + lump
    return amount, (*cap.rules, row.citation)

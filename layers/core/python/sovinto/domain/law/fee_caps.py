"""The most that all fees of a claim may come to, and the lump sum between businesses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sovinto.domain.explanation import Explanation
from sovinto.domain.law.fee_facts import ChargedFee, FeeDecision, FeeFacts, tariff_row, worked_fee
from sovinto.domain.law.kinds import FeeKind, Sender
from sovinto.domain.law.model import Pack, explain, find_unless_ended, in_force
from sovinto.domain.law.rows import Citation, FeeCapRow, LumpSumRow
from sovinto.domain.law.tariff import band_amount, work_out
from sovinto.domain.money import Money, total


def cap_for(pack: Pack, facts: FeeFacts, *, on: date, sender: Sender = Sender.AGENCY) -> FeeDecision | None:
    """The most that all fees of one claim may come to; None where the law names no total.

    Raises LawMissing.
    """
    row = cap_row(pack, facts, on=on)
    if row.is_open:
        return None
    if row.tariff is not None:
        worked = work_out(pack, row.tariff, principal=facts.principal, debtor_type=facts.debtor_type, on=on)
        return _cap(row.citation, worked.amount, facts, worked.rules)
    amount, rules = Money.zero(pack.currency), tuple[Citation, ...]()
    for part in row.parts:
        fee = tariff_row(pack, facts, part.kind, sender, on)
        worked = worked_fee(pack, facts, fee, on, sender)
        amount += total([worked.amount] * part.times, pack.currency)
        rules = (*rules, fee.citation, *worked.rules)
    return _cap(row.citation, amount, facts, rules)


def cap_row(pack: Pack, facts: FeeFacts, *, on: date) -> FeeCapRow:
    """The rule on the total of fees, also where it leaves the total open. Raises LawMissing."""
    return in_force(
        pack,
        FeeCapRow,
        debtor_type=facts.debtor_type,
        on=on,
        what="the total of fees",
        where=lambda row: facts.claim_kind in row.claim_kinds,
    )


def _cap(citation: Citation, amount: Money, facts: FeeFacts, rules: tuple[Citation, ...]) -> FeeDecision:
    why = explain(citation, "cap by principal", principal=facts.principal.decimal(), cap=amount.decimal())
    return FeeDecision(amount, why, rules=(citation, *rules))


def lump_sum_row(pack: Pack, facts: FeeFacts, due_on: date) -> LumpSumRow | None:
    """The rule of the first day of delay, None where the law gives this debtor's creditor none.

    Raises LawMissing where the pack's rules on it have ended before that day.
    """
    first = due_on + timedelta(days=1)
    return find_unless_ended(pack, LumpSumRow, debtor_type=facts.debtor_type, on=first, what="the lump sum")


def lump_sum_for(
    pack: Pack,
    facts: FeeFacts,
    *,
    due_on: date | None,
    on: date,
    charged: Sequence[ChargedFee],
) -> FeeDecision:
    """What is left of the standard compensation once fees that it offsets are counted against it.

    Zero where the country gives none to this debtor type: it is an addition, so absence is an answer.
    Zero too before the first day of delay; without `due_on`, `on` is taken for it. Raises LawMissing.
    """
    row = lump_sum_row(pack, facts, due_on or on - timedelta(days=1))
    if row is None:
        nothing = Explanation("none", "", "no lump sum for this kind of debtor")
        return FeeDecision(Money.zero(pack.currency), nothing, "the law gives no lump sum here")
    if due_on is not None and on <= due_on:
        early = explain(row.citation, "from the first day of delay", due_on=due_on, on=on)
        reason = f"no lump sum on or before {due_on.isoformat()}"
        return FeeDecision(Money.zero(pack.currency), early, reason)
    offset = [fee.amount for fee in charged if row.offsets or fee.kind is FeeKind.LUMP_SUM]
    spent = total(offset, pack.currency)
    lump = band_amount(row.bands, facts.principal)
    amount = max(lump - spent, Money.zero(pack.currency))
    why = explain(row.citation, "lump sum - fees", lump_sum=lump.decimal(), fees=spent.decimal())
    reason = "" if amount else "the fees are above the lump sum, which they offset"
    return FeeDecision(amount, why, reason, (row.citation,))

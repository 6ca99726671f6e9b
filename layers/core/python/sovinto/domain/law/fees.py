"""What one letter, plan or extension may cost the debtor: never above a cap, never twice too often."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sovinto.domain.debtor import DebtorType
from sovinto.domain.explanation import Explanation
from sovinto.domain.law.fee_facts import (
    ChargedFee,
    FeeDecision,
    FeeQuestion,
    amount_in_band,
    tariff_row,
)
from sovinto.domain.law.fee_limits import refused_by_count, refused_by_wait
from sovinto.domain.law.kinds import FeeKind, Sender
from sovinto.domain.law.model import Pack, explain, find, in_force
from sovinto.domain.law.rows import FeeRow
from sovinto.domain.law.waits import SentLetter
from sovinto.domain.money import Money, total
from sovinto.errors import InvalidInput

__all__ = ["ChargedFee", "FeeDecision", "cap_for", "fee_for", "lump_sum_for"]


def fee_for(
    pack: Pack,
    *,
    kind: FeeKind,
    debtor_type: DebtorType,
    principal: Money,
    on: date,
    charged: Sequence[ChargedFee],
    sender: Sender = Sender.AGENCY,
    instalments: int = 0,
    due_on: date | None = None,
    invoiced_on: date | None = None,
    sent: Sequence[SentLetter] = (),
) -> FeeDecision:
    """The most that `kind` may cost on that day, zero with a reason when the law gives none.

    `principal` is the claim's, `charged` all fees it carries. Where `due_on` is given the waiting
    times are checked too, against `sent` and the letters behind the charged fees; `invoiced_on` adds
    the notice the invoice must have given. Raises LawMissing when no tariff covers the day
    and InvalidInput for a negative principal.
    """
    if principal.minor < 0:
        raise InvalidInput("principal must not be negative; leave out what is over.", field="principal")
    if kind is FeeKind.LUMP_SUM:
        return lump_sum_for(pack, debtor_type=debtor_type, on=on, charged=charged)
    question = FeeQuestion(
        pack=pack,
        kind=kind,
        debtor_type=debtor_type,
        sender=sender,
        principal=principal,
        on=on,
        charged=tuple(charged),
        instalments=instalments,
        due_on=due_on,
        invoiced_on=invoiced_on,
        sent=tuple(sent),
    )
    row = tariff_row(question, kind, sender, on)
    return refused_by_count(question) or refused_by_wait(question, row) or _limited(question, row)


def lump_sum_for(
    pack: Pack, *, debtor_type: DebtorType, on: date, charged: Sequence[ChargedFee]
) -> FeeDecision:
    """What is left of the standard compensation once fees are counted against it.

    Zero where the country gives none to this debtor type: it is an addition, so absence is an answer.
    """
    spent = total((fee.amount for fee in charged), pack.currency)
    row = find(pack.lump_sums, debtor_type=debtor_type, on=on)
    if row is None:
        nothing = Explanation("none", "", "no lump sum for this kind of debtor")
        return FeeDecision(Money.zero(pack.currency), nothing, "the law gives no lump sum here")
    amount = max(row.amount - spent, Money.zero(pack.currency))
    why = explain(row.citation, "lump sum - fees", lump_sum=row.amount.decimal(), fees=spent.decimal())
    return FeeDecision(amount, why, "" if amount else "the fees are above the lump sum, which they offset")


def cap_for(pack: Pack, *, debtor_type: DebtorType, principal: Money, on: date) -> FeeDecision:
    """The most that all fees of one claim may come to. Raises LawMissing."""
    row = in_force(pack.fee_caps, debtor_type=debtor_type, on=on, what="the total of fees")
    amount = amount_in_band(row.bands, principal)
    return FeeDecision(
        amount,
        explain(row.citation, "cap by principal", principal=principal.decimal(), cap=amount.decimal()),
    )


def _limited(question: FeeQuestion, row: FeeRow) -> FeeDecision:
    """The tariff, cut to what the lump sum and the total cap leave."""
    tariff = amount_in_band(row.bands, question.principal, question.instalments)
    inputs = {"principal": question.principal.decimal(), "tariff": tariff.decimal()}
    if not tariff:
        return FeeDecision(tariff, explain(row.citation, "tariff", **inputs), row.citation.note or "no fee")
    beyond = _beyond_lump_sum(question, tariff)
    if beyond < tariff:
        lump = in_force(
            question.pack.lump_sums, debtor_type=question.debtor_type, on=question.on, what="the lump sum"
        )
        why = explain(lump.citation, "fees beyond the lump sum", **inputs)
        tariff, reason = beyond, "the lump sum charged before is counted against it"
    else:
        why, reason = explain(row.citation, "tariff by principal", **inputs), ""
    cap = cap_for(
        question.pack, debtor_type=question.debtor_type, principal=question.principal, on=question.on
    )
    left = max(cap.amount - question.charged_total, question.nothing)
    if left < tariff:
        return FeeDecision(left, cap.explanation, f"all fees together may come to {cap.amount.decimal()}")
    return FeeDecision(tariff, why, reason)


def _beyond_lump_sum(question: FeeQuestion, tariff: Money) -> Money:
    """The part of `tariff` that a lump sum charged before does not cover yet.

    All in all the debtor owes the larger of the lump sum and the fees, so what this fee adds is
    that larger sum less what is charged.
    """
    lump = total(
        (fee.amount for fee in question.charged if fee.kind is FeeKind.LUMP_SUM), question.pack.currency
    )
    if not lump:
        return tariff
    earlier = [
        amount_in_band(tariff_row(question, fee.kind, fee.sender, fee.on).bands, question.principal)
        for fee in question.earned
    ]
    owed = max(lump, total([*earlier, tariff], question.pack.currency))
    return min(tariff, max(owed - question.charged_total, question.nothing))

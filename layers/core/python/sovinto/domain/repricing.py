"""Fees after a credit note: the tariff goes by what was really owed on the day of the letter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sovinto.domain.case import Case
from sovinto.domain.claim_interest import CREDIT_NOTE
from sovinto.domain.law.fee_facts import ChargedFee, FeeDecision, FeeFacts
from sovinto.domain.law.fees import fee_for
from sovinto.domain.law.kinds import FeeKind
from sovinto.domain.law.model import Pack
from sovinto.domain.ledger import Entry
from sovinto.domain.money import Money, total
from sovinto.domain.posting import Occasion
from sovinto.domain.standing_fees import charged_less, fee_amount, standing_fees


def principal_on(case: Case, entries: Sequence[Entry], on: date) -> Money:
    """The invoices less the credit notes that count from that day or an earlier one; payments left out."""
    placed = total((claim.principal for claim in case.claims), case.currency)
    credited = sum(
        line.amount.minor
        for entry in entries
        if entry.kind == CREDIT_NOTE and entry.value_on <= on
        for line in entry.lines
        if line.account.startswith("debtor:")
    )
    return Money(placed.minor + credited, case.currency)


def fees_repriced(
    case: Case, entries: Sequence[Entry], pack: Pack, occasion: Occasion, *, since: date, today: date
) -> tuple[Entry, ...]:
    """Lowers every standing fee from `since` on to what the reduced principal gives on its day.

    `entries` have the credit note. A fee is never raised. Raises LawMissing.
    """
    found: list[Entry] = []
    charged: list[ChargedFee] = []
    for fee in standing_fees(entries):
        amount = fee_amount(case, fee)
        if fee.value_on >= since:
            lower = _tariff(case, fee, principal_on(case, entries, fee.value_on), pack, charged)
            if lower.amount < amount:
                found += charged_less(case, fee, lower, occasion, today)
                amount = lower.amount
        if amount:
            charged.append(ChargedFee(FeeKind(fee.label), fee.value_on, amount))
    return tuple(found)


def _tariff(
    case: Case, fee: Entry, principal: Money, pack: Pack, charged: Sequence[ChargedFee]
) -> FeeDecision:
    """The waits were kept when it was charged; VAT is on top where it was."""
    why = dict(fee.explanation.inputs) if fee.explanation is not None else {}
    facts = FeeFacts(case.debtor.debtor_type, principal, is_vat_deductible="vat_percent" not in why)
    kind = FeeKind(fee.label)
    return fee_for(pack, facts, kind=kind, on=fee.value_on, charged=tuple(charged))

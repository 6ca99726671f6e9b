"""Fees that the debtor owes still, and the correcting entry that takes one back, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sovinto.domain.case import Case
from sovinto.domain.claim_class import ClaimClass
from sovinto.domain.law.fee_facts import FeeDecision
from sovinto.domain.ledger import Entry, debtor_account
from sovinto.domain.money import Money
from sovinto.domain.posting import Occasion, charge


def standing_fees(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The fees that were charged and not reversed, in the order of their days."""
    reversed_ids = {entry.reverses for entry in entries}
    standing = (e for e in entries if e.kind == "fee_charged" and e.entry_id not in reversed_ids)
    return tuple(sorted(standing, key=lambda entry: (entry.value_on, entry.posted_at)))


def fee_amount(case: Case, fee: Entry) -> Money:
    return fee.amount_on(debtor_account(case.case_id, ClaimClass.FEE), case.currency)


def reversal(case: Case, fee: Entry, occasion: Occasion, on: date) -> Entry:
    """Takes the fee back as a whole; one that was paid becomes credit for the rest of the debt."""
    taken_back = charge(
        case,
        occasion,
        claim_class=ClaimClass.FEE,
        kind="fee_reversed",
        label=fee.label,
        amount=-fee_amount(case, fee),
        value_on=on,
        explanation=fee.explanation,
    )
    entry_id = occasion.entry_id("fee_reversed", fee.entry_id)
    return replace(taken_back, entry_id=entry_id, reverses=fee.entry_id)


def charged_less(
    case: Case, fee: Entry, decision: FeeDecision, occasion: Occasion, on: date
) -> tuple[Entry, ...]:
    """The fee reversed and charged anew, lower, for the same day; `source` still names its letter."""
    taken_back = reversal(case, fee, occasion, on)
    if not decision.amount:
        return (taken_back,)
    anew = charge(
        case,
        occasion,
        claim_class=ClaimClass.FEE,
        kind="fee_charged",
        label=fee.label,
        amount=decision.amount,
        value_on=fee.value_on,
        explanation=decision.explanation,
    )
    entry_id = occasion.entry_id("fee_charged", fee.entry_id)
    return (taken_back, replace(anew, entry_id=entry_id, source=fee.source or fee.event_id))

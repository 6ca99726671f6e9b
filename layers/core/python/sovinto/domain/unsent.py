"""A message that was planned and never left: its step did not happen, and its fee is taken back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from sovinto.domain.case import Case
from sovinto.domain.claim_class import ClaimClass
from sovinto.domain.communication import Communication, SendingState
from sovinto.domain.ledger import Entry, debtor_account
from sovinto.domain.posting import Occasion, charge


def undone_step(case: Case, item: Communication) -> Case:
    """The case without the step that planned this message, and without the channel that refused it."""
    if item.event_id is None:
        return case
    undone = case.without_step(item.event_id, f"{item.state.value}: {item.reason}")
    return undone.without_channel(item.channel) if item.state is SendingState.FAILED else undone


def reversed_fees(
    case: Case, entries: Iterable[Entry], item: Communication, occasion: Occasion, on: date
) -> tuple[Entry, ...]:
    """What the message would have cost the debtor, taken back; a paid fee is credit for the rest."""
    account = debtor_account(case.case_id, ClaimClass.FEE)
    return tuple(
        replace(
            charge(
                case,
                occasion,
                claim_class=ClaimClass.FEE,
                kind="fee_reversed",
                label=fee.label,
                amount=-fee.amount_on(account, case.currency),
                value_on=on,
                explanation=fee.explanation,
            ),
            reverses=fee.entry_id,
        )
        for fee in entries
        if fee.kind == "fee_charged" and fee.event_id == item.event_id
    )

"""A message that was planned and never left: its step did not happen, and its fee is taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sovinto.domain.case import Case
from sovinto.domain.communication import Communication, SendingState
from sovinto.domain.ledger import Entry
from sovinto.domain.parties import copied_step, receiver_id, waiting_for, without_party_channel
from sovinto.domain.posting import Occasion
from sovinto.domain.standing_fees import reversal, standing_fees
from sovinto.domain.unheard import ASTRAY


def undone_step(case: Case, item: Communication) -> Case:
    """The case without the step that planned this message, and without the channel that refused it."""
    if item.event_id is None:
        return _without_copy(case, item)
    undone = case.without_step(item.event_id, f"{item.state.value}: {item.reason}")
    # A message to a former debtor says nothing of where the new one is reached.
    is_theirs = case.debtor_since is None or item.planned_at >= case.debtor_since
    is_refused = is_theirs and item.state is SendingState.FAILED
    return undone.without_channel(item.channel) if is_refused else undone


def _without_copy(case: Case, item: Communication) -> Case:
    """A co-debtor's copy is no step of its own: a refused address is not tried again, and one that was
    withheld waits until it may go."""
    step = copied_step(item)
    if item.state is not SendingState.FAILED:
        return waiting_for(case, receiver_id(item), step) if step and item.reason != ASTRAY else case
    return without_party_channel(case, receiver_id(item), item.channel)


def reversed_fees(
    case: Case, entries: Sequence[Entry], item: Communication, occasion: Occasion, on: date
) -> tuple[Entry, ...]:
    """What the message would have cost the debtor, taken back unless something else did so before.

    A fee that was charged anew, lower, names in `source` the change that planned the message.
    """
    return tuple(
        reversal(case, fee, occasion, on)
        for fee in standing_fees(entries)
        if item.event_id is not None and item.event_id in (fee.event_id, fee.source)
    )

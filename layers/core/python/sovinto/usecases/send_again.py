"""Plan a letter again that never left: by post after a bounce, after a hold, or to a new address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from sovinto.domain.case import Case
from sovinto.domain.communication import Communication, SendingState
from sovinto.domain.event import Event
from sovinto.domain.fairness import letter_channel
from sovinto.domain.posting import Occasion
from sovinto.domain.unheard import TOLD_WHEN_SENT, renewed
from sovinto.ids import CommunicationId, EventId, derived
from sovinto.usecases.step_context import address_of, case_event


def planned_again(
    case: Case, items: Iterable[Communication], occasion: Occasion, today: date
) -> tuple[tuple[Communication, ...], tuple[Event, ...]]:
    """For the case as it will be stored; nothing where it stands still or nothing leads to the debtor, and
    nothing that was written to a former one.

    Each is a message of its own with the same facts: what never left stays as it was. Raises nothing.
    """
    channel = letter_channel(case)
    if channel is None or not case.may_be_contacted:
        return (), ()
    messages, events = [], []
    for item in items:
        letter = renewed(item.letter, case, channel, today) if item.letter is not None else None
        is_of_another = case.debtor_since is not None and item.planned_at < case.debtor_since
        if is_of_another or (letter is None and item.template not in TOLD_WHEN_SENT):
            continue
        own = Occasion(EventId(derived("evt", occasion.event_id, item.communication_id)), occasion.at)
        again = replace(
            item,
            communication_id=CommunicationId(derived("com", own.event_id, item.template, channel.value)),
            channel=channel,
            to=address_of(case, channel),
            letter=letter,
            planned_at=occasion.at,
            state=SendingState.PLANNED,
            reason="",
            document_key="",
            subject="",
            text="",
            event_id=occasion.event_id,
        )
        data = {"communication_id": again.communication_id, "template": again.template}
        messages.append(again)
        events.append(case_event(case, own, "communication.planned", **data))
    return tuple(messages), tuple(events)

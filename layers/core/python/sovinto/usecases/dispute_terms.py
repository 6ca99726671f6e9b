"""What a dispute means beside the stop: the question to the client, and what its answer leaves behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sovinto.domain.case import Case, Dispute
from sovinto.domain.client import Client
from sovinto.domain.communication import Channel, Communication
from sovinto.domain.event import Event
from sovinto.domain.plan import CANCELLED
from sovinto.domain.posting import Occasion
from sovinto.ids import EventId, derived
from sovinto.usecases.case_file import rules_for
from sovinto.usecases.step_context import communicate


def told_client(
    case: Case, dispute: Dispute, client: Client, occasion: Occasion
) -> tuple[Communication, Event]:
    """The kind and the day only: what the debtor wrote is read on the client's pages, behind a sign-in."""
    # An occasion of its own: the receipt to the debtor has the other event of this kind.
    own = Occasion(EventId(derived("evt", occasion.event_id, "dispute_opened")), occasion.at)
    return communicate(
        case,
        own,
        channel=Channel.EMAIL,
        template="dispute_opened",
        audience="client",
        to=client.email,
        language=client.language,
        facts=(("answer_by", dispute.answer_by.isoformat()), ("dispute_kind", dispute.kind.value)),
    )


def after_dispute(case: Case, dispute: Dispute, outcome: str, now: datetime) -> Case:
    """A plan and a promise stood still while the dispute was open: what is still to be paid falls due so
    much later. Upheld, nothing is to be paid any more."""
    answered = replace(case, dispute=replace(dispute, outcome=outcome, settled_at=now))
    plan, promise = case.plan, case.promise
    is_kept = plan is not None and plan.is_active
    if outcome == "upheld":
        return replace(answered, plan=replace(plan, status=CANCELLED)) if plan and is_kept else answered
    if not is_kept and promise is None:
        return answered
    calendar = rules_for(case).calendar
    opened_on = calendar.local_date(dispute.opened_at)
    stood = calendar.local_date(now) - opened_on
    if plan is not None and is_kept:
        plan = plan.postponed(stood.days, calendar)
    if promise is not None and promise.by_on >= opened_on:
        promise = replace(promise, by_on=promise.by_on + stood)
    return replace(answered, plan=plan, promise=promise)

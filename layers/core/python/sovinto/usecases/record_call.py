"""The outcome of a call task: stored once, with everything that follows from it, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sovinto.domain.agreement import CallOutcome, CallRecord
from sovinto.domain.case import Case
from sovinto.domain.client import Client
from sovinto.domain.communication import Channel, Communication, SendingState
from sovinto.domain.facts import Facts, Rules
from sovinto.domain.posting import Occasion
from sovinto.errors import InvalidInput, NotFound, RuleRefused
from sovinto.ids import CaseId, CommunicationId
from sovinto.ports import Cases, Change, Clients, Clock
from sovinto.usecases import call_outcomes
from sovinto.usecases.call_outcomes import Call, CallParts, Effect
from sovinto.usecases.case_file import facts_of
from sovinto.usecases.retry import with_fresh_read
from sovinto.usecases.step_context import Sender, case_event

__all__ = ["CallParts", "record_call"]

MAX_NOTE = 2000

_EFFECTS: dict[CallOutcome, Callable[[Call], Effect]] = {
    CallOutcome.REACHED: call_outcomes.nothing_more,
    CallOutcome.PROMISE_TO_PAY: call_outcomes.promised,
    CallOutcome.PLAN_AGREED: call_outcomes.plan_agreed,
    CallOutcome.DISPUTE: call_outcomes.disputed,
    CallOutcome.WRONG_NUMBER: call_outcomes.wrong_number,
    CallOutcome.WRONG_PERSON: call_outcomes.wrong_person,
    CallOutcome.CALL_BACK: call_outcomes.call_back,
    CallOutcome.NO_ANSWER: call_outcomes.no_answer,
}


@dataclass(frozen=True, slots=True)
class _Task:
    item: Communication
    outcome: CallOutcome
    by: str
    parts: CallParts


def record_call(
    case_id: CaseId,
    communication_id: CommunicationId,
    outcome: CallOutcome,
    *,
    by: str,
    parts: CallParts,
    cases: Cases,
    clients: Clients,
    sender: Sender,
    clock: Clock,
) -> Case:
    """The task leaves the list of calls. Told again, the same outcome changes nothing.

    Raises NotFound, InvalidInput (a part that the outcome needs), RuleRefused (another outcome than the
    one recorded, or one that this case does not allow), LawMissing.
    """
    _check(by, parts)

    def once() -> Case:
        item = cases.communication(case_id, communication_id)
        if item.channel is not Channel.CALL:
            raise NotFound(f"there is no call task {communication_id}")
        facts, rules = facts_of(case_id, cases, clock.now())
        if (recorded := _recorded(facts.case, item)) is not None:
            return _repeated(facts.case, recorded, outcome)
        if item.state is SendingState.WITHHELD:
            raise RuleRefused(
                "communication_id names a call that was taken back; take one from the list of calls",
                field="communication_id",
            )
        client = clients.load(facts.case.client_id)
        task = _Task(item, outcome, by.strip(), parts)
        return _store(task, facts, rules, client, sender, cases)

    return with_fresh_read(once)


def _check(by: str, parts: CallParts) -> None:
    if not by.strip() or len(by) > 200:
        raise InvalidInput("by must name the collector who called, in 1 to 200 characters", field="by")
    if len(parts.text) > MAX_NOTE:
        raise InvalidInput(f"text must be at most {MAX_NOTE} characters; shorten it", field="text")


def _recorded(case: Case, item: Communication) -> CallRecord | None:
    return next((call for call in case.calls if call.communication_id == item.communication_id), None)


def _repeated(case: Case, recorded: CallRecord, outcome: CallOutcome) -> Case:
    if recorded.outcome is not outcome:
        raise RuleRefused(
            f"this call was recorded as {recorded.outcome.value}; a call has one outcome, record another "
            "call instead",
            field="outcome",
        )
    return case


def _store(task: _Task, facts: Facts, rules: Rules, client: Client, sender: Sender, cases: Cases) -> Case:
    case, occasion, item = facts.case, Occasion.of_case(facts.case, facts.now), task.item
    step = next((record for record in case.steps if record.event_id == item.event_id), None)
    record = CallRecord(
        communication_id=item.communication_id,
        outcome=task.outcome,
        at=facts.now,
        by=task.by,
        step=step.step.value if step is not None else "",
        # The words of a dispute are the dispute's own.
        note="" if task.outcome is CallOutcome.DISPUTE else task.parts.text,
    )
    effect = _EFFECTS[task.outcome](
        Call(facts, rules, client, sender, item, record, step, task.parts, cases)
    )
    called = replace(item, state=SendingState.SENT, sent_at=facts.now, reason=task.outcome.value)
    newer = replace(effect.draft.case, version=case.version + 1, calls=(*case.calls, record))
    told = case_event(
        case,
        occasion,
        "call.recorded",
        communication_id=item.communication_id,
        outcome=task.outcome.value,
    )
    cases.commit(
        Change(
            case=newer,
            entries=effect.draft.entries,
            communications=effect.draft.communications,
            called=(called,),
            events=(told, *effect.draft.events),
            guards=effect.guards,
            wake_at=facts.now if newer.is_open else None,
        )
    )
    return newer

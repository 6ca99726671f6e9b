"""The calls that collectors have to make, each with what they need on the phone, as of now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sovinto.domain.case import Case, Step
from sovinto.domain.communication import Channel, Communication
from sovinto.domain.facts import Facts, Rules
from sovinto.domain.posting import Occasion
from sovinto.domain.timeline import Act, Wait, decide
from sovinto.errors import LawMissing
from sovinto.ports import CallTasks, Cases, Clients, Clock
from sovinto.usecases.call_script import call_script
from sovinto.usecases.case_file import facts_of
from sovinto.usecases.step_context import Sender, StepContext

MOST = 50


@dataclass(frozen=True, slots=True)
class OpenCall:
    """`script` holds what `call_script` tells: the debt by class, the hours of the coming week, offers."""

    case: Case
    task: Communication
    script: tuple[tuple[str, str], ...]


def list_calls(
    *,
    tasks: CallTasks,
    cases: Cases,
    clients: Clients,
    sender: Sender,
    clock: Clock,
    collector_id: str = "",
) -> tuple[OpenCall, ...]:
    """At most 50, oldest first: only of cases that may be contacted, by numbers that lead to the debtor,
    and not of a debtor who keeps a plan or whose promised day has not passed.

    With `collector_id`, of that collector's own cases only. The script is made anew, because money may
    have come since the call was planned; where a law has no row for today it is the one of that day.
    """
    now = clock.now()
    found = (call for task in tasks.open() if (call := _call(task, cases, clients, sender, now)))
    own = (call for call in found if not collector_id or _owner(call.case) == collector_id)
    return tuple(islice(own, MOST))


def _owner(case: Case) -> str:
    return case.owner.collector_id if case.owner else ""


def _call(
    task: Communication, cases: Cases, clients: Clients, sender: Sender, now: datetime
) -> OpenCall | None:
    """None where nobody is to be called: the index tells of tasks, the case of what happened since."""
    case = cases.load(task.case_id)
    if not case.may_be_contacted or Channel.CALL in case.refused_channels:
        return None
    try:
        facts, rules = facts_of(task.case_id, cases, now)
        if not facts.case.may_be_contacted or Channel.CALL in facts.case.refused_channels:
            return None
        if _has_given_word(facts, rules):
            return None
        act = Act(_step(task, facts.case), "due")
        occasion = Occasion.of_case(facts.case, now)
        client = clients.load(task.client_id)
        return OpenCall(case, task, call_script(StepContext(facts, rules, act, occasion, client, sender)))
    except LawMissing:
        return OpenCall(case, task, task.facts)


def _has_given_word(facts: Facts, rules: Rules) -> bool:
    """Asked as the timeline asks it, so that list and timeline agree on the day a promise is over."""
    if facts.case.plan is not None and facts.case.plan.is_active:
        return True
    decision = decide(facts, rules)
    return isinstance(decision, Wait) and decision.reason == "promise_awaited"


def _step(task: Communication, case: Case) -> Step:
    """The step that planned it, as its record or its own script tells."""
    records: Iterator[Step] = (item.step for item in case.steps if item.event_id == task.event_id)
    return next(records, Step(dict(task.facts).get("step", Step.CALL_DEBTOR)))

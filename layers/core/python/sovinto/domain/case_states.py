"""The situations a case can be in, by name: what `decide` found, without its days and its reasons."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from sovinto.domain.case import Case, Closure, Step
from sovinto.domain.facts import Facts, Rules
from sovinto.domain.timeline import Act, Decision, Done, Wait, decide


class CaseState(StrEnum):
    """In the order in which `decide` asks: a state further up hides those below it."""

    CLOSED = "closed"
    DISPUTED = "disputed"
    HOLD_OVER = "hold_over"
    ON_HOLD = "on_hold"
    SETTLED = "settled"
    TIME_BARRED = "time_barred"
    PLAN_KEPT = "plan_kept"
    INSTALMENT_MISSED = "instalment_missed"
    INSTALMENT_DUE = "instalment_due"
    INSTALMENT_AWAITED = "instalment_awaited"
    PLAN = "plan"
    PROMISED = "promised"
    ANSWER_LATE = "answer_late"
    ASKED = "asked"
    DUE = "due"
    WAITING = "waiting"


LADDER = frozenset({CaseState.DUE, CaseState.WAITING})
"""On the steps of the policy: the next one is due, or lies ahead. Nothing is below."""

_BY_STEP = {
    Step.REMIND_CLIENT: CaseState.DISPUTED,
    Step.END_HOLD: CaseState.HOLD_OVER,
    Step.EXPIRE_APPROVAL: CaseState.ANSWER_LATE,
    Step.BREAK_PLAN: CaseState.INSTALMENT_MISSED,
    Step.REMIND_INSTALMENT: CaseState.INSTALMENT_DUE,
}
_BY_END = {
    "paid": CaseState.SETTLED,
    Closure.TIME_BARRED.value: CaseState.TIME_BARRED,
    "plan_kept": CaseState.PLAN_KEPT,
}
ON_PLAN = frozenset(
    {
        CaseState.PLAN_KEPT,
        CaseState.INSTALMENT_MISSED,
        CaseState.INSTALMENT_DUE,
        CaseState.INSTALMENT_AWAITED,
        CaseState.PLAN,
    }
)


def state_of(facts: Facts, rules: Rules) -> CaseState:
    """The state that decides what happens next. Raises LawMissing, as `decide` does."""
    return _named(decide(facts, rules), facts.case)


def states_of(facts: Facts, rules: Rules) -> tuple[CaseState, ...]:
    """That state and every one that comes up when those before it are gone; raises LawMissing."""
    found = [state_of(facts, rules)]
    while (below := _without(found[-1], facts.case)) is not None:
        facts = replace(facts, case=below)
        found.append(state_of(facts, rules))
    return tuple(found)


def _named(decision: Decision, case: Case) -> CaseState:
    match decision:
        case Done():
            return CaseState.CLOSED
        case Act():
            ended = _BY_END.get(decision.reason) if decision.step is Step.CLOSE_CASE else None
            return ended or _BY_STEP.get(decision.step, CaseState.DUE)
        case Wait():
            return _awaited(case, decision.reason)


def _awaited(case: Case, reason: str) -> CaseState:
    if case.is_disputed:
        return CaseState.DISPUTED
    if case.active_holds:
        return CaseState.ON_HOLD
    if case.plan is not None and case.plan.is_active:
        return CaseState.INSTALMENT_AWAITED if reason == "instalment_awaited" else CaseState.PLAN
    if reason == "promise_awaited":
        return CaseState.PROMISED
    return CaseState.ASKED if reason.startswith("approval:") else CaseState.WAITING


def _without(state: CaseState, case: Case) -> Case | None:
    """The case as it stands below a state; None where nothing is below."""
    if state is CaseState.DISPUTED:
        return replace(case, dispute=None)
    if state in (CaseState.ON_HOLD, CaseState.HOLD_OVER):
        return replace(case, holds=())
    if state in ON_PLAN:
        return replace(case, plan=None)
    if state is CaseState.PROMISED:
        return replace(case, promise=None)
    if state in (CaseState.ASKED, CaseState.ANSWER_LATE):
        answered = tuple(item for item in case.approvals if not item.is_open)
        return replace(case, approvals=answered)
    return None

"""The end of a case from outside the timeline: bankruptcy, death, a minor, or the client takes it back."""

from __future__ import annotations

from dataclasses import replace

from sovinto.domain.case import Case, Closure, Step, StepRecord
from sovinto.domain.debtor import Liability
from sovinto.domain.plan import CANCELLED
from sovinto.domain.posting import Occasion
from sovinto.errors import InvalidInput, NotAllowed, RuleRefused
from sovinto.ids import CaseId, ClientId
from sovinto.ports import Cases, Change, Clock
from sovinto.usecases.case_file import rules_for
from sovinto.usecases.hold_case import check_by, check_owner
from sovinto.usecases.retry import with_fresh_read
from sovinto.usecases.step_context import case_event

STOPS = (Closure.INSOLVENT, Closure.DEBTOR_DIED, Closure.DEBTOR_MINOR, Closure.WITHDRAWN)


def stop_case(
    case_id: CaseId,
    closure: Closure,
    *,
    by: str,
    cases: Cases,
    clock: Clock,
    client_id: ClientId | None = None,
) -> Case:
    """Closes at once; nothing is sent after the commit. Interest stays as posted, a plan is cancelled.

    A client (`client_id`) may withdraw its own case; all else is for the agency to say. Raises NotFound,
    NotAllowed, InvalidInput, and RuleRefused for a case that is closed.
    """
    check_by(by)
    if closure not in STOPS:
        allowed = ", ".join(item.value for item in STOPS)
        raise InvalidInput(
            f"closure must be one of {allowed}; other ends come by themselves", field="closure"
        )
    if client_id is not None and closure is not Closure.WITHDRAWN:
        raise NotAllowed("closure must be withdrawn when the client ends a case; tell us what happened")

    def once() -> Case:
        case = cases.load(case_id)
        check_owner(case, client_id)
        if case.closure is not None:
            raise RuleRefused(f"the case is closed already ({case.closure.value}); nothing is left to stop")
        _check_nobody_else_owes(case, closure)
        return _stop(case, closure, by, cases, clock)

    return with_fresh_read(once)


def _check_nobody_else_owes(case: Case, closure: Closure) -> None:
    """What happened to the debtor frees no joint debtor: each owes the whole. Raises RuleRefused."""
    joint = [p.party_id for p in case.co_debtors if p.liability is Liability.JOINT and not p.is_released]
    if closure is not Closure.WITHDRAWN and joint:
        raise RuleRefused(
            f"joint debtors still owe this debt ({', '.join(joint)}); place the case on hold, or release "
            f"each of them before it ends as {closure.value}",
            field="closure",
        )


def _stop(case: Case, closure: Closure, by: str, cases: Cases, clock: Clock) -> Case:
    now = clock.now()
    occasion = Occasion.of_case(case, now)
    today = rules_for(case).calendar.local_date(now)
    record = StepRecord(Step.CLOSE_CASE, now, today, "performed", closure.value, event_id=occasion.event_id)
    has_plan = case.plan is not None and case.plan.is_active
    stopped = replace(
        case.with_step(record),
        plan=replace(case.plan, status=CANCELLED) if case.plan is not None and has_plan else case.plan,
        closure=closure,
        closed_at=now,
        closed_by=by,
        version=case.version + 1,
    )
    events = (
        case_event(case, occasion, "case.stopped", reason=closure.value),
        case_event(case, occasion, "case.closed", reason=closure.value),
    )
    cases.commit(Change(case=stopped, events=events, wake_at=now))
    return stopped

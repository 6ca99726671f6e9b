"""The end of a case from outside the timeline: bankruptcy, death, a minor, or the client takes it back.

Where somebody owes the whole debt jointly, only the debtor changes and the case goes on.
"""

from __future__ import annotations

from dataclasses import replace

from sovinto.domain.case import Case, Closure, Step, StepRecord
from sovinto.domain.plan import CANCELLED
from sovinto.domain.posting import Occasion
from sovinto.domain.succession import standing, successor
from sovinto.errors import InvalidInput, NotAllowed, RuleRefused
from sovinto.ids import CaseId, ClientId
from sovinto.ports import Cases, Change, Clock
from sovinto.usecases.case_file import rules_for
from sovinto.usecases.hold_case import check_by, check_owner
from sovinto.usecases.replace_debtor import replace_debtor
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
    party_id: str = "",
) -> Case:
    """Closes at once; nothing is sent after the commit. Interest stays as posted, a plan is cancelled.

    What happened to the debtor frees no joint debtor: the first of the debtor's own kind takes their
    place and the case stays open (`replace_debtor`). Whoever says so of a later debtor names them in
    `party_id`; said again of a former one, nothing changes.

    A client (`client_id`) may withdraw its own case; all else is for the agency to say. Raises NotFound,
    NotAllowed, InvalidInput, RuleRefused for a case that is closed or where only joint debtors of
    another kind are left, LawMissing.
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
        if closure is Closure.WITHDRAWN:
            return _stop(case, closure, by, cases, clock)
        if _is_known(case, closure, party_id):
            return case
        heir = successor(case)
        if heir is not None:
            return replace_debtor(case, heir, closure, by=by, cases=cases, clock=clock)
        _check_nobody_else_owes(case, closure)
        return _stop(case, closure, by, cases, clock)

    return with_fresh_read(once)


def _is_known(case: Case, closure: Closure, party_id: str) -> bool:
    """Whether it was recorded before: of a former debtor. Raises RuleRefused where it is not clear who."""
    formers = {former.party_id: former.reason for former in case.former_debtors}
    if party_id == case.debtor_party_id:
        return False
    if formers.get(party_id) == closure.value:
        return True
    who = f"the debtor is {case.debtor_party_id} now" if formers else "leave it out for the debtor"
    raise RuleRefused(
        f"party_id must name the debtor of the case; {who}, and a co-debtor is let go with release_party",
        field="party_id",
    )


def _check_nobody_else_owes(case: Case, closure: Closure) -> None:
    """Interest and fees of a business are not a consumer's: one cannot take over the other's case.

    Raises RuleRefused.
    """
    joint = [party.party_id for party in standing(case)]
    if joint:
        raise RuleRefused(
            f"joint debtors of another kind still owe this debt ({', '.join(joint)}); place the case on "
            f"hold, or release each of them before it ends as {closure.value}",
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

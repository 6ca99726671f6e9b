"""What the timeline does next with a case, in one word for the client's pages."""

from __future__ import annotations

from sovinto.countries import load_policy
from sovinto.domain.case import Case
from sovinto.domain.timeline import is_wanted


def next_step(case: Case) -> str:
    """The step whose turn is next, by the policy the case is bound to; empty once it is closed."""
    if case.closure is not None:
        return ""
    if not case.may_be_contacted or (case.plan is not None and case.plan.is_active):
        return "wait"
    settled = {record.step for record in case.steps if record.outcome != "skipped"}
    steps = load_policy(case.country, case.debtor.debtor_type, case.policy_id).steps
    wanted = (item.step for item in steps if is_wanted(item, case))
    return next((step.value for step in wanted if step not in settled), "close_case")

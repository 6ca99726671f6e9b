"""The answer to a question that needed a yes: once, in time, by the one who was asked."""

from __future__ import annotations

from dataclasses import replace

from sovinto.domain.agreement import Approval, ApprovalKind, ApprovalOutcome
from sovinto.domain.case import Case, Step, StepRecord
from sovinto.domain.facts import Facts, Rules
from sovinto.domain.plan_offer import with_proposal_accepted
from sovinto.domain.posting import Occasion, interest_to
from sovinto.errors import NotFound, RuleRefused
from sovinto.ids import CaseId, ClientId
from sovinto.ports import Cases, Change, Clients, Clock
from sovinto.usecases.actor import checked_actor
from sovinto.usecases.case_file import facts_of
from sovinto.usecases.plan_terms import confirmation, debt_now, plan_event
from sovinto.usecases.retry import with_fresh_read
from sovinto.usecases.step_context import Draft, Sender, case_event

_REQUESTED = {
    ApprovalKind.TRATTA: Step.ANNOUNCE_TRATTA,
    ApprovalKind.LEGAL_STEP: Step.HAND_TO_LEGAL,
    ApprovalKind.PUBLICATION: Step.PUBLISH_TRATTA,
}


def answer_approval(
    case_id: CaseId,
    approval_id: str,
    *,
    approve: bool,
    by: str,
    cases: Cases,
    clock: Clock,
    client_id: ClientId | None = None,
    clients: Clients | None = None,
    sender: Sender | None = None,
) -> Case:
    """The case as the answer leaves it; a yes lets the timeline take the step, a no lets it go on.

    A publication is answered by a person of the agency (`by` their id, no client), all else by the
    client. With `clients` and `sender` an approved plan is confirmed to the debtor in writing.
    Raises NotFound for what is absent or not theirs to answer, RuleRefused where it was answered, has
    expired or the case stands still, InvalidInput for a `by` that is no id.
    """
    checked_actor(by)
    return with_fresh_read(
        lambda: _once(
            case_id,
            approval_id,
            ApprovalOutcome.APPROVED if approve else ApprovalOutcome.DECLINED,
            by=by,
            cases=cases,
            clock=clock,
            client_id=client_id,
            clients=clients,
            sender=sender,
        )
    )


def _once(
    case_id: CaseId,
    approval_id: str,
    outcome: ApprovalOutcome,
    *,
    by: str,
    cases: Cases,
    clock: Clock,
    client_id: ClientId | None,
    clients: Clients | None,
    sender: Sender | None,
) -> Case:
    facts, rules = facts_of(case_id, cases, clock.now())
    asked = _theirs(facts.case, approval_id, client_id)
    _check(asked, facts, rules, outcome)
    answered = replace(asked, outcome=outcome, answered_at=facts.now, answered_by=by)
    if outcome is not ApprovalOutcome.APPROVED:
        draft = _declined(facts.case, asked)
    elif asked.kind is ApprovalKind.PLAN:
        draft = _with_plan(facts, rules, asked, clients, sender)
    else:
        draft = Draft(facts.case.with_step(_requested(facts, rules, asked)))
    return _store(draft, facts, asked, answered, cases)


def _theirs(case: Case, approval_id: str, client_id: ClientId | None) -> Approval:
    """The client never sees a question to the agency, nor the agency answers for the client."""
    found = next((item for item in case.approvals if item.approval_id == approval_id), None)
    if client_id is not None and case.client_id != client_id:
        raise NotFound(f"there is no case {case.case_id}")
    if found is None or (found.kind is ApprovalKind.PUBLICATION) is not (client_id is None):
        raise NotFound(f"there is no approval {approval_id} for you to answer in case {case.case_id}")
    return found


def _check(asked: Approval, facts: Facts, rules: Rules, outcome: ApprovalOutcome) -> None:
    if not facts.case.is_open:
        raise RuleRefused("the case is closed; there is nothing left to approve")
    if not asked.is_open:
        raise RuleRefused(f"approval {asked.approval_id} was answered before; an answer counts once")
    if facts.today(rules) > asked.expires_on:
        raise RuleRefused(
            f"approval {asked.approval_id} expired after {asked.expires_on}; it takes a new question"
        )
    if outcome is ApprovalOutcome.APPROVED and not facts.case.may_be_contacted:
        raise RuleRefused("the case is disputed or on hold; approve when it goes on again")


def _requested(facts: Facts, rules: Rules, asked: Approval) -> StepRecord:
    """The timeline takes a step on request when a performed record names it."""
    return StepRecord(
        Step.ASK_APPROVAL,
        facts.now,
        facts.today(rules),
        "performed",
        _REQUESTED[asked.kind].value,
        event_id=Occasion.of_case(facts.case, facts.now).event_id,
    )


def _declined(case: Case, asked: Approval) -> Draft:
    """Terms that the client refused are no longer on offer."""
    return Draft(replace(case, proposed_plan=None) if asked.kind is ApprovalKind.PLAN else case)


def _with_plan(
    facts: Facts, rules: Rules, asked: Approval, clients: Clients | None, sender: Sender | None
) -> Draft:
    """The proposed terms become the plan, with interest posted to the day it stands still."""
    case, occasion = facts.case, Occasion.of_case(facts.case, facts.now)
    if case.proposed_plan is None or case.proposed_plan.plan_id != asked.about:
        raise RuleRefused("the proposed plan was replaced meanwhile; answer the newer question")
    newer = replace(with_proposal_accepted(case, rules.calendar, facts.now), promise=None)
    if newer.plan is None:
        raise ValueError("an accepted proposal is a plan")
    until = debt_now(facts, rules).interest_to
    accrued = interest_to(case, facts.entries, rules.pack, occasion, until=until)
    told = plan_event(case, occasion, newer.plan)
    if clients is None or sender is None:
        return Draft(newer, accrued, events=(told,))
    client = clients.load(case.client_id)
    item, planned = confirmation(newer, (*facts.entries, *accrued), facts, rules, client, sender)
    return Draft(newer, accrued, (item,), (told, planned))


def _store(draft: Draft, facts: Facts, asked: Approval, answered: Approval, cases: Cases) -> Case:
    case, occasion = facts.case, Occasion.of_case(facts.case, facts.now)
    approvals = tuple(answered if item is asked else item for item in case.approvals)
    newer = replace(draft.case, approvals=approvals, version=case.version + 1)
    event = case_event(
        case,
        occasion,
        "approval.answered",
        approval_id=asked.approval_id,
        approval_kind=asked.kind.value,
        outcome=answered.outcome.value if answered.outcome else "",
    )
    cases.commit(
        Change(
            case=newer,
            entries=draft.entries,
            communications=draft.communications,
            events=(event, *draft.events),
            wake_at=facts.now,
        )
    )
    return newer

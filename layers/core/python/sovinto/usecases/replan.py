"""Terms that a collector or the client proposes: agreed at once, or asked about first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from sovinto.domain.agreement import Approval, ApprovalKind
from sovinto.domain.case import Case
from sovinto.domain.client import Client
from sovinto.domain.communication import Channel
from sovinto.domain.facts import Facts, Rules
from sovinto.domain.plan import Plan
from sovinto.domain.plan_offer import (
    LATEST_FIRST_DAYS,
    LONGEST,
    as_plan_of,
    limits_for,
    outside,
    terms,
    with_proposal,
)
from sovinto.domain.posting import Occasion
from sovinto.errors import InvalidInput, RuleRefused
from sovinto.ids import CaseId, derived
from sovinto.ports import Cases, Change, Clients, Clock
from sovinto.usecases.actor import checked_actor
from sovinto.usecases.case_file import facts_of
from sovinto.usecases.plan_terms import agreed, debt_now
from sovinto.usecases.retry import with_fresh_read
from sovinto.usecases.step_context import Draft, Sender, case_event, communicate


def propose_plan(
    case_id: CaseId,
    instalments: int,
    first_on: date,
    *,
    by: str,
    cases: Cases,
    clients: Clients,
    sender: Sender,
    clock: Clock,
) -> Plan | Approval:
    """A collector's terms, agreed with the debtor in a call, are the plan at once where they are inside
    the client's limits; outside them the client is asked, and the Approval is returned.

    `by` the case's own client: an offer, which the debtor takes up on the page (a Plan with status
    proposed); that the client owns the case is for the caller to check. New terms keep the id of the
    plan; the same terms once more are the plan as it is.
    Raises InvalidInput, RuleRefused, NotFound, LawMissing.
    """
    checked_actor(by)
    return with_fresh_read(
        lambda: _propose(
            case_id, instalments, first_on, by=by, cases=cases, clients=clients, sender=sender, clock=clock
        )
    )


def _propose(
    case_id: CaseId,
    instalments: int,
    first_on: date,
    *,
    by: str,
    cases: Cases,
    clients: Clients,
    sender: Sender,
    clock: Clock,
) -> Plan | Approval:
    facts, rules = facts_of(case_id, cases, clock.now())
    _check(instalments, first_on, facts, rules)
    client = clients.load(facts.case.client_id)
    owed = debt_now(facts, rules).total
    _check_size(owed.minor, instalments)
    offered = terms(owed, instalments, first_on, rules.calendar, facts.now)
    already = _already(facts.case, offered, is_offer=by == facts.case.client_id)
    if already is not None:
        return already
    if by == facts.case.client_id:
        _store(_offered(facts, offered), facts, cases)
        return offered_plan(facts, offered)
    why = outside(offered, facts.case.plan, limits_for(rules, client), facts.today(rules))
    if why is None:
        _store(agreed(facts, rules, offered, client, sender), facts, cases)
        return as_plan_of(facts.case, offered)
    draft, approval = _asked(facts, rules, offered, why, client)
    _store(draft, facts, cases)
    return approval


def _already(case: Case, offered: Plan, *, is_offer: bool) -> Plan | None:
    """These very terms, from a request that came before: nothing is stored or sent once more."""
    kept = case.plan if case.plan is not None and case.plan.is_active else None
    waiting = case.proposed_plan if is_offer else None
    known = (plan for plan in (kept, waiting) if plan is not None)
    return next((plan for plan in known if plan.instalments == offered.instalments), None)


def _check(instalments: int, first_on: date, facts: Facts, rules: Rules) -> None:
    case, today = facts.case, facts.today(rules)
    if not case.may_be_contacted:
        raise RuleRefused("the case is closed, disputed or on hold; a plan is agreed when it goes on again")
    asked = case.open_approval
    if asked is not None and asked.expires_on >= today:
        raise RuleRefused(
            f"approval {asked.approval_id} waits for an answer until {asked.expires_on}; "
            "propose other terms after it"
        )
    if not 1 <= instalments <= LONGEST:
        raise InvalidInput(
            f"instalments must be 1 to {LONGEST}, not {instalments}; choose a shorter plan",
            field="instalments",
        )
    latest = today + timedelta(days=LATEST_FIRST_DAYS)
    if not today < first_on <= latest:
        raise InvalidInput(
            f"first_on must lie after today and not after {latest}, not on {first_on}; choose another day",
            field="first_on",
        )


def _check_size(owed_minor: int, instalments: int) -> None:
    if owed_minor <= 0:
        raise RuleRefused("nothing is owed; there is nothing to pay in instalments")
    if owed_minor < instalments:
        raise InvalidInput(
            f"instalments must be at most {owed_minor} for what is owed; choose fewer", field="instalments"
        )


def offered_plan(facts: Facts, offered: Plan) -> Plan:
    """What the client's offer looks like in the case."""
    proposed = with_proposal(facts.case, offered).proposed_plan
    if proposed is None:
        raise ValueError("an offer is a proposed plan")
    return proposed


def _offered(facts: Facts, offered: Plan) -> Draft:
    case, occasion = facts.case, Occasion.of_case(facts.case, facts.now)
    plan = offered_plan(facts, offered)
    count = str(len(plan.instalments))
    event = case_event(case, occasion, "plan.proposed", plan_id=plan.plan_id, count=count)
    return Draft(replace(case, proposed_plan=plan, version=case.version + 1), events=(event,))


def _asked(facts: Facts, rules: Rules, offered: Plan, why: str, client: Client) -> tuple[Draft, Approval]:
    """The terms wait in the case; the question goes to the client, for a few days only."""
    case, occasion = facts.case, Occasion.of_case(facts.case, facts.now)
    plan = offered_plan(facts, offered)
    approval = Approval(
        approval_id=derived("apr", occasion.event_id, plan.plan_id),
        kind=ApprovalKind.PLAN,
        about=plan.plan_id,
        asked_at=facts.now,
        expires_on=facts.today(rules) + timedelta(days=rules.policy.approval_days),
    )
    proposed = replace(
        case, proposed_plan=plan, approvals=(*case.approvals, approval), version=case.version + 1
    )
    event = case_event(
        case,
        occasion,
        "approval.asked",
        approval_id=approval.approval_id,
        approval_kind=approval.kind.value,
        about=approval.about,
    )
    first = offered.instalments[0]
    item, planned = communicate(
        proposed,
        occasion,
        channel=Channel.EMAIL,
        template="plan_approval_request",
        audience="client",
        to=client.email,
        language=client.language,
        facts=(
            ("approval_id", approval.approval_id),
            ("expires_on", approval.expires_on.isoformat()),
            ("outside", why),
            ("count", str(len(offered.instalments))),
            ("first_due_on", first.due_on.isoformat()),
            ("first_amount", f"{first.amount.decimal()} {first.amount.currency}"),
        ),
    )
    return Draft(proposed, communications=(item,), events=(event, planned)), approval


def _store(draft: Draft, facts: Facts, cases: Cases) -> None:
    cases.commit(
        Change(
            case=draft.case,
            entries=draft.entries,
            communications=draft.communications,
            events=draft.events,
            wake_at=facts.now,
        )
    )

"""A joint debtor takes the debtor's place: each owes the whole, whatever happened to the other."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from sovinto.domain.agreement import Approval, ApprovalOutcome
from sovinto.domain.case import Case, Closure, StepRecord
from sovinto.domain.communication import Channel, Communication, SendingState
from sovinto.domain.debtor import CoDebtor, Liability
from sovinto.domain.facts import Rules
from sovinto.domain.former_debtor import FormerDebtor
from sovinto.domain.parties import letter_at, receiver_id
from sovinto.domain.plan import CANCELLED, Plan
from sovinto.domain.policy import PolicyStep
from sovinto.domain.timeline import is_wanted

# Why a step that was done towards the former debtor is open again, and why a message did not leave.
NEW_DEBTOR = "new_debtor"
_DONE = ("performed", "not_needed")


def standing(case: Case) -> tuple[CoDebtor, ...]:
    """The joint debtors who are still in the case. A guarantor answers otherwise and succeeds nobody."""
    return tuple(p for p in case.co_debtors if p.liability is Liability.JOINT and not p.is_released)


def successor(case: Case) -> CoDebtor | None:
    """The first of them of the debtor's own kind: interest and fees of a business are not a consumer's."""
    kind = case.debtor.debtor_type
    return next((party for party in standing(case) if party.debtor.debtor_type is kind), None)


def succeeded(
    case: Case,
    party: CoDebtor,
    reason: Closure,
    communications: Iterable[Communication],
    rules: Rules,
    *,
    key: str,
    at: datetime,
    by: str,
) -> Case:
    """The same debt with `party` as its debtor; `key` is the former one's in the ledger of contacts.

    What was agreed with the former debtor binds nobody else: plan, promise and questions end. Steps
    after the last letter of which a copy reached the new debtor are open again, and nothing comes
    before a first letter. Holds and a dispute stay: they are about the debt until somebody ends them.
    """
    former = FormerDebtor(
        case.debtor, key, reason.value, at, by, case.debtor_party_id, case.calls, case.financials
    )
    reached = {
        letter_at(item)
        for item in communications
        if receiver_id(item) == party.party_id and item.state is SendingState.SENT
    }
    return replace(
        case,
        debtor=party.debtor,
        person_key=party.person_key,
        refused_channels=tuple(Channel(name) for name in party.refused_channels),
        co_debtors=tuple(other for other in case.co_debtors if other.party_id != party.party_id),
        former_debtors=(*case.former_debtors, former),
        debtor_party_id=party.party_id,
        steps=_begun_anew(case, reached, rules, at),
        plan=_ended(case.plan),
        proposed_plan=None,
        promise=None,
        calls=(),
        call_not_before=None,
        financials=None,
        approvals=tuple(_expired(item, at) for item in case.approvals),
    )


def _ended(plan: Plan | None) -> Plan | None:
    return replace(plan, status=CANCELLED) if plan is not None and plan.is_active else plan


def _expired(approval: Approval, at: datetime) -> Approval:
    if not approval.is_open:
        return approval
    return replace(approval, outcome=ApprovalOutcome.EXPIRED, answered_at=at)


def _begun_anew(
    case: Case, reached: Collection[datetime], rules: Rules, at: datetime
) -> tuple[StepRecord, ...]:
    steps, today = rules.policy.steps, rules.calendar.local_date(at)
    begins = _first_open(case, reached, steps)
    again = {item.step for item in steps[begins:]}
    kept = [
        replace(record, outcome="skipped", reason=NEW_DEBTOR)
        if record.step in again and record.outcome in _DONE
        else record
        for record in case.steps
    ]
    settled = {record.step for record in kept if record.outcome in _DONE}
    spared = (item.step for item in steps[:begins] if item.step not in settled and is_wanted(item, case))
    return (*kept, *(StepRecord(step, at, today, "not_needed", NEW_DEBTOR) for step in spared))


def _first_open(case: Case, reached: Collection[datetime], steps: tuple[PolicyStep, ...]) -> int:
    """The place after the last letter that reached the person, all sent before it having done so too;
    that of the first letter where none did."""
    letters = [at for at, item in enumerate(steps) if item.letter is not None and is_wanted(item, case)]
    begins = letters[0] if letters else 0
    for place in letters:
        record = case.performed(steps[place].step)
        if record is None:
            continue
        if record.at not in reached:
            break
        begins = place + 1
    return begins

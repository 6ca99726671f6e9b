"""Which legal step fits a case now: the law's preconditions against what really happened in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sovinto.domain.agreement import Approval, ApprovalKind, ApprovalOutcome, CallOutcome
from sovinto.domain.case import Case, Step
from sovinto.domain.case_age import limitation_of
from sovinto.domain.evaluated import Outcome
from sovinto.domain.facts import Facts, Rules
from sovinto.domain.law import waits
from sovinto.domain.law.kinds import LetterKind, Precondition
from sovinto.domain.law.legal_steps import LegalStep, legal_steps
from sovinto.domain.policy import PolicyStep
from sovinto.domain.reach import channel_for, sent_letters
from sovinto.domain.standstill import answered_by
from sovinto.errors import LawMissing

_ASTRAY = (CallOutcome.WRONG_NUMBER, CallOutcome.WRONG_PERSON)
_DEMANDS = frozenset({LetterKind.DEMAND, LetterKind.SECOND_DEMAND})


@dataclass(frozen=True, slots=True)
class LegalAction:
    """A step of the policy, and the legal step of the country that it takes."""

    planned: PolicyStep
    step: LegalStep

    @property
    def approval_kind(self) -> ApprovalKind:
        """What the client is asked for."""
        is_tratta = self.planned.step is Step.ANNOUNCE_TRATTA
        return ApprovalKind.TRATTA if is_tratta else ApprovalKind.LEGAL_STEP


def fitting(facts: Facts, rules: Rules) -> LegalAction | None:
    """The mildest legal step that is open but for the client's approval; None where none is.

    In the order of the policy, which is from mild to firm. Raises LawMissing.
    """
    for planned in rules.policy.steps:
        if not planned.legal_steps or not _is_of_size(planned, facts, rules):
            continue
        if any(item.step is planned.step and item.outcome != "skipped" for item in facts.case.steps):
            continue
        action = action_of(planned, facts, rules, is_approved=True)
        if action is not None and action.step.is_open and _can_be_written(planned, facts, rules):
            return action
    return None


def action_of(
    planned: PolicyStep, facts: Facts, rules: Rules, *, is_approved: bool | None = None
) -> LegalAction | None:
    """The first open legal step that the policy names for `planned`, else the first with what it lacks.

    `is_approved` None looks for the client's own yes to that very step. Raises LawMissing.
    """
    case, today = facts.case, facts.today(rules)
    found = []
    for name in planned.legal_steps:
        approved = was_approved(facts, rules, name) if is_approved is None else is_approved
        known = legal_steps(
            rules.pack,
            debtor_type=case.debtor.debtor_type,
            principal=facts.balance.principal,
            met=met(facts, rules, is_approved=approved),
            on=today,
        )
        found += [LegalAction(planned, step) for step in known if step.step == name]
    return next((action for action in found if action.step.is_open), found[0] if found else None)


def _can_be_written(planned: PolicyStep, facts: Facts, rules: Rules) -> bool:
    """A step that begins with a letter needs a lawful channel for it."""
    if planned.letter is None:
        return True
    return channel_for(planned, facts.case, rules, facts.today(rules)) is not None


def _is_of_size(planned: PolicyStep, facts: Facts, rules: Rules) -> bool:
    """As placed, because the timeline goes by that, and by what payments have left of it."""
    if not planned.is_for(facts.case.principal) or not is_worth_it(facts, rules):
        return False
    return planned.is_for(facts.balance.principal)


def is_worth_it(facts: Facts, rules: Rules) -> bool:
    """What is left of the principal is at least one instalment of the policy: less bears no firm step."""
    return facts.balance.principal >= rules.policy.plan.min_instalment


def was_approved(facts: Facts, rules: Rules, legal_step: str) -> bool:
    """The client said yes to this very step, and the yes still holds.

    A tratta that was announced in time needs no second yes of the client while its protest period runs.
    """
    announced = facts.case.performed(Step.ANNOUNCE_TRATTA)
    kinds = (ApprovalKind.TRATTA, ApprovalKind.LEGAL_STEP)
    today = facts.today(rules)
    return any(
        is_yes(item, facts.case, rules, announced.on if announced and item.kind is kinds[0] else today)
        for item in facts.case.approvals
        if item.kind in kinds and item.about == legal_step
    )


def is_yes(asked: Approval, case: Case, rules: Rules, on: date) -> bool:
    """Approved, at most `approval_days` before `on`, and nothing milder was agreed or found since."""
    answered_at = asked.answered_at
    if asked.outcome is not ApprovalOutcome.APPROVED or answered_at is None:
        return False
    last_day = rules.calendar.local_date(answered_at) + timedelta(days=rules.policy.approval_days)
    has_plan = case.plan is not None and case.plan.agreed_at >= answered_at
    is_doubted = any(
        item.at > answered_at and item.outcome is not Outcome.LEGAL_STEP for item in case.evaluations
    )
    return on <= last_day and not has_plan and not is_doubted


def publication_asked(case: Case) -> Approval | None:
    """The newest question whether the protest may be published, answered or not."""
    asked = [item for item in case.approvals if item.kind is ApprovalKind.PUBLICATION]
    return asked[-1] if asked else None


def met(facts: Facts, rules: Rules, *, is_approved: bool) -> frozenset[Precondition]:
    """The preconditions that hold today. Raises LawMissing.

    A debt that was ever contested does not become undisputed by the client's saying no to it.
    """
    case = facts.case
    sent = frozenset(letter.kind for letter in sent_letters(case, rules))
    finances = case.financials
    holds = {
        Precondition.UNDISPUTED: case.dispute is None,
        Precondition.REMINDED: LetterKind.REMINDER in sent,
        Precondition.NOTICE_GIVEN: LetterKind.NOTICE in sent,
        Precondition.DEMANDED: bool(sent & _DEMANDS),
        Precondition.ANSWER_TIME_OVER: _answer_time_is_over(facts, rules),
        Precondition.CONTACT_ATTEMPTED: contact_attempted(case),
        Precondition.NO_EARLIER_DEFAULT_ENTRY: finances is None or not finances.has_default_entry,
        Precondition.CLIENT_APPROVED: is_approved,
        Precondition.NOT_TIME_BARRED: not _is_too_old(facts, rules, facts.today(rules)),
    }
    return frozenset(condition for condition, is_met in holds.items() if is_met)


def contact_attempted(case: Case) -> bool:
    """Somebody phoned the debtor, or a text message left: a call that is only planned reached nobody."""
    phoned = any(call.outcome not in _ASTRAY for call in case.calls)
    return phoned or case.performed(Step.REMIND_BY_SMS) is not None


def _answer_time_is_over(facts: Facts, rules: Rules) -> bool:
    """The time to answer every letter has passed, and one was sent."""
    sent, today = sent_letters(facts.case, rules), facts.today(rules)
    return bool(sent) and all(_last_day(letter, facts.case, rules, today) < today for letter in sent)


def _last_day(letter: waits.SentLetter, case: Case, rules: Rules, today: date) -> date:
    """Days under a hold or a dispute are not days to answer."""
    days, _ = waits.response_days(rules.pack, letter.kind, case.debtor.debtor_type, on=letter.on)
    return answered_by(case, letter.on, days, rules.calendar, today)


def _is_too_old(facts: Facts, rules: Rules, today: date) -> bool:
    """One claim past its day is enough to keep a case out of court; unknown limitation counts as past."""
    try:
        ages = [limitation_of(claim, facts.case, facts.entries, rules.pack) for claim in facts.case.claims]
    except LawMissing:
        return True
    return any(age.is_time_barred(today) for age in ages)

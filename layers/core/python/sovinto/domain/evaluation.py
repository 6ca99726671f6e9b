"""Evaluation after the contact attempts: figures in, one readable table of rules, one outcome out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sovinto.domain.agreement import CallOutcome, Financials
from sovinto.domain.case import Case, Step
from sovinto.domain.debtor import DebtorType
from sovinto.domain.evaluated import Evaluated, Outcome
from sovinto.domain.facts import Facts, Rules
from sovinto.domain.hold import HoldReason
from sovinto.domain.legal_action import fitting
from sovinto.domain.money import Money

PAYING_DAYS = 30
KEEPS_PAYING = "keeps_paying"
_ANSWERS = frozenset(CallOutcome) - {
    CallOutcome.NO_ANSWER,
    CallOutcome.WRONG_NUMBER,
    CallOutcome.WRONG_PERSON,
}


class Position(StrEnum):
    """How a debtor stands: no sign of trouble, one, several; or nobody knows."""

    UNKNOWN = "unknown"
    SOUND = "sound"
    STRAINED = "strained"
    FAILING = "failing"


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the rules look at. Amounts are minor units of the case's currency.

    `answers` counts what the debtor said or agreed to; `words_broken` promises and plans not kept;
    `legal_step` is the country's name of the mildest one that fits, empty where none does.
    """

    owed_minor: int
    paid_minor: int
    contacts: int
    answers: int
    words_broken: int
    is_stopped: bool
    is_paying: bool
    can_be_split: bool
    plan_was_tried: bool
    was_watched: bool
    position: Position
    legal_step: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`rule` is the id of the rule that spoke, `alternatives` of the later ones that fitted as well."""

    outcome: Outcome
    rule: str
    inputs: Inputs
    alternatives: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table: the first whose condition holds decides."""

    rule_id: str
    outcome: Outcome
    applies: Callable[[Inputs], bool]


RULES = (
    Rule("stopped_or_settled", Outcome.CONTINUE, lambda i: i.is_stopped or i.owed_minor <= 0),
    Rule(
        "signs_of_insolvency",
        Outcome.INSOLVENCY_WATCH,
        lambda i: i.position is Position.FAILING and not i.was_watched,
    ),
    Rule(
        "still_failing_after_watch",
        Outcome.CLOSE,
        lambda i: i.position is Position.FAILING and i.was_watched,
    ),
    Rule("plan_comes_first", Outcome.PAYMENT_PLAN, lambda i: i.can_be_split and not i.plan_was_tried),
    Rule(KEEPS_PAYING, Outcome.CONTINUE, lambda i: i.is_paying and i.words_broken == 0),
    Rule("legal_step_is_open", Outcome.LEGAL_STEP, lambda i: bool(i.legal_step)),
    Rule("nobody_answers", Outcome.CLOSE, lambda i: i.answers == 0 and i.paid_minor <= 0),
    Rule("nothing_more_to_ask", Outcome.CONTINUE, lambda _: True),
)


def evaluate(facts: Facts, rules: Rules) -> Evaluation:
    """What is best for this case now. Raises LawMissing."""
    return judged(inputs_of(facts, rules))


def judged(inputs: Inputs) -> Evaluation:
    """The first rule that applies, and which others would have."""
    first, *others = [rule for rule in RULES if rule.applies(inputs)]
    return Evaluation(first.outcome, first.rule_id, inputs, tuple(rule.rule_id for rule in others))


def record_of(found: Evaluation, facts: Facts) -> Evaluated:
    """What is kept with the case: figures and words, nothing that names anybody."""
    names = Inputs.__dataclass_fields__
    inputs = tuple((name, _told(getattr(found.inputs, name))) for name in names)
    return Evaluated(facts.now, found.outcome, found.rule, inputs, found.alternatives)


def keeps_paying(facts: Facts, rules: Rules) -> bool:
    """Is this what the evaluation says now? Raises LawMissing."""
    return evaluate(facts, rules).rule == KEEPS_PAYING


def _told(value: object) -> str:
    return ("no", "yes")[value] if isinstance(value, bool) else str(value)


def inputs_of(facts: Facts, rules: Rules) -> Inputs:
    """The figures of a case as it stands. Raises LawMissing."""
    case, owed = facts.case, facts.balance.total
    action = None if not case.may_be_contacted else fitting(facts, rules)
    return Inputs(
        owed_minor=owed.minor,
        paid_minor=facts.paid.minor,
        contacts=len(facts.contacts),
        answers=_answers(case),
        words_broken=_words_broken(facts, rules),
        is_stopped=not case.may_be_contacted or facts.is_time_barred(rules),
        is_paying=facts.paid_since(facts.now - timedelta(days=PAYING_DAYS)).minor > 0,
        can_be_split=owed.minor >= 2 * rules.policy.plan.min_instalment.minor,
        plan_was_tried=_plan_was_tried(case),
        was_watched=any(hold.reason is HoldReason.INSOLVENCY_WATCH for hold in case.holds),
        position=_position(facts, rules),
        legal_step=action.step.step if action else "",
    )


def _position(facts: Facts, rules: Rules) -> Position:
    """Of businesses only, and where the policy has the watch: staff and turnover tell nothing of people."""
    is_business = facts.case.debtor.debtor_type is DebtorType.BUSINESS
    if not is_business or rules.policy.step(Step.WATCH_INSOLVENCY) is None:
        return Position.UNKNOWN
    return position_of(facts.case.financials, facts.balance.total)


def _answers(case: Case) -> int:
    """Calls that reached the debtor, an objection, a plan, a promise."""
    reached = [call for call in case.calls if call.outcome in _ANSWERS]
    return len(reached) + sum(item is not None for item in (case.dispute, case.plan, case.promise))


def _words_broken(facts: Facts, rules: Rules) -> int:
    promise, plan = facts.case.promise, facts.case.plan
    promise_broken = promise is not None and promise.by_on < facts.today(rules)
    return int(promise_broken) + (0 if plan is None else plan.times_broken)


def _plan_was_tried(case: Case) -> bool:
    """Offered, or found that no channel could carry the offer, or agreed without one."""
    offered = any(item.step is Step.OFFER_PLAN and item.outcome != "skipped" for item in case.steps)
    return offered or case.plan is not None


def position_of(financials: Financials | None, owed: Money) -> Position:
    """Signs of trouble: assets below the debt, nobody employed, turnover halved, a default entry."""
    if financials is None:
        return Position.UNKNOWN
    signs = (
        financials.assets_minor is not None and financials.assets_minor < owed.minor,
        financials.employees == 0,
        _has_halved(financials),
        financials.has_default_entry is True,
    )
    return (Position.SOUND, Position.STRAINED, Position.FAILING)[min(sum(signs), 2)]


def _has_halved(financials: Financials) -> bool:
    now, before = financials.turnover_minor, financials.turnover_before_minor
    return now is not None and before is not None and before > 0 and now * 2 <= before

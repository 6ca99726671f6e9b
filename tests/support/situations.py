"""A world with one case in a named state, for each of them; built once and copied for every use."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from sovinto.domain.agreement import ApprovalKind, Financials
from sovinto.domain.case import Case, Step
from sovinto.domain.case_events import CaseEvent
from sovinto.domain.case_states import CaseState, states_of
from sovinto.domain.debtor import DebtorType
from sovinto.domain.hold import HoldReason
from sovinto.domain.money import Money
from sovinto.domain.timeline import Act, decide
from sovinto.errors import UpstreamRefused
from sovinto.ids import CaseId
from sovinto.ports import Change
from sovinto.usecases.case_file import facts_of
from sovinto.usecases.hold_case import place_hold
from sovinto.usecases.record_financials import record_financials

from tests.support.firm_steps import announced, attempt, live_until_asked, say, under_v2
from tests.support.happenings import COLLECTOR, happen, look, today
from tests.support.moves import agree, owed, pay
from tests.support.world import World

CALL_DAY = date(2026, 2, 5)
REMINDER_FEE = 500


@dataclass
class Situation:
    world: World
    case_id: CaseId

    @property
    def case(self) -> Case:
        return self.world.cases.load(self.case_id)

    @property
    def states(self) -> tuple[CaseState, ...]:
        return states_of(*facts_of(self.case_id, self.world.cases, self.world.clock.now()))

    def on(self, event: CaseEvent) -> Situation:
        happen(self.world, self.case_id, event)
        return self

    def later(self, days: int) -> Situation:
        self.world.clock.advance(days=days)
        return self

    def changed(self, case: Case) -> Situation:
        self.world.cases.commit(Change(case=replace(case, version=case.version + 1)))
        return self


def situation(name: str) -> Situation:
    """A fresh copy of it."""
    found: Situation = pickle.loads(_kept(name))
    return found


@cache
def _kept(name: str) -> bytes:
    """Read back it is a copy in a quarter of the time of deepcopy."""
    return pickle.dumps(BUILDERS[name]())


def waiting() -> Situation:
    """A consumer who was written to, demanded of, and is to be called today."""
    world = World()
    case = world.place(principal=30_000)
    while today(world) <= CALL_DAY:
        world.live(case.case_id, 1)
    world.clock.advance(days=-1)
    return Situation(world, case.case_id)


def on_plan() -> Situation:
    base = situation("waiting")
    agree(base.world, base.case, 6)
    return base


def plan_at(days_after_due: int) -> Callable[[], Situation]:
    def build() -> Situation:
        base = situation("plan")
        plan = base.case.plan
        assert plan is not None
        first = plan.instalments[0].due_on
        return base.later((first - today(base.world)).days + days_after_due)

    return build


def plan_kept() -> Situation:
    """A cent more is owed than the plan has, and the plan is paid."""
    base = situation("plan")
    plan = base.case.plan
    assert plan is not None
    *others, last = plan.instalments
    lower = replace(last, amount=Money(last.amount.minor - 100, "EUR"))
    base.changed(replace(base.case, plan=replace(plan, instalments=(*others, lower))))
    base.later(1)
    pay(base.world, base.case, owed(base.world, base.case) - 100, name="pay_plan")
    return base


def settled() -> Situation:
    """All is paid but the fee of a letter that never left: with the fee gone, nothing is owed."""
    world = World()
    case = world.place(principal=30_000)
    world.drive(case.case_id)
    pay(world, case, owed(world, case) - REMINDER_FEE, name="pay_most")
    world.mailer.failure = UpstreamRefused("no such mailbox")
    world.dispatch()
    return Situation(world, case.case_id)


def time_barred() -> Situation:
    base = situation("waiting")
    (claim,) = base.case.claims
    return base.changed(replace(base.case, claims=(replace(claim, due_on=date(2022, 5, 10)),)))


def held() -> Situation:
    base = situation("waiting")
    until = today(base.world) + timedelta(days=10)
    place_hold(
        base.case_id,
        HoldReason.ILLNESS,
        by=COLLECTOR,
        cases=base.world.cases,
        clock=base.world.clock,
        until=until,
    )
    return base


def asked_for(kind: ApprovalKind) -> Callable[[], Situation]:
    def build() -> Situation:
        world = World()
        case = announced(world) if kind is ApprovalKind.PUBLICATION else under_v2(world)
        live_until_asked(world, case, kind)
        return Situation(world, case.case_id)

    return build


def after(name: str, *events: CaseEvent, days: int = 0) -> Callable[[], Situation]:
    def build() -> Situation:
        base = situation(name)
        for event in events:
            base.on(event)
        return base.later(days)

    return build


def left_alone(step: Step, place: Callable[[World], Case]) -> Callable[[], Situation]:
    """Until this step is due; who is asked on the way says yes."""

    def build() -> Situation:
        world = World()
        found = Situation(world, place(world).case_id)
        for _ in range(400):
            decision = decide(*facts_of(found.case_id, world.cases, world.clock.now()))
            if isinstance(decision, Act) and decision.step is step:
                return found
            _next_day(found, decision)
            attempt(world, found.case)
        raise AssertionError(f"{step.value} is never due")

    return build


def _next_day(found: Situation, decision: object) -> None:
    world = found.world
    if isinstance(decision, Act):
        look(world, found.case)
        world.dispatch()
    elif found.case.open_approval is not None:
        say(world, found.case, found.case.open_approval)
    else:
        happen(world, found.case_id, CaseEvent.TIME_COMES)


def poor_firm(world: World) -> Case:
    case = under_v2(world)
    figures = Financials(date(2025, 12, 31), "trade register", assets_minor=0, employees=0)
    return record_financials(case.case_id, figures, by=COLLECTOR, cases=world.cases, clock=world.clock)


def consumer(world: World) -> Case:
    return world.place(principal=30_000)


def newer_consumer(world: World) -> Case:
    return under_v2(world, debtor_type=DebtorType.CONSUMER, registration_id=None)


DUE: dict[Step, Callable[[World], Case]] = {
    Step.CALL_FIRST: lambda world: under_v2(world, principal=2_000_000),
    Step.SEND_REMINDER: consumer,
    Step.REMIND_BY_SMS: consumer,
    Step.SEND_DEMAND: consumer,
    Step.SEND_SECOND_DEMAND: newer_consumer,
    Step.CALL_DEBTOR: consumer,
    Step.EVALUATE: consumer,
    Step.OFFER_PLAN: consumer,
    Step.ASK_APPROVAL: under_v2,
    Step.ANNOUNCE_TRATTA: under_v2,
    Step.ATTEMPT_CONTACT: under_v2,
    Step.PUBLISH_TRATTA: under_v2,
    Step.HAND_TO_LEGAL: newer_consumer,
    Step.WATCH_INSOLVENCY: poor_firm,
    Step.CLOSE_CASE: consumer,
}
BUILDERS: dict[str, Callable[[], Situation]] = {
    "closed": after("waiting", CaseEvent.WITHDRAWN),
    "disputed": after("waiting", CaseEvent.OBJECTED),
    "hold_over": after("on_hold", days=12),
    "on_hold": held,
    "settled": settled,
    "time_barred": time_barred,
    "plan_kept": plan_kept,
    "instalment_missed": plan_at(6),
    "instalment_due": plan_at(0),
    "instalment_awaited": after("instalment_due", CaseEvent.LOOK),
    "plan": on_plan,
    "promised": after("waiting", CaseEvent.CALL_PROMISE),
    "answer_late": after("asked", days=8),
    "asked": after("waiting", CaseEvent.PLAN_ASKED),
    "asked:tratta": asked_for(ApprovalKind.TRATTA),
    "asked:publication": asked_for(ApprovalKind.PUBLICATION),
    "waiting": waiting,
    **{f"due:{step.value}": left_alone(step, place) for step, place in DUE.items()},
}
NAMES = tuple(BUILDERS)
# Any payment ends a case of which nothing is owed, whatever hides that: such a pair is no stack.
BELOW = tuple(
    name for name in NAMES if name not in ("closed", "disputed", "settled") and not name.startswith("due:")
)
BUILDERS |= {f"disputed over {name}": after(name, CaseEvent.OBJECTED) for name in BELOW}
BUILDERS |= {
    f"on_hold over {name}": after(name, CaseEvent.HELD)
    for name in BELOW
    if name not in ("on_hold", "hold_over")
}
STACKS = tuple(name for name in BUILDERS if name not in NAMES)

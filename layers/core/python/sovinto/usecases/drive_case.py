"""The driver's side of the timeline: what next, wait, wake; the due index is the truth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sovinto.domain.timeline import Act, Done, Wait, decide
from sovinto.errors import LawMissing
from sovinto.ids import CaseId
from sovinto.ports import Cases, Clock, Timeline, Wake, Wakes
from sovinto.usecases.case_file import facts_of

LOOK_AGAIN = timedelta(days=1)
TICK_LIMIT = 500
MOST_FAILED = 2000
DEAF_AFTER = timedelta(minutes=15)
LATE_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class NextStep:
    """`step` is a dunning step, wait or done: what the state machine routes on."""

    step: str
    version: int
    reason: str


def decide_next(case_id: CaseId, *, cases: Cases, wakes: Wakes, clock: Clock) -> NextStep:
    """Raises NotFound. Missing law is not an error here: the case waits, and ops are told by the reason."""
    now = clock.now()
    try:
        facts, rules = facts_of(case_id, cases, now)
        decision = decide(facts, rules)
    except LawMissing as missing:
        return NextStep("wait", cases.load(case_id).version, f"law_missing: {missing.message}")
    version = facts.case.version
    match decision:
        case Act():
            return NextStep(decision.step.value, version, decision.reason)
        case Wait():
            return NextStep("wait", version, decision.reason)
        case Done():
            wakes.finished(case_id)
            return NextStep("done", version, decision.reason)


def park_case(
    case_id: CaseId,
    *,
    token: str,
    execution: int,
    cases: Cases,
    wakes: Wakes,
    timeline: Timeline,
    clock: Clock,
) -> bool:
    """Remember who waits and until when; where something happened meanwhile, wake at once.

    True when the case is parked. Decided afresh here, so that no time passes between looking and
    waiting; the version check in the store closes the rest of the gap.
    """
    now = clock.now()
    try:
        facts, rules = facts_of(case_id, cases, now)
        decision = decide(facts, rules)
        version, until = facts.case.version, decision.until if isinstance(decision, Wait) else None
    except LawMissing:
        version, until = cases.load(case_id).version, now + LOOK_AGAIN
    if until is not None and wakes.park(
        case_id, version=version, wake_at=until, token=token, execution=execution
    ):
        return True
    timeline.resume(token)
    return False


def wake_case(case_id: CaseId, *, wakes: Wakes, timeline: Timeline, real_now: datetime) -> str:
    """Wake the case's driver, or start one where none lives. Returns what was done.

    A driver that is running but holds no token is on its way and is left alone, unless nothing was
    heard of it for DEAF_AFTER: then its call was lost and a fresh one takes over.
    """
    return _wake(wakes.of(case_id), wakes, timeline, real_now)


def _wake(wake: Wake, wakes: Wakes, timeline: Timeline, real_now: datetime) -> str:
    if wake.token and timeline.resume(wake.token):
        wakes.woken(wake, driven_at=real_now)
        return "resumed"
    outcome = "started"
    if wake.execution and timeline.is_running(wake.case_id, wake.execution):
        if wake.driven_at is None or real_now - wake.driven_at < DEAF_AFTER:
            return "running"
        timeline.stop(wake.case_id, wake.execution)
        outcome = "replaced"
    timeline.start(wake.case_id, wake.execution + 1)
    wakes.woken(wake, driven_at=real_now, execution=wake.execution + 1)
    return outcome


def tick(
    *,
    wakes: Wakes,
    timeline: Timeline,
    clock: Clock,
    real_now: datetime,
    tell: Callable[[CaseId, Exception], None],
) -> dict[str, int]:
    """Wake everything that is due, heal what has no driver; counts by what was done, and `late`:
    those that were due LATE_AFTER ago and still are.

    A case that cannot be woken is told of and counted as `failed`; the others go on. It stays due and
    takes nobody's place: up to MOST_FAILED of them, as many more are looked at.
    """
    now = clock.now()
    done: dict[str, int] = {}
    for wake in _due(wakes, now, done):
        try:
            outcome = _wake(wake, wakes, timeline, real_now)
        except Exception as error:
            tell(wake.case_id, error)
            outcome = "failed"
        done[outcome] = done.get(outcome, 0) + 1
        if now - wake.wake_at > LATE_AFTER:
            done["late"] = done.get("late", 0) + 1
    return done


def _due(wakes: Wakes, now: datetime, done: dict[str, int]) -> Iterator[Wake]:
    """What is due, read on by as many as have failed meanwhile; each case once."""
    seen: set[CaseId] = set()
    limit = 0
    while (wanted := TICK_LIMIT + min(done.get("failed", 0), MOST_FAILED)) > limit:
        limit = wanted
        fresh = [wake for wake in wakes.due(now, limit) if wake.case_id not in seen]
        seen.update(wake.case_id for wake in fresh)
        yield from fresh


def continue_as_new(
    case_id: CaseId, execution: int, *, wakes: Wakes, timeline: Timeline, real_now: datetime
) -> None:
    """A fresh execution takes over before the history of this one grows too long."""
    # Read before the start: once the fresh one runs it may park, and its token must stay.
    wake = wakes.of(case_id)
    timeline.start(case_id, execution)
    wakes.woken(wake, driven_at=real_now, execution=execution)

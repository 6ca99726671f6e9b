"""The driver's side of the timeline: what next, rest, wake; the due index is the truth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sovinto.domain.driving import NextStep, Turn, Wake
from sovinto.domain.timeline import Act, Done, Wait, decide
from sovinto.errors import LawMissing, StaleVersion
from sovinto.ids import CaseId
from sovinto.ports import Cases, Clock, Timeline, Wakes
from sovinto.usecases.case_file import facts_of
from sovinto.usecases.retry import ATTEMPTS

LOOK_AGAIN = timedelta(days=1)
TICK_LIMIT = 500
MOST_FAILED = 2000
DEAF_AFTER = timedelta(minutes=15)
LATE_AFTER = timedelta(days=1)
LAW_MISSING = "law_missing: "


@dataclass(frozen=True, slots=True)
class Driver:
    """What waking takes. `clock` is the business's; `real_now` is when a driver was last heard of."""

    cases: Cases
    wakes: Wakes
    timeline: Timeline
    clock: Clock
    real_now: datetime


def decide_next(case_id: CaseId, *, cases: Cases, wakes: Wakes, clock: Clock) -> NextStep:
    """Missing law is not an error here: the case waits, and ops are told by the reason.

    A case that is opened again while its end is noted is decided again. Raises NotFound, and
    StaleVersion where it moved each time.
    """
    for _ in range(ATTEMPTS):
        found = _look(case_id, cases, clock)
        if found.step != "done" or wakes.finished(case_id, version=found.version):
            return found
    raise StaleVersion(f"case {case_id} moved {ATTEMPTS} times while its end was noted")


def _look(case_id: CaseId, cases: Cases, clock: Clock) -> NextStep:
    now = clock.now()
    try:
        facts, rules = facts_of(case_id, cases, now)
        decision = decide(facts, rules)
    except LawMissing as missing:
        reason = f"{LAW_MISSING}{missing.message}"
        return NextStep("wait", cases.load(case_id).version, reason, now + LOOK_AGAIN)
    version = facts.case.version
    match decision:
        case Act():
            return NextStep(decision.step.value, version, decision.reason)
        case Wait():
            return NextStep("wait", version, decision.reason, decision.until)
        case Done():
            return NextStep("done", version, decision.reason)


def answer_state(
    case_id: CaseId, turn: Turn, *, cases: Cases, wakes: Wakes, timeline: Timeline, clock: Clock
) -> NextStep:
    """Let the state that has the word rest while the case waits, or send it what comes next at once.

    Where it rests, the answer says `wait`. A message that comes again after a later state took over
    (`left`) changes nothing. The version check in the store closes the gap between looking and resting.
    Raises NotFound, and StaleVersion where the case moved each time.
    """
    wake = wakes.of(case_id)
    if wake.entered_at is not None and wake.entered_at > turn.entered_at:
        return NextStep("left", 0, "a later state has the word")
    for _ in range(ATTEMPTS):
        found = decide_next(case_id, cases=cases, wakes=wakes, clock=clock)
        if turn.is_old and found.step != "done":
            found = replace(found, step="continue_as_new", reason="execution_age", until=None)
        if found.until is None:
            timeline.resume(turn.token, found)
            return found
        if wakes.park(case_id, turn, version=found.version, wake_at=found.until):
            return found
    raise StaleVersion(f"case {case_id} moved {ATTEMPTS} times while it was put to rest")


def wake_case(case_id: CaseId, driver: Driver) -> str:
    """Look at a case and wake its driver if there is something to do; start one where none lives.

    Returns what was done. A driver that sleeps and has nothing to do yet only learns when (`asleep`).
    One that is running but holds no token is on its way and is left alone, unless nothing was heard of
    it for DEAF_AFTER: then its call was lost and a fresh one takes over. Raises NotFound, StaleVersion.
    """
    return _wake(driver.wakes.of(case_id), driver)


def _wake(wake: Wake, driver: Driver) -> str:
    for _ in range(ATTEMPTS):
        found = _look(wake.case_id, driver.cases, driver.clock)
        # Missing law is for `case_step` to tell: the alarm hangs on what it counts.
        if not wake.token or found.until is None or found.reason.startswith(LAW_MISSING):
            return _go(wake, found, driver)
        if driver.wakes.postpone(wake, version=found.version, wake_at=found.until):
            return "asleep"
        wake = driver.wakes.of(wake.case_id)
    raise StaleVersion(f"case {wake.case_id} moved {ATTEMPTS} times while it was woken")


def _go(wake: Wake, found: NextStep, driver: Driver) -> str:
    is_resumed = bool(wake.token) and driver.timeline.resume(wake.token, found)
    if found.step == "done" and driver.wakes.finished(wake.case_id, version=found.version):
        return "resumed" if is_resumed else "done"
    # Opened again meanwhile: it is still due, and the next look goes on from what was stored here.
    if is_resumed:
        driver.wakes.woken(wake, driven_at=driver.real_now)
        return "resumed"
    return _start(wake, driver)


def _start(wake: Wake, driver: Driver) -> str:
    outcome = "started"
    if wake.execution and driver.timeline.is_running(wake.case_id, wake.execution):
        if wake.token:
            # Somebody else has just used it, or its state ran out of time: either way it moves.
            driver.wakes.woken(wake, driven_at=driver.real_now)
            return "running"
        if wake.driven_at is None or driver.real_now - wake.driven_at < DEAF_AFTER:
            return "running"
        driver.timeline.stop(wake.case_id, wake.execution)
        outcome = "replaced"
    driver.timeline.start(wake.case_id, wake.execution + 1)
    driver.wakes.woken(wake, driven_at=driver.real_now, execution=wake.execution + 1)
    return outcome


def tick(driver: Driver, *, tell: Callable[[CaseId, Exception], None]) -> dict[str, int]:
    """Look at everything that is due, heal what has no driver; counts by what was done, and `late`:
    those that were due LATE_AFTER ago and still are.

    A case that cannot be woken is told of and counted as `failed`; the others go on. It stays due and
    takes nobody's place: up to MOST_FAILED of them, as many more are looked at.
    """
    now = driver.clock.now()
    done: dict[str, int] = {}
    for wake in _due(driver.wakes, now, done):
        try:
            outcome = _wake(wake, driver)
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
    """A fresh execution takes over before the history of this one grows too long.

    A message that comes again after it took over, or a newer one did, changes nothing.
    """
    # Read before the start: once the fresh one runs it may park, and its token must stay.
    wake = wakes.of(case_id)
    if wake.execution >= execution:
        return
    timeline.start(case_id, execution)
    wakes.woken(wake, driven_at=real_now, execution=execution)

"""Killed at every single call in turn, and tried again: it ends as if nothing had happened.

One life after another is lived day by day. Each step and each dispatch on its way is first done without
disturbance, then once for every table, file and provider call it makes with a kill before the call, and
once more with a kill after it took effect.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

import pytest
from sovinto.adapters.codec import decode
from sovinto.adapters.dynamo import keys
from sovinto.domain.agreement import ApprovalKind
from sovinto.domain.case import Case, Closure, Step
from sovinto.domain.communication import Communication, SendingState
from sovinto.domain.hold import HoldReason
from sovinto.errors import OutcomeUnknown, RuleRefused
from sovinto.usecases.drive_case import decide_next
from sovinto.usecases.hold_case import place_hold
from sovinto.usecases.stop_case import stop_case

from tests.support.crash import Fused, Items, Killed, Moment, back_to, fused_world, moment_of
from tests.support.firm_steps import live_until_asked, say, under_v2
from tests.support.moves import agree, object_to, pay

EFFECTS = {"transact", "mail", "sms", "document"}
Act = Callable[[], object]


@dataclass
class Tally:
    """What was tried: kills, and the steps they hit."""

    kills: int
    steps: set[str]


def try_again(act: Act) -> None:
    """The queue delivers again; what may have left already ends with the dead letters."""
    try:
        act()
    except OutcomeUnknown:
        return


def messages(items: Items) -> dict[str, Communication]:
    bodies = [str(item["body"]) for (_, sk), item in items.items() if sk.startswith(keys.COMMUNICATION)]
    return {item.communication_id: item for item in (decode(Communication, body) for body in bodies)}


def without_messages(items: Items) -> Items:
    return {key: item for key, item in items.items() if not key[1].startswith(keys.COMMUNICATION)}


def check_same(calm: Moment, stormy: Moment, where: str) -> None:
    """The same case, entries, events and ledger rows; each message left once, or nobody knows."""
    assert without_messages(stormy.items) == without_messages(calm.items), where
    expected, found = messages(calm.items), messages(stormy.items)
    assert found.keys() == expected.keys(), where
    for name, item in found.items():
        if item.state is not SendingState.SENDING:
            assert item == expected[name] or _sent_alike(item, expected[name]), where
    references = [*stormy.mails, *stormy.texts]
    assert len(references) == len(set(references)), f"{where}: sent twice"
    gone = {name for name, item in found.items() if item.state is SendingState.SENDING}
    assert set(references) | gone == {*calm.mails, *calm.texts} | gone, where


def _sent_alike(one: Communication, other: Communication) -> bool:
    """The provider counts what it took: its own id may differ."""
    return replace(one, provider_id="") == replace(other, provider_id="")


def storm(fused: Fused, act: Act, name: str, tally: Tally) -> None:
    """Every kill of one act, and then the act itself."""
    start = moment_of(fused)
    fused.fuse.set(None)
    act()
    calls, calm = list(fused.fuse.calls), moment_of(fused)
    for number, call in enumerate(calls, start=1):
        for is_after in (False, True) if call in EFFECTS else (False,):
            back_to(fused, start)
            fused.fuse.set(number, is_after=is_after)
            with pytest.raises(Killed):
                act()
            fused.fuse.set(None)
            try_again(act)
            where = f"{name}, killed {'after' if is_after else 'before'} call {number} ({call})"
            check_same(calm, moment_of(fused), where)
            tally.kills += 1
    back_to(fused, start)
    act()
    tally.steps.add(name)


def storm_days(fused: Fused, case: Case, days: int, tally: Tally) -> None:
    """What the driver and the queue do, each act under every kill."""
    world = fused.world
    for _ in range(days):
        while (step := _next(fused, case)) is not None:
            storm(fused, partial(world.perform, case.case_id, step), step.value, tally)
        for item in list(_planned(fused)):
            send = partial(world.send, case.case_id, item.communication_id)
            storm(fused, send, f"dispatch {item.template}", tally)
        world.clock.advance(days=1)


def _next(fused: Fused, case: Case) -> Step | None:
    world = fused.world
    found = decide_next(case.case_id, cases=world.cases, wakes=world.wakes, clock=world.clock)
    return None if found.step in ("wait", "done") else Step(found.step)


def _planned(fused: Fused) -> Iterator[Communication]:
    return (item for item in fused.world.sendings.pending() if item.state is SendingState.PLANNED)


def held(fused: Fused, case: Case, days: int) -> None:
    world = fused.world
    until: date = world.clock.now().date() + timedelta(days=days)
    place_hold(
        case.case_id,
        HoldReason.CLIENT_REQUEST,
        by="col_1",
        until=until,
        cases=world.cases,
        clock=world.clock,
    )


def test_a_whole_life_with_a_hold_to_the_return_to_the_client() -> None:
    fused, tally = fused_world(), Tally(0, set())
    case = fused.world.place()
    storm_days(fused, case, 3, tally)
    held(fused, case, 4)
    storm_days(fused, case, 120, tally)
    assert {
        "send_reminder",
        "dispatch reminder",
        "end_hold",
        "remind_by_sms",
        "dispatch reminder_sms",
        "send_demand",
        "dispatch demand",
        "call_debtor",
        "evaluate",
        "close_case",
    } <= tally.steps
    assert tally.kills > 100


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_plan_that_is_kept_or_broken(is_kept: bool) -> None:
    fused, tally = fused_world(), Tally(0, set())
    case = fused.world.place()
    storm_days(fused, case, 2, tally)
    storm(fused, lambda: _agreed_once(fused, case), "agree", tally)
    storm_days(fused, case, 18, tally)
    if is_kept:
        plan = fused.world.cases.load(case.case_id).plan
        assert plan is not None
        minor = sum(item.amount.minor for item in plan.instalments) - 1
        storm(fused, lambda: pay(fused.world, case, minor), "payment", tally)
    storm_days(fused, case, 60, tally)
    expected = {"remind_instalment", "payment"} if is_kept else {"remind_instalment", "break_plan"}
    assert expected <= tally.steps


def _agreed_once(fused: Fused, case: Case) -> None:
    """The debtor who pressed the button and saw an error looks at the page before pressing again."""
    if fused.world.cases.load(case.case_id).plan is None:
        agree(fused.world, case, 2)


@pytest.mark.parametrize("approve", [True, False])
def test_a_tratta_with_its_questions_or_without_an_answer(approve: bool) -> None:
    fused, tally = fused_world(), Tally(0, set())
    world = fused.world
    case = under_v2(world)
    asked = live_until_asked(world, case, ApprovalKind.TRATTA)
    if approve:
        say(world, case, asked)
    storm_days(fused, case, 30, tally)
    publication = world.cases.load(case.case_id).open_approval
    if approve and publication is not None:
        say(world, case, publication)
    storm_days(fused, case, 60, tally)
    firm = {"announce_tratta", "dispatch tratta", "publish_tratta", "close_case"}
    assert (firm if approve else {"expire_approval", "close_case"}) <= tally.steps


def test_the_question_for_approval_and_the_first_call() -> None:
    fused, tally = fused_world(), Tally(0, set())
    case = under_v2(fused.world, principal=1_500_000)
    storm_days(fused, case, 70, tally)
    assert {"call_first", "ask_approval", "dispatch approval_request"} <= tally.steps


def test_a_large_claim_goes_to_court_with_the_clients_yes() -> None:
    fused, tally = fused_world(), Tally(0, set())
    case = under_v2(fused.world, principal=1_500_000)
    say(fused.world, case, live_until_asked(fused.world, case, ApprovalKind.LEGAL_STEP))
    storm_days(fused, case, 3, tally)
    assert "hand_to_legal" in tally.steps


def test_what_people_tell_counts_once_whenever_the_process_dies() -> None:
    """A hold, a dispute, a payment, the end: told again after every kill."""
    fused, tally = fused_world(), Tally(0, set())
    world = fused.world
    case = world.place()
    world.live(case.case_id, 2)
    storm(fused, partial(held, fused, case, 4), "hold", tally)
    storm(fused, partial(object_to, world, case), "dispute", tally)
    storm(fused, partial(pay, world, case, 1_000), "payment", tally)
    storm(fused, partial(_stopped_once, fused, case), "stop", tally)
    assert world.cases.load(case.case_id).closure is Closure.WITHDRAWN


def _stopped_once(fused: Fused, case: Case) -> None:
    """A repeat is refused, because the case is closed already."""
    world = fused.world
    with suppress(RuleRefused):
        stop_case(case.case_id, Closure.WITHDRAWN, by="col_1", cases=world.cases, clock=world.clock)

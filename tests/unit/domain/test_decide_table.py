"""Every event in every state, through the real use cases: what comes of it is what the table says."""

from __future__ import annotations

from itertools import product

import pytest
from sovinto.domain.case import Step
from sovinto.domain.case_events import CaseEvent
from sovinto.domain.case_states import LADDER, CaseState
from sovinto.domain.case_table import AFTER, ROWS, STEP_LEADS, Effect, follows
from sovinto.domain.timeline import Act, decide
from sovinto.errors import InvalidInput, NotFound, RuleRefused
from sovinto.usecases.case_file import facts_of

from tests.support.happenings import HAPPENINGS
from tests.support.situations import DUE, NAMES, STACKS, Situation, situation

REFUSALS = (InvalidInput, NotFound, RuleRefused)
STANDS_STILL = {CaseState.CLOSED, CaseState.DISPUTED, CaseState.HOLD_OVER, CaseState.ON_HOLD}


def due(found: Situation) -> Step | None:
    decision = decide(*facts_of(found.case_id, found.world.cases, found.world.clock.now()))
    return decision.step if isinstance(decision, Act) else None


def happens(found: Situation, event: CaseEvent) -> bool:
    """Whether it was accepted; what is refused leaves the case as it was."""
    before = found.case
    try:
        found.on(event)
    except REFUSALS:
        assert found.case == before
        return False
    return True


def test_the_table_has_every_pair_and_every_event_can_be_made_to_happen() -> None:
    assert set(AFTER) == set(product(CaseState, CaseEvent))
    assert set(ROWS) == set(HAPPENINGS) == set(CaseEvent)


@pytest.mark.parametrize("name", NAMES)
def test_a_situation_is_in_the_state_it_is_named_after(name: str) -> None:
    state, _, step = name.partition(":")
    found = situation(name)
    assert found.states[0].value == state
    if state == "due":
        assert due(found) is Step(step)


def test_every_state_and_every_step_of_a_policy_has_a_situation() -> None:
    assert {situation(name).states[0] for name in NAMES} == set(CaseState)
    of_plans_and_holds = {
        Step.SEND_NOTICE,  # not in the policies of Finland; a letter like the others
        Step.REMIND_INSTALMENT,
        Step.BREAK_PLAN,
        Step.END_HOLD,
        Step.EXPIRE_APPROVAL,
        Step.REMIND_CLIENT,
        Step.TELL_REJECTION,
        Step.SEND_COPIES,
    }
    assert set(DUE) == set(Step) - of_plans_and_holds
    assert set(STEP_LEADS) <= set(DUE)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("event", CaseEvent)
def test_a_pair_does_what_the_table_says(name: str, event: CaseEvent) -> None:
    found = situation(name)
    before, step = found.states, due(found)
    expected = AFTER[before[0], event]
    assert happens(found, event) is (expected is not Effect.REFUSED)
    assert found.states[0] in follows(before, event, step)


@pytest.mark.parametrize("name", STACKS)
def test_a_state_hides_those_below_and_gives_them_back(name: str) -> None:
    for event in CaseEvent:
        found = situation(name)
        before = found.states
        happens(found, event)
        assert found.states[0] in follows(before, event), event


@pytest.mark.parametrize("name", [*NAMES, *STACKS])
def test_nothing_may_be_sent_while_a_case_stands_still(name: str) -> None:
    found = situation(name)
    assert found.case.may_be_contacted is (found.states[0] not in STANDS_STILL)


def test_what_is_closed_has_no_future() -> None:
    assert {follows([CaseState.CLOSED], event) for event in CaseEvent} == {frozenset({CaseState.CLOSED})}


@pytest.mark.parametrize("state", [state for state in CaseState if state is not CaseState.CLOSED])
def test_the_end_is_always_open_to_who_pays_withdraws_or_dies(state: CaseState) -> None:
    ends = (CaseEvent.PAID, CaseEvent.WITHDRAWN, CaseEvent.DIED, CaseEvent.MINOR, CaseEvent.INSOLVENT)
    assert {AFTER[state, event] for event in ends} == {CaseState.CLOSED}


@pytest.mark.parametrize(
    "state", [state for state in CaseState if state not in (CaseState.DISPUTED, CaseState.CLOSED)]
)
def test_an_objection_stops_everything_and_only_an_answer_ends_it(state: CaseState) -> None:
    assert AFTER[state, CaseEvent.OBJECTED] is CaseState.DISPUTED
    moves = {event for event in CaseEvent if AFTER[CaseState.DISPUTED, event] is Effect.BELOW}
    assert moves == {CaseEvent.REJECTED}
    assert not LADDER & {AFTER[CaseState.DISPUTED, event] for event in CaseEvent}

"""What every event does in every state: data, which a test walks through the real use cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from itertools import product

from sovinto.domain.case import Step
from sovinto.domain.case_events import CaseEvent as On
from sovinto.domain.case_states import LADDER, ON_PLAN
from sovinto.domain.case_states import CaseState as In


class Effect(StrEnum):
    """Effects that do not name a state. BELOW: what the state hid comes up."""

    STAYS = "stays"
    REFUSED = "refused"
    BELOW = "below"
    STEP = "the step"
    GRANTED = "what was asked"


Outcome = Effect | In

STEP_LEADS: Mapping[Step, frozenset[In]] = {
    Step.ASK_APPROVAL: LADDER | {In.ASKED},
    Step.PUBLISH_TRATTA: LADDER | {In.ASKED},
    Step.WATCH_INSOLVENCY: frozenset({In.ON_HOLD}),
    Step.HAND_TO_LEGAL: LADDER | {In.CLOSED},
    Step.CLOSE_CASE: frozenset({In.CLOSED}),
}
"""Where a step of the policy may leave the case; every other one leaves it on the ladder."""

_STILL = frozenset({In.DISPUTED, In.HOLD_OVER, In.ON_HOLD})


def _row(default: Outcome, *exceptions: tuple[Outcome, Iterable[In]]) -> Mapping[In, Outcome]:
    return dict.fromkeys(In, default) | {state: to for to, states in exceptions for state in states}


_REFUSED, _STAYS, _BELOW = Effect.REFUSED, Effect.STAYS, Effect.BELOW
_CLOSED = (_REFUSED, [In.CLOSED])
_STOPS = _row(In.CLOSED, _CLOSED)
_OBJECTS = _row(In.DISPUTED, _CLOSED)
_AGREES = _row(In.PLAN, (_REFUSED, {In.CLOSED, In.SETTLED, *_STILL, *ON_PLAN}), (_STAYS, [In.TIME_BARRED]))

ROWS: Mapping[On, Mapping[In, Outcome]] = {
    On.LOOK: _row(
        _STAYS,
        (In.CLOSED, [In.SETTLED, In.TIME_BARRED]),
        (_BELOW, [In.HOLD_OVER, In.INSTALMENT_MISSED, In.ANSWER_LATE, In.PLAN_KEPT]),
        (In.INSTALMENT_AWAITED, [In.INSTALMENT_DUE]),
        (Effect.STEP, [In.DUE]),
    ),
    On.TIME_COMES: _row(
        _STAYS,
        (In.HOLD_OVER, [In.ON_HOLD]),
        (In.INSTALMENT_DUE, [In.PLAN]),
        (In.INSTALMENT_MISSED, [In.INSTALMENT_AWAITED]),
        (_BELOW, [In.PROMISED]),
        (In.ANSWER_LATE, [In.ASKED]),
        (In.DUE, [In.WAITING]),
    ),
    On.PAID: _row(In.CLOSED),
    On.REVERSED: _row(_STAYS, (In.CLOSED, [In.SETTLED]), (In.INSTALMENT_DUE, [In.INSTALMENT_MISSED])),
    On.PAID_IN_PART: _row(_STAYS, (In.CLOSED, [In.SETTLED])),
    On.PAID_CLIENT: _row(_STAYS, (_REFUSED, [In.CLOSED, In.SETTLED])),
    On.CREDITED: _row(_STAYS, (_REFUSED, [In.CLOSED, In.SETTLED, In.PLAN_KEPT])),
    On.OBJECTED: _OBJECTS,
    On.REJECTED: _row(_REFUSED, (_BELOW, [In.DISPUTED])),
    On.UPHELD: _row(_REFUSED, (In.CLOSED, [In.DISPUTED])),
    On.HELD: _row(In.ON_HOLD, _CLOSED, (_STAYS, [In.DISPUTED, In.HOLD_OVER])),
    On.RELEASED: _row(_REFUSED, (_BELOW, [In.ON_HOLD, In.HOLD_OVER])),
    On.PLAN_AGREED: _AGREES,
    On.PLAN_ASKED: _row(
        In.ASKED,
        (_REFUSED, [In.CLOSED, In.SETTLED, In.ASKED, *_STILL]),
        (_STAYS, [In.TIME_BARRED, In.PROMISED, *ON_PLAN]),
    ),
    On.APPROVED: _row(_REFUSED, (Effect.GRANTED, [In.ASKED])),
    On.DECLINED: _row(_REFUSED, (_BELOW, [In.ASKED])),
    On.CALL_REACHED: _row(_STAYS),
    On.CALL_PROMISE: _row(
        In.PROMISED,
        (_REFUSED, {In.CLOSED, *_STILL, *ON_PLAN}),
        (_STAYS, [In.SETTLED, In.TIME_BARRED]),
    ),
    On.CALL_PLAN: _AGREES,
    On.CALL_DISPUTE: _OBJECTS,
    On.CALL_WRONG_NUMBER: _row(_STAYS),
    On.CALL_WRONG_PERSON: _row(In.ON_HOLD, (_STAYS, [In.CLOSED, In.DISPUTED, In.HOLD_OVER])),
    On.CALL_BACK: _row(_STAYS, (_REFUSED, {In.CLOSED, *_STILL})),
    On.CALL_NO_ANSWER: _row(_STAYS),
    On.FIGURES: _row(_STAYS, _CLOSED),
    On.BOUNCED: _row(_STAYS, (In.PLAN, [In.INSTALMENT_AWAITED])),
    On.NEW_CONTACTS: _row(_STAYS, _CLOSED),
    On.WITHDRAWN: _STOPS,
    On.INSOLVENT: _STOPS,
    On.DIED: _STOPS,
    On.MINOR: _STOPS,
}

AFTER: Mapping[tuple[In, On], Outcome] = {(state, on): ROWS[on][state] for state, on in product(In, On)}


def follows(states: Sequence[In], on: On, step: Step | None = None) -> frozenset[In]:
    """The states that may come first after the event; `states` as `states_of` gives them.

    `step` is the step that is due, for a state that has one. A state of the ladder stays on the ladder.
    """
    outcome = AFTER[states[0], on]
    if isinstance(outcome, In):
        return _wide(outcome) if states[0] in LADDER and outcome in LADDER else frozenset({outcome})
    if outcome is Effect.STEP:
        return STEP_LEADS.get(step, LADDER) if step is not None else LADDER
    if outcome is Effect.GRANTED:
        return LADDER | {In.PLAN}
    if outcome is Effect.BELOW:
        return _wide(states[1])
    return _wide(states[0]) if outcome is Effect.STAYS else frozenset({states[0]})


def _wide(state: In) -> frozenset[In]:
    return LADDER if state in LADDER else frozenset({state})

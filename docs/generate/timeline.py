"""timeline.md: what every event does in every state of a case, as tables and as a picture."""

from __future__ import annotations

from collections.abc import Iterator

from sovinto.domain.case_events import CaseEvent as On
from sovinto.domain.case_states import CaseState as In
from sovinto.domain.case_table import AFTER, STEP_LEADS, Effect, Outcome

from docs.generate.markdown import head, joined, table

STATES = {
    In.CLOSED: "it has ended, with a reason; money that still comes is booked",
    In.DISPUTED: "the debtor contests; it waits for the client's answer, and silence never resumes",
    In.HOLD_OVER: "the last day of a hold has passed",
    In.ON_HOLD: "something holds it",
    In.SETTLED: "nothing is owed, and it is not closed yet",
    In.TIME_BARRED: "every claim is too old",
    In.PLAN_KEPT: "every instalment of the plan has been paid within its tolerance",
    In.INSTALMENT_MISSED: "the grace of an instalment has passed",
    In.INSTALMENT_DUE: "an instalment is due and was not reminded yet",
    In.INSTALMENT_AWAITED: "an instalment was reminded; its grace runs",
    In.PLAN: "a plan is kept; the next instalment lies ahead",
    In.PROMISED: "the debtor promised to pay by a day",
    In.ANSWER_LATE: "nobody answered a question in its time",
    In.ASKED: "somebody was asked for a yes",
    In.DUE: "a step of the policy is due",
    In.WAITING: "the next step of the policy lies ahead",
}
EVENTS = {
    On.LOOK: "the driver looks, and does what is due",
    On.TIME_COMES: "the moment comes that it waits for",
    On.PAID: "all that is owed is paid",
    On.REVERSED: "all that is owed is paid, and that money goes back",
    On.PAID_IN_PART: "a part is paid, less than an instalment",
    On.PAID_CLIENT: "the client reports such a part",
    On.CREDITED: "the client reports a credit note over a part",
    On.OBJECTED: "the debtor objects on the page",
    On.REJECTED: "the client answers a dispute: rejected",
    On.UPHELD: "the client answers a dispute: upheld",
    On.HELD: "a hold with a last day is placed",
    On.RELEASED: "every hold is released",
    On.PLAN_AGREED: "the debtor takes a plan that is on offer",
    On.PLAN_ASKED: "a collector proposes terms beyond the client's limits",
    On.APPROVED: "the one who was asked says yes",
    On.DECLINED: "the one who was asked says no",
    On.CALL_REACHED: "call: reached, nothing agreed",
    On.CALL_PROMISE: "call: promise to pay",
    On.CALL_PLAN: "call: plan agreed",
    On.CALL_DISPUTE: "call: dispute",
    On.CALL_WRONG_NUMBER: "call: wrong number",
    On.CALL_WRONG_PERSON: "call: wrong person",
    On.CALL_BACK: "call: call back later",
    On.CALL_NO_ANSWER: "call: no answer",
    On.FIGURES: "figures of the debtor are entered",
    On.BOUNCED: "the provider refuses the message of the last step",
    On.NEW_CONTACTS: "a collector stores better details of the debtor",
    On.WITHDRAWN: "the client withdraws the case",
    On.INSOLVENT: "the debtor is bankrupt",
    On.DIED: "the debtor has died",
    On.MINOR: "the debtor is a minor",
}
# The picture leaves out what is the same for all: ends, objections and holds reach every live state.
EVERYWHERE = (
    On.PAID,
    On.OBJECTED,
    On.CALL_DISPUTE,
    On.HELD,
    On.CALL_WRONG_PERSON,
    On.WITHDRAWN,
    On.INSOLVENT,
    On.DIED,
    On.MINOR,
)
INTRO = (
    "A case is in one of these states: the first that applies, in this order, as `decide` asks. A state "
    "hides those further down; when it ends, what it hid comes up (below: a plan, a promise, a question, "
    "else the steps of the policy). A test makes every event happen in every state through its use case."
)
READING = (
    "`-` stays; `refused`: the use case refuses in a sentence, and nothing is stored; `below`: what the "
    "state hid comes up; `the step`: as told at the end, by the step; `what was asked`: the plan, or the "
    "step that was asked about. On the steps of the policy (`due`, `waiting`) a day may come or move: "
    "there `-` means either."
)
NOTES = (
    "- A hold without a last day ends by its release only; it is looked at every 30 days.\n"
    "- A reminder that is refused today (no phone, a quiet day) is looked at again the next day.\n"
    "- After a yes to a tratta, its publication or a legal step the case is `due` for it; after a yes to a "
    "plan it is on that plan.\n"
    "- Where law is missing nothing is decided: the case waits a day and operators are told.\n"
    "- The reversal of a payment is no event yet: nothing books one."
)


def page() -> str:
    return joined(
        head("States and events", "sovinto/domain/case_table.py"),
        INTRO,
        table(("state", "what it means"), ((f"`{state}`", STATES[state]) for state in In)),
        "## The picture",
        f"```mermaid\n{picture()}\n```",
        "From every live state also: paid, withdrawn, bankrupt, died, minor to `closed`; objected to "
        "`disputed`; held or wrong person to `on_hold`, below a dispute.",
        "## Every pair",
        READING,
        *(_table(part) for part in _parts()),
        NOTES,
        "## Where a step leads",
        table(("step", "state after it"), _steps()),
    )


def _parts() -> Iterator[tuple[In, ...]]:
    """Tables of a width that a screen has."""
    states = tuple(In)
    yield states[:8]
    yield states[8:]


def _table(states: tuple[In, ...]) -> str:
    columns = ("event", *(f"`{state}`" for state in states))
    return table(columns, ((EVENTS[on], *(_cell(AFTER[state, on]) for state in states)) for on in On))


def _cell(outcome: Outcome) -> str:
    if outcome is Effect.STAYS:
        return "-"
    return f"`{outcome}`" if isinstance(outcome, In) else outcome.value


def _steps() -> Iterator[tuple[str, str]]:
    for step, states in STEP_LEADS.items():
        yield f"`{step}`", ", ".join(f"`{state}`" for state in In if state in states)
    yield "any other", f"`{In.DUE}`, `{In.WAITING}`"


def picture() -> str:
    """Moves between states; several events on one arrow where they do the same."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for (state, on), outcome in AFTER.items():
        if on not in EVERYWHERE:
            for to in _targets(state, outcome):
                arrows.setdefault((state.value, to), []).append(on.value)
    lines = [f"    {start} --> {to}: {', '.join(events)}" for (start, to), events in arrows.items()]
    return "\n".join(["stateDiagram-v2", "    [*] --> waiting", *lines, "    closed --> [*]"])


def _targets(state: In, outcome: Outcome) -> tuple[str, ...]:
    if isinstance(outcome, In):
        return (outcome.value,) if outcome is not state else ()
    if outcome is Effect.STEP:
        leads = frozenset[In]().union(*STEP_LEADS.values()) - {state}
        return tuple(to.value for to in In if to in leads)
    if outcome is Effect.GRANTED:
        return (In.PLAN.value, In.DUE.value)
    return ("below",) if outcome is Effect.BELOW else ()

"""The state machine of one case, run from the reviewed file over the world in memory; all is counted."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sovinto.adapters.codec import decode
from sovinto.domain.case import Step
from sovinto.domain.driving import NextStep, Turn
from sovinto.domain.event import Event
from sovinto.ids import CaseId, CommunicationId
from sovinto.usecases.drive_case import answer_state, continue_as_new

from infra.parts.events import MESSAGE_EVENTS, WAKE_EVENTS
from tests.support.world import World

ASL = Path(__file__).resolve().parents[2] / "infra" / "state_machines" / "case_timeline.asl.json"
HAND_OVER_AFTER = timedelta(days=300)


@dataclass(frozen=True)
class Rest:
    """Where an execution sleeps: the state, its token, and when the state runs out of time."""

    state: str
    token: str
    ends_at: datetime


@dataclass
class Execution:
    """Whatever lives the case through: executions one after the other, and what hangs on their events.

    `counts`: transitions, and calls, messages and requests by service. Events are heard only once the
    execution rests, so that each of them wakes it: the dearest order.
    """

    world: World
    case_id: CaseId
    counts: Counter[str] = field(default_factory=Counter)
    heard: set[tuple[str, str]] = field(default_factory=set)
    number: int = 0
    started_at: datetime | None = None
    rest: Rest | None = None

    def __post_init__(self) -> None:
        self.machine: dict[str, Any] = json.loads(ASL.read_text("utf-8"))
        self.tokens = 0

    def settle(self) -> None:
        """Hears every event there is, and those that follow from them."""
        while fresh := self._fresh():
            self.counts["relay_events"] += 1
            self.counts["bus_events"] += len(fresh)
            for event in fresh:
                self._hear(event)

    def wake(self) -> None:
        """By an event or by the tick; the tick itself is shared by all cases and not counted."""
        timeline = self.world.timeline
        running = set(timeline.running)
        self.world.wake(self.case_id)
        if self.rest is not None and (found := timeline.answers.get(self.rest.token)) is not None:
            self._run(self._states[self.rest.state]["Next"], found)
        self._follow(running)

    def _follow(self, running: set[tuple[CaseId, int]]) -> None:
        """Runs what was started meanwhile."""
        timeline = self.world.timeline
        while new := timeline.running - running:
            ((_, self.number),) = new
            running |= new
            self.started_at = self.world.clock.now()
            self._run(self.machine["StartAt"])

    def run_out(self) -> None:
        """The state has lasted as long as it may: its token is gone, and it goes where the file says."""
        assert self.rest is not None
        running = set(self.world.timeline.running)
        self.world.timeline.tokens.discard(self.rest.token)
        (catch,) = self._states[self.rest.state]["Catch"]
        self._run(catch["Next"])
        self._follow(running)

    @property
    def _states(self) -> dict[str, Any]:
        states: dict[str, Any] = self.machine["States"]
        return states

    def _run(self, name: str, found: NextStep | None = None) -> None:
        """Every state that is entered is a transition."""
        self.rest = None
        while True:
            self.counts["transitions"] += 1
            state = self._states[name]
            if state["Type"] == "Choice":
                name = self._chosen(state, found.step if found else "")
                continue
            if state["Type"] == "Fail":
                raise AssertionError(f"the state machine has no state for {found}")
            if state["Type"] != "Task":
                self.world.timeline.running.discard((self.case_id, self.number))
                return
            token = self._call(state["Parameters"]["MessageBody"])
            found = self.world.timeline.answers.get(token)
            if found is None:
                ends_at = self.world.clock.now() + timedelta(seconds=state["TimeoutSeconds"])
                self.rest = Rest(name, token, ends_at)
                return
            name = state["Next"]

    @staticmethod
    def _chosen(state: dict[str, Any], step: str) -> str:
        found = [rule["Next"] for rule in state["Choices"] if rule["StringEquals"] == step]
        return str(found[0] if found else state["Default"])

    def _call(self, body: dict[str, Any]) -> str:
        """What the function does with the message; the token it was given."""
        self.counts["case_step"] += 1
        self.counts["queue_messages"] += 1
        self.tokens += 1
        world, token = self.world, f"token-{self.tokens}"
        world.timeline.tokens.add(token)
        if body["action"] == "continue":
            self._hand_over()
            world.timeline.resume(token, NextStep("done", 0, "continued"))
            return token
        if body["action"] == "perform":
            world.perform(self.case_id, Step(body["step"]))
        now = world.clock.now()
        is_old = self.started_at is not None and now - self.started_at > HAND_OVER_AFTER
        answer_state(
            self.case_id,
            Turn(token, self.number, now, is_old),
            cases=world.cases,
            wakes=world.wakes,
            timeline=world.timeline,
            clock=world.clock,
        )
        return token

    def _hand_over(self) -> None:
        world, real_now = self.world, self.world.clock.now()
        continue_as_new(
            self.case_id, self.number + 1, wakes=world.wakes, timeline=world.timeline, real_now=real_now
        )

    def _fresh(self) -> list[Event]:
        table: Any = self.world.table
        rows = {key: item for key, item in table.items.items() if key[1].startswith("OUTBOX#")}
        fresh = [rows[key] for key in sorted(rows.keys() - self.heard)]
        self.heard |= rows.keys()
        return [decode(Event, str(item["body"])) for item in fresh]

    def _hear(self, event: Event) -> None:
        if event.detail_type in MESSAGE_EVENTS:
            self.counts["queue_messages"] += 1
            self.counts["send_message"] += 1
            told = CommunicationId(dict(event.data)["communication_id"])
            sent = self.world.send(self.case_id, told)
            item = self.world.cases.communication(self.case_id, told)
            self.counts[f"{item.channel.value}_{sent.value}"] += 1
        elif event.detail_type in WAKE_EVENTS:
            self.counts["queue_messages"] += 1
            self.counts["wake_case"] += 1
            self.wake()

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
from sovinto.domain.event import Event
from sovinto.ids import CaseId, CommunicationId
from sovinto.usecases.drive_case import continue_as_new, decide_next, park_case, wake_case

from infra.parts.events import MESSAGE_EVENTS, WAKE_EVENTS
from tests.support.world import World

ASL = Path(__file__).resolve().parents[2] / "infra" / "state_machines" / "case_timeline.asl.json"
HAND_OVER_AFTER = timedelta(days=300)


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

    def __post_init__(self) -> None:
        self.machine: dict[str, Any] = json.loads(ASL.read_text("utf-8"))
        self.parks = 0

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
        resumed, running = len(timeline.resumed), set(timeline.running)
        wake_case(self.case_id, wakes=self.world.wakes, timeline=timeline, real_now=self.world.clock.now())
        if len(timeline.resumed) > resumed:
            self._run(self._states["Wait"]["Next"])
        while new := timeline.running - running:
            ((_, self.number),) = new
            running |= new
            self.started_at = self.world.clock.now()
            self._run(self.machine["StartAt"])

    @property
    def _states(self) -> dict[str, Any]:
        states: dict[str, Any] = self.machine["States"]
        return states

    def _run(self, name: str | None) -> None:
        """Every state that is entered is a transition."""
        step = ""
        while name is not None:
            self.counts["transitions"] += 1
            state = self._states[name]
            if name == "Wait":
                if self._park():
                    return
            elif state["Type"] == "Choice":
                name = self._chosen(state, step)
                continue
            elif state["Type"] == "Task":
                step = self._call(state["Parameters"]["Payload"], step)
            else:
                self.world.timeline.running.discard((self.case_id, self.number))
                return
            name = state["Next"]

    @staticmethod
    def _chosen(state: dict[str, Any], step: str) -> str:
        found = [rule["Next"] for rule in state["Choices"] if rule["StringEquals"] == step]
        return str(found[0] if found else state["Default"])

    def _call(self, payload: dict[str, Any], step: str) -> str:
        self.counts["case_step"] += 1
        world = self.world
        if payload["action"] == "perform":
            world.perform(self.case_id, Step(payload["step"]))
            return step
        if payload["action"] == "continue":
            continue_as_new(
                self.case_id,
                self.number + 1,
                wakes=world.wakes,
                timeline=world.timeline,
                real_now=world.clock.now(),
            )
            return step
        if self.started_at is not None and world.clock.now() - self.started_at > HAND_OVER_AFTER:
            return "continue_as_new"
        return decide_next(self.case_id, cases=world.cases, wakes=world.wakes, clock=world.clock).step

    def _park(self) -> bool:
        self.counts["case_wait"] += 1
        self.parks += 1
        token = f"token-{self.parks}"
        self.world.timeline.tokens.add(token)
        return park_case(
            self.case_id,
            token=token,
            execution=self.number,
            cases=self.world.cases,
            wakes=self.world.wakes,
            timeline=self.world.timeline,
            clock=self.world.clock,
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

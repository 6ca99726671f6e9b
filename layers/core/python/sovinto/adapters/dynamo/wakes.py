"""The due index, and the life of a communication, over the table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from sovinto.adapters.codec import decode, encode
from sovinto.adapters.dynamo import keys
from sovinto.adapters.dynamo.table import Check, Item, Put, Set, Table, Write
from sovinto.adapters.dynamo.writes import communication_item, writes_of
from sovinto.domain.communication import Communication, SendingState
from sovinto.domain.contacts import astray
from sovinto.domain.driving import Turn, Wake
from sovinto.domain.sendable import obeys_every_stop
from sovinto.errors import NotFound, StaleVersion
from sovinto.ids import CaseId
from sovinto.ports import Change


class TableWakes:
    """Implements ports.Wakes."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def of(self, case_id: CaseId) -> Wake:
        item = self._table.get(keys.case(case_id), keys.TIMELINE)
        if item is None:
            raise NotFound(f"there is no case {case_id}")
        return _wake(item)

    def due(self, now: datetime, limit: int) -> tuple[Wake, ...]:
        found = self._table.index("work", keys.TIMELINE, upto=keys.instant(now), limit=limit)
        return tuple(_wake(item) for item in found)

    def park(self, case_id: CaseId, turn: Turn, *, version: int, wake_at: datetime) -> bool:
        values: dict[str, str | int | bool | None] = {
            "token": turn.token,
            "work_at": keys.instant(wake_at),
            "execution": turn.execution,
            "entered_at": turn.entered_at.isoformat(),
        }
        return self._sleep(case_id, version, Set(keys.case(case_id), keys.TIMELINE, values))

    def postpone(self, wake: Wake, *, version: int, wake_at: datetime) -> bool:
        """The token is checked too: one that was stored meanwhile has its own moment."""
        values = {"work_at": keys.instant(wake_at)}
        moved = Set(keys.case(wake.case_id), keys.TIMELINE, values, expect={"token": wake.token})
        return self._sleep(wake.case_id, version, moved)

    def _sleep(self, case_id: CaseId, version: int, change: Set) -> bool:
        try:
            self._table.transact([Check(keys.case(case_id), keys.CASE, {"version": version}), change])
        except StaleVersion:
            return False
        return True

    def woken(self, wake: Wake, *, driven_at: datetime, execution: int | None = None) -> None:
        """Nothing to do where somebody else moved it on in the meantime."""
        values: dict[str, str | int | bool | None] = {"token": "", "driven_at": keys.instant(driven_at)}
        if execution is not None:
            values["execution"] = execution
        try:
            self._table.transact(
                [Set(keys.case(wake.case_id), keys.TIMELINE, values, expect={"token": wake.token})]
            )
        except StaleVersion:
            return

    def finished(self, case_id: CaseId, *, version: int) -> bool:
        """A case that was opened again since it was looked at stays due."""
        values = {"work_queue": None, "work_at": None, "token": ""}
        return self._sleep(case_id, version, Set(keys.case(case_id), keys.TIMELINE, values))


def _wake(item: Item) -> Wake:
    return Wake(
        case_id=CaseId(str(item["case_id"])),
        execution=int(item["execution"]),
        token=str(item["token"]),
        wake_at=datetime.fromisoformat(str(item.get("work_at", "9999-12-31T00:00:00Z"))),
        driven_at=_moment(item, "driven_at"),
        entered_at=_moment(item, "entered_at"),
    )


def _moment(item: Item, name: str) -> datetime | None:
    return datetime.fromisoformat(str(item[name])) if name in item else None


class TableSendings:
    """Implements ports.Sendings."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def claim(self, communication: Communication) -> bool:
        """A stop that was committed wins: what it wrote is checked in the transaction.

        For a letter, or under a permit, that the case may go on; for another message to the debtor that
        they may be answered at all; and always that the address leads to them.
        """
        pk, sk = keys.case(communication.case_id), keys.communication(communication.communication_id)
        taken = replace(communication, state=SendingState.SENDING)
        values = {"state": taken.state.value, "body": encode(taken)}
        writes: list[Write] = [Set(pk, sk, values, expect={"state": SendingState.PLANNED.value})]
        if obeys_every_stop(communication):
            writes.append(Check(pk, keys.CASE, {"sendable": True}))
        elif communication.audience == "debtor":
            writes.append(Check(pk, keys.CASE, {"silent": None}))
        writes += [Check(*row, {"pk": None}) for row in astray(communication)]
        try:
            self._table.transact(writes)
        except StaleVersion:
            return False
        return True

    def record(self, communication: Communication, beside: Change | None = None) -> None:
        others = writes_of(beside) if beside else []
        self._table.transact([Put(communication_item(communication)), *others])

    def pending(self) -> Iterator[Communication]:
        for item in self._table.index("work", keys.SENDING):
            yield decode(Communication, str(item["body"]))

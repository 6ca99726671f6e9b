"""Several actors over one table, one call at a time: whose turn it is, a seed decides."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from random import Random

from sovinto.adapters.dynamo.table import Item, Write

from tests.support.memory_table import MemoryTable

Actor = Callable[[], object]


class Turns:
    """Runs each actor in a thread of its own, but never two at once: before every call on the table the
    turn goes to any of those that are not done. The same seed gives the same order."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._alive: list[int] = []
        self._gates: list[threading.Semaphore] = []
        self._over = threading.Semaphore(0)
        self._current: int | None = None
        self.failures: list[BaseException] = []

    def run(self, actors: Sequence[Actor]) -> None:
        """Until all are done. Raises the first failure of an actor."""
        self._alive = list(range(len(actors)))
        self._gates = [threading.Semaphore(0) for _ in actors]
        threads = [
            threading.Thread(target=self._act, args=(number, actor), daemon=True)
            for number, actor in enumerate(actors)
        ]
        for thread in threads:
            thread.start()
        self._give_turn()
        self._over.acquire()
        for thread in threads:
            thread.join()
        self._current = None
        if self.failures:
            raise self.failures[0]

    def switch(self) -> None:
        """Called by whoever has the turn; it may keep it. Outside of a run nothing happens."""
        me = self._current
        if me is None or len(self._alive) < 2:
            return
        chosen = self._random.choice(self._alive)
        if chosen != me:
            self._current = chosen
            self._gates[chosen].release()
            self._gates[me].acquire()

    def _act(self, me: int, actor: Actor) -> None:
        self._gates[me].acquire()
        try:
            actor()
        except BaseException as failure:
            self.failures.append(failure)
        self._alive.remove(me)
        if self._alive:
            self._give_turn()
        else:
            self._over.release()

    def _give_turn(self) -> None:
        self._current = self._random.choice(self._alive)
        self._gates[self._current].release()


class TurnTable(MemoryTable):
    """Gives the turn away before every call; tells of each transaction that was stored."""

    def __init__(self) -> None:
        super().__init__()
        self.turns: Turns | None = None
        self.told: Callable[[Sequence[Write]], None] | None = None

    def _switch(self) -> None:
        if self.turns is not None:
            self.turns.switch()

    def get(self, pk: str, sk: str) -> Item | None:
        self._switch()
        return super().get(pk, sk)

    def query(self, pk: str, prefix: str = "", *, upto: str = "") -> Iterator[Item]:
        self._switch()
        return iter(list(super().query(pk, prefix, upto=upto)))

    def index(
        self,
        name: str,
        pk: str,
        *,
        since: str = "",
        upto: str | None = None,
        limit: int | None = None,
        only: Sequence[str] = (),
    ) -> Iterator[Item]:
        self._switch()
        return iter(list(super().index(name, pk, since=since, upto=upto, limit=limit, only=only)))

    def transact(self, writes: Sequence[Write]) -> None:
        self._switch()
        super().transact(writes)
        if self.told is not None:
            self.told(writes)

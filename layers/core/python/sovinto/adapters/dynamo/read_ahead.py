"""Items that are read before somebody asks for them, in few requests, for one stretch of work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from threading import Lock

from sovinto.adapters.dynamo.table import Check, Item, Key, Table, Write, key_of
from sovinto.errors import StaleVersion

_NONE: Mapping[str, str] = {}
_NO_FIRSTS: Mapping[str, int] = {}


@dataclass(frozen=True, slots=True)
class _Part:
    upto: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class _First:
    most: int
    items: tuple[Item, ...]

    def has(self, most: int) -> bool:
        return most <= self.most or len(self.items) < self.most


class ReadAhead:
    """Implements Table over another one, and answers from memory what was read ahead.

    Such an answer may be as old as the stretch, so what rests on it needs a condition of its own. Nothing
    outlives a write: its keys are forgotten before it is sent, and everything after StaleVersion.
    """

    def __init__(self, table: Table) -> None:
        self._table = table
        self._items: dict[Key, Item | None] = {}
        self._partitions: dict[str, _Part] = {}
        self._firsts: dict[str, _First] = {}
        self._written: set[Key] = set()
        self._lock = Lock()
        self._following: list[ReadAhead] = []

    def follow(self) -> ReadAhead:
        """One for the next stretch. It may read on another thread while this one is worked off: it hears
        what this one writes, also while it reads."""
        self._following.append(ReadAhead(self._table))
        return self._following[-1]

    def read(
        self,
        keys: Iterable[Key],
        *,
        partitions: Mapping[str, str] = _NONE,
        firsts: Mapping[str, int] = _NO_FIRSTS,
        absent: Iterable[Key] = (),
    ) -> None:
        """Keep these; of `partitions` all up to a sort key, empty for the whole; `firsts` are partitions of
        which the first so many are kept, for `first` alone.

        Of `absent` only that an item is not there is kept: one that changes is read afresh.
        """
        only_absent = set(absent)
        found = self._table.several([*dict.fromkeys((*keys, *only_absent))])
        kept = {key: item for key, item in found.items() if item is None or key not in only_absent}
        parts = {
            pk: _Part(upto, tuple(self._table.query(pk, upto=upto))) for pk, upto in partitions.items()
        }
        heads = {pk: _First(most, tuple(self._head(pk, most))) for pk, most in firsts.items()}
        with self._lock:
            touched = {pk for pk, _ in self._written}
            self._items |= {key: item for key, item in kept.items() if key not in self._written}
            self._partitions |= {pk: part for pk, part in parts.items() if pk not in touched}
            self._firsts |= {pk: head for pk, head in heads.items() if pk not in touched}

    def partition(self, pk: str, upto: str = "") -> tuple[Item, ...] | None:
        """What was read ahead just so; the same object for as long as it is believed."""
        part = self._partitions.get(pk)
        return part.items if part is not None and part.upto == upto else None

    def first(self, pk: str, most: int) -> tuple[Item, ...]:
        """The first so many items of a partition."""
        with self._lock:
            known = self._firsts.get(pk)
        if known is not None and known.has(most):
            return known.items[:most]
        return tuple(self._head(pk, most))

    def _head(self, pk: str, most: int) -> Iterator[Item]:
        return islice(self._table.query(pk), most)

    def get(self, pk: str, sk: str) -> Item | None:
        with self._lock:
            if (pk, sk) in self._items:
                return self._items[pk, sk]
            part = self._partitions.get(pk)
        if part is None or (part.upto and sk > part.upto):
            return self._table.get(pk, sk)
        return next((item for item in part.items if item["sk"] == sk), None)

    def several(self, keys: Sequence[Key]) -> dict[Key, Item | None]:
        with self._lock:
            known = {key: self._items[key] for key in keys if key in self._items}
        rest = [key for key in keys if key not in known]
        return known | (dict(self._table.several(rest)) if rest else {})

    def query(self, pk: str, prefix: str = "", *, upto: str = "") -> Iterator[Item]:
        known = self.partition(pk, upto)
        if known is None:
            return self._table.query(pk, prefix, upto=upto)
        return (item for item in known if str(item["sk"]).startswith(prefix))

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
        return self._table.index(name, pk, since=since, upto=upto, limit=limit, only=only)

    def transact(self, writes: Sequence[Write]) -> None:
        written = {key_of(write) for write in writes if not isinstance(write, Check)}
        # Before it is sent: of one that fails without an answer nobody knows whether it was stored.
        for ahead in (self, *self._following):
            ahead._forget(written)
        try:
            self._table.transact(writes)
        except StaleVersion:
            with self._lock:
                self._items.clear()
                self._partitions.clear()
                self._firsts.clear()
            raise

    def _forget(self, written: set[Key]) -> None:
        with self._lock:
            self._written |= written
            for key in written:
                self._items.pop(key, None)
                self._partitions.pop(key[0], None)
                self._firsts.pop(key[0], None)

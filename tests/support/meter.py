"""A table that counts what DynamoDB would charge for, by its rules for on-demand tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sovinto.adapters.dynamo.table import INDEX_KEYS, Item, Put, Scalar, Write

from tests.support.memory_table import MemoryTable

READ_UNIT, WRITE_UNIT = 4096, 1024


class MeteredTable(MemoryTable):
    """`counts` has transactions, write units and read units; reads of an index are shared, and left out."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[str] = Counter()

    def forget(self, now: datetime) -> None:
        """The table removes what has expired by itself, free of charge."""
        gone = [
            key
            for key, item in self.items.items()
            if int(item.get("expires_at") or 2**40) < now.timestamp()
        ]
        for key in gone:
            del self.items[key]

    @property
    def size(self) -> int:
        """Bytes that are stored."""
        return sum(map(_size, self.items.values()))

    def get(self, pk: str, sk: str) -> Item | None:
        found = super().get(pk, sk)
        self.counts["read_units"] += _units(_size(found or {}), READ_UNIT)
        return found

    def query(self, pk: str, prefix: str = "", *, upto: str = "") -> Iterator[Item]:
        """One strongly consistent query pays for the sum of what it reads."""
        found = list(super().query(pk, prefix, upto=upto))
        self.counts["read_units"] += _units(sum(map(_size, found)), READ_UNIT)
        yield from found

    def transact(self, writes: Sequence[Write]) -> None:
        """Twice the units of a plain write for every item; an index is written once more, plainly."""
        before = [dict(self.items.get(_key(write), {})) for write in writes]
        super().transact(writes)
        self.counts["transactions"] += 1
        for write, old in zip(writes, before, strict=True):
            new = self.items.get(_key(write), {})
            units = _units(max(_size(old), _size(new)), WRITE_UNIT)
            self.counts["write_units"] += 2 * units
            if old != new:
                self.counts["write_units"] += units * _index_writes(old, new)


def _key(write: Write) -> tuple[str, str]:
    if isinstance(write, Put):
        return str(write.item["pk"]), str(write.item["sk"])
    return write.pk, write.sk


def _index_writes(old: Mapping[str, Scalar], new: Mapping[str, Scalar]) -> int:
    """A moved key is a removal and a new row."""
    count = 0
    for keys in INDEX_KEYS.values():
        was, now = (
            tuple(item[name] for name in keys) if set(keys) <= item.keys() else None for item in (old, new)
        )
        count += len({was, now} - {None})
    return count


def _size(item: Mapping[str, Scalar]) -> int:
    return sum(len(name.encode()) + len(str(value).encode()) for name, value in item.items())


def _units(size: int, unit: int) -> int:
    return max(1, -(-size // unit))

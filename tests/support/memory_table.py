"""The table in memory: the same verbs and the same failures, proven by the table contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sovinto.adapters.dynamo.table import (
    INDEX_KEYS,
    Check,
    Item,
    Key,
    Put,
    Scalar,
    Set,
    Write,
    check_writes,
    key_of,
)


class MemoryTable:
    """Implements adapters.dynamo.table.Table."""

    def __init__(self) -> None:
        self.items: dict[tuple[str, str], dict[str, Scalar]] = {}

    def get(self, pk: str, sk: str) -> Item | None:
        if not pk or not sk:
            raise ValueError("a key attribute cannot be empty")
        found = self.items.get((pk, sk))
        return dict(found) if found is not None else None

    def several(self, keys: Sequence[Key]) -> dict[Key, Item | None]:
        """Each by itself, so that a table that counts its reads counts these too."""
        return {key: self.get(*key) for key in keys}

    def query(self, pk: str, prefix: str = "", *, upto: str = "") -> Iterator[Item]:
        for key in sorted(self.items):
            if key[0] == pk and key[1].startswith(prefix) and (not upto or key[1] <= upto):
                yield dict(self.items[key])

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
        partition, sort = INDEX_KEYS[name]
        found = [item for item in self.items.values() if item.get(partition) == pk and sort in item]
        found = [item for item in found if str(item[sort]) >= since]
        found.sort(key=lambda item: str(item[sort]))
        if upto is not None:
            found = [item for item in found if str(item[sort]) <= upto]
        for item in found[:limit]:
            yield {name: value for name, value in item.items() if not only or name in only}

    def transact(self, writes: Sequence[Write]) -> None:
        check_writes(writes)
        for write in writes:
            if not self._holds(write):
                raise write.clash("something that this change rests on is there already or has moved")
        for write in writes:
            self._apply(write)

    def _holds(self, write: Write) -> bool:
        if isinstance(write, Put) and write.if_absent:
            return key_of(write) not in self.items
        return _matches(self.items.get(key_of(write)), write.expect)

    def _apply(self, write: Write) -> None:
        match write:
            case Put():
                self.items[str(write.item["pk"]), str(write.item["sk"])] = dict(write.item)
            case Set():
                item = self.items.setdefault((write.pk, write.sk), {"pk": write.pk, "sk": write.sk})
                for name, value in write.values.items():
                    if value is None:
                        item.pop(name, None)
                    else:
                        item[name] = value
            case Check():
                pass


def _matches(item: Mapping[str, Scalar] | None, expect: Mapping[str, Scalar | None]) -> bool:
    known = item or {}
    return all(known.get(name) == value for name, value in expect.items())

"""A process that moves money and is killed: at the n-th call to the table, the bank's files, a bucket."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sovinto.ports import Version

from tests.support.crash import Fuse, FusedFiles, FusedTable, Items, Killed, copied
from tests.support.outside import MemoryOpened
from tests.support.world import World

Act = Callable[[], object]
EFFECTS = frozenset({"transact", "document", "move"})


class FusedBank(FusedFiles):
    """The bank's bucket: listing and reading count as calls too."""

    def keys(self, prefix: str) -> tuple[str, ...]:
        self.fuse.before("list")
        return super().keys(prefix)

    def open(self, key: str, version: str = "") -> MemoryOpened:
        self.fuse.before("open")
        return super().open(key, version)

    def move(self, file: Version, to: str) -> None:
        self.fuse.before("move")
        super().move(file, to)
        self.fuse.after("move")


def fused_money_world(**given: object) -> World:
    """A world of which every call that money depends on counts; its fuse is that of its table."""
    fuse = Fuse()
    return World(
        table=FusedTable(fuse),
        documents=FusedFiles(fuse),
        bank=FusedBank(fuse),
        **given,  # type: ignore[arg-type]
    )


def table_of(world: World) -> FusedTable:
    assert isinstance(world.table, FusedTable)
    return world.table


@dataclass(frozen=True)
class Kept:
    """All of a money world that outlives a process."""

    items: Items
    bank: tuple[tuple[str, bytes], ...]
    documents: tuple[tuple[str, bytes], ...]


def kept_of(world: World) -> Kept:
    return Kept(
        table_of(world).copy(),
        tuple(sorted(world.bank.stored.items())),
        tuple(sorted(world.documents.stored.items())),
    )


def put_back(world: World, kept: Kept) -> None:
    table_of(world).items = copied(kept.items)
    world.bank.stored, world.documents.stored = dict(kept.bank), dict(kept.documents)
    table_of(world).fuse.set(None)


def storm(world: World, act: Act, *, is_run: bool = False) -> int:
    """Kills `act` at every call it makes, before and after its effect, and repeats it: the same end.

    `is_run`: it happens every day anyhow, and what is left of today is tidied up by the next one.

    Returns how many kills there were; afterwards `act` has happened once.
    """
    start, fuse, kills = kept_of(world), table_of(world).fuse, 0
    fuse.set(None)
    act()
    calls = list(fuse.calls)
    repeats = 2 if is_run else 1
    for _ in range(repeats - 1):
        act()
    calm = kept_of(world)
    for number, call in enumerate(calls, start=1):
        for is_after in (False, True) if call in EFFECTS else (False,):
            put_back(world, start)
            if not killed(world, act, number, is_after=is_after):
                raise AssertionError(f"call {number} ({call}) was not reached again")
            for _ in range(repeats):
                act()
            moment = "after" if is_after else "before"
            check_same(calm, kept_of(world), f"killed {moment} call {number} ({call})")
            kills += 1
    put_back(world, start)
    act()
    return kills


def killed(world: World, act: Act, at: int, *, is_after: bool) -> bool:
    """Whether the act came so far as to be killed."""
    fuse = table_of(world).fuse
    fuse.set(at, is_after=is_after)
    try:
        act()
    except Killed:
        return True
    finally:
        fuse.set(None)
    return False


def check_same(calm: Kept, stormy: Kept, where: str) -> None:
    other = calm.items.keys() | stormy.items.keys()
    differing = sorted(key for key in other if calm.items.get(key) != stormy.items.get(key))
    assert not differing, f"{where}: {differing[:5]}"
    assert stormy.bank == calm.bank, where
    assert stormy.documents == calm.documents, where

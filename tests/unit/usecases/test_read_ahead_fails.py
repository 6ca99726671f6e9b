"""Reading ahead saves requests and nothing else: it has bounds, and it may fail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from sovinto.adapters.dynamo.table import Item, Key
from sovinto.adapters.reading_thread import ReadingThread
from sovinto.domain.matching import MOST_BY_NAME
from sovinto.ports import Beside, afterwards
from sovinto.usecases.bank_line import SEEN_BANK

from tests.support.books import by_account, check_books
from tests.support.memory_table import MemoryTable
from tests.support.statements import camt053, line
from tests.support.world import World
from tests.unit.usecases.test_read_ahead import COUNT, deliver, placed, statement

STRETCHES = 4
"""COUNT lines are so many: 4, 8, 16 and 25."""
LONGEST_PK, LONGEST_SK = 2048, 1024


class Strict(MemoryTable):
    """Refuses keys that DynamoDB refuses, and remembers that it was asked for one."""

    def __init__(self) -> None:
        super().__init__()
        self.refused = 0

    def get(self, pk: str, sk: str) -> Item | None:
        if len(pk.encode()) > LONGEST_PK or len(sk.encode()) > LONGEST_SK:
            self.refused += 1
            raise RuntimeError("ValidationException: the size of a key")
        return super().get(pk, sk)


class Names(MemoryTable):
    """Counts the rows of names that are read."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = 0

    def query(self, pk: str, prefix: str = "", *, upto: str = "") -> Iterator[Item]:
        for item in super().query(pk, prefix, upto=upto):
            self.rows += pk.startswith("NAME#")
            yield item


class NothingAhead(MemoryTable):
    """Fails where it is asked for the lines of a whole stretch at once."""

    def several(self, keys: Sequence[Key]) -> dict[Key, Item | None]:
        if any(pk == SEEN_BANK for pk, _ in keys):
            raise RuntimeError(f"InternalServerError: {len(keys)} keys")
        return super().several(keys)


@pytest.mark.parametrize("beside", [afterwards, ReadingThread()], ids=["after", "beside"])
def test_lines_are_posted_where_nothing_can_be_read_ahead(beside: Beside) -> None:
    world = World(table=NothingAhead())
    cases = placed(world)
    done = deliver(world, statement(*((case, 1_000) for case in cases)), beside)
    assert done == {"matched": COUNT, "unread": STRETCHES}
    assert by_account(world.ledger())["bank:collection"] == 1_000 * COUNT
    check_books(world.ledger())


def test_nobody_asks_whose_the_reference_of_a_debit_is() -> None:
    """No case is looked for by it, and it may be longer than a key can be."""
    table = Strict()
    world = World(table=table)
    cases = placed(world, 12)
    lines = [line(100, reference=case.payment_reference, bank_id=f"B{n}") for n, case in enumerate(cases)]
    lines[9] = line(-100, reference="9" * 3_000, bank_id="B9")
    done = deliver(world, camt053(*lines, change=1_000))
    assert sum(done.values()) == len(lines)
    assert by_account(world.ledger())["bank:collection"] == 1_000
    assert table.refused == 0
    check_books(world.ledger())


def test_of_a_name_that_very_many_have_no_more_is_read_than_is_looked_at() -> None:
    table = Names()
    world = World(table=table)
    (case,) = placed(world, 1)
    (name,) = {pk for pk, _ in table.items if pk.startswith("NAME#")}
    table.items |= {(name, key): {"pk": name, "sk": key} for key in (f"case_z{n:04}" for n in range(1_000))}
    table.rows = 0
    assert deliver(world, statement(*([(case, 100)] * COUNT))) == {"matched": COUNT}
    assert table.rows <= STRETCHES * (MOST_BY_NAME + 1)

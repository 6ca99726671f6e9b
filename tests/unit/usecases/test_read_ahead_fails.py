"""Reading ahead saves requests and nothing else: where it fails, each line reads for itself."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sovinto.adapters.dynamo.table import Item, Key
from sovinto.adapters.reading_thread import ReadingThread
from sovinto.ports import Beside, afterwards
from sovinto.usecases.bank_line import SEEN_BANK

from tests.support.books import by_account, check_books
from tests.support.memory_table import MemoryTable
from tests.support.statements import camt053, line
from tests.support.world import World
from tests.unit.usecases.test_read_ahead import COUNT, deliver, placed, statement

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
    assert deliver(world, statement(*((case, 1_000) for case in cases)), beside) == {"matched": COUNT}
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

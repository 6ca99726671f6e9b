"""Bank lines are read ahead in few requests, and posted right whatever happens in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import pytest
from sovinto.adapters.dynamo.table import Item, Key
from sovinto.adapters.reading_thread import ReadingThread
from sovinto.domain.case import Case
from sovinto.domain.chain import examine
from sovinto.formats.statement import Part, Problem
from sovinto.ports import Beside, Change, afterwards
from sovinto.usecases.bank_line import Books
from sovinto.usecases.import_inbox import import_inbox
from sovinto.usecases.read_ahead import LINES_AT_ONCE, PARTS_AT_ONCE, with_read_ahead

from tests.support.books import by_account, check_books
from tests.support.memory_table import MemoryTable
from tests.support.moves import owed, pay
from tests.support.outside import MemoryFiles
from tests.support.statements import batch, camt053, line
from tests.support.world import AGENCY, World

COUNT = 2 * LINES_AT_ONCE + 3


class Requests(MemoryTable):
    """Counts the requests that DynamoDB would get to read."""

    def __init__(self) -> None:
        super().__init__()
        self.reads = 0

    def get(self, pk: str, sk: str) -> Item | None:
        self.reads += 1
        return super().get(pk, sk)

    def several(self, keys: Sequence[Key]) -> dict[Key, Item | None]:
        self.reads += -(-len(keys) // 100)
        return {key: MemoryTable.get(self, *key) for key in keys}

    def query(self, pk: str, prefix: str = "", *, upto: str = "") -> Iterator[Item]:
        self.reads += 1
        return iter(list(super().query(pk, prefix, upto=upto)))


@dataclass
class Between:
    """A Beside after whose work, and before the stretch is posted, something happens once."""

    happens: list[Callable[[], object]] = field(default_factory=list)

    def __call__(self, work: Callable[[], None]) -> Callable[[], None]:
        def wait() -> None:
            work()
            if self.happens:
                self.happens.pop(0)()

        return wait


def placed(world: World, count: int = COUNT) -> list[Case]:
    return [
        world.place(reference=f"A-{number}", principal=20_000, name=f"Maksaja Numero{number}")
        for number in range(count)
    ]


def statement(*paid: tuple[Case, int]) -> bytes:
    lines = [
        line(
            minor,
            reference=case.payment_reference,
            payer=case.debtor.name,
            bank_id=f"B{n}",
            end_to_end=f"E{n}",
        )
        for n, (case, minor) in enumerate(paid)
    ]
    return camt053(*lines, change=sum(minor for _, minor in paid))


def deliver(world: World, data: bytes, beside: Beside = afterwards) -> dict[str, int]:
    bank = MemoryFiles()
    bank.write("inbox/day.xml", data, "application/xml")
    done = import_inbox(
        bank=bank,
        agency=AGENCY,
        cases=world.cases,
        clock=world.clock,
        orders=world.orders,
        clients=world.clients,
        beside=beside,
    )
    return {name: count for name, count in done.items() if count and name != "files"}


@pytest.mark.parametrize("beside", [afterwards, ReadingThread()], ids=["after", "beside"])
def test_a_line_takes_two_requests_to_read_and_a_share_of_few(beside: Beside) -> None:
    table = Requests()
    world = World(table=table)
    cases = placed(world)
    table.reads = 0
    assert deliver(world, statement(*((case, 1_000) for case in cases)), beside) == {"matched": COUNT}
    assert table.reads <= 2 * COUNT + 25
    assert by_account(world.ledger())["bank:collection"] == 1_000 * COUNT
    check_books(world.ledger())


@pytest.mark.parametrize("beside", [afterwards, ReadingThread()], ids=["after", "beside"])
def test_lines_of_one_case_see_each_other_within_a_stretch_and_over_its_end(beside: Beside) -> None:
    world = World()
    (case,) = placed(world, 1)
    parts = [(case, 100)] * COUNT
    assert deliver(world, statement(*parts), beside) == {"matched": COUNT}
    twin = World()
    (same,) = placed(twin, 1)
    deliver(twin, statement((same, 100 * COUNT)))
    assert owed(world, case) == owed(twin, same)
    assert not examine(world.cases.entries(case.case_id), world.cases.load(case.case_id).ledger_head)
    check_books(world.ledger())


def test_a_case_that_moved_after_it_was_read_ahead_is_read_again() -> None:
    world = World()
    case, other = placed(world, 2)
    between = Between([lambda: pay(world, case, 3_000)])
    assert deliver(world, statement((case, 1_000), (other, 1_000)), between) == {"matched": 2}
    twin = World()
    same, _ = placed(twin, 2)
    pay(twin, same, 3_000)
    assert deliver(twin, statement((same, 1_000))) == {"matched": 1}
    assert owed(world, case) == owed(twin, same)
    check_books(world.ledger())


def settled_meanwhile(world: World, case: Case, data: bytes, *, is_race: bool) -> dict[str, int]:
    """The same payment of `case` by another way comes before the file, or while it is read ahead."""
    minor = owed(world, case)
    twin = [lambda: pay(world, case, minor)]
    if not is_race:
        twin.pop()()
    return deliver(world, data, Between([*twin]))


@pytest.mark.parametrize("is_race", [False, True], ids=["before", "meanwhile"])
def test_whose_money_it_is_is_asked_again_once_the_case_has_moved(is_race: bool) -> None:
    """The sum is what the debtor's other case asks for, once the case that is named is paid."""
    world = World()
    case, other = (world.place(reference=text, principal=20_000) for text in ("A-1", "A-2"))
    data = statement((case, owed(world, case)))
    assert settled_meanwhile(world, case, data, is_race=is_race) == {"suspense": 1}
    assert owed(world, other) > 0
    assert f"refunds:{case.case_id}" not in by_account(world.ledger())
    check_books(world.ledger())


def in_one_transfer(world: World) -> tuple[Case, Case, int, str]:
    """Two cases, what they owe together, and the entry that names both."""
    case = world.place(reference="A-1", principal=20_000)
    other = world.place(reference="A-2", principal=30_000)
    both = owed(world, case) + owed(world, other)
    names = (case.payment_reference, other.payment_reference)
    return case, other, both, batch(both, names, on=world.clock.now().date())


@pytest.mark.parametrize("is_race", [False, True], ids=["before", "meanwhile"])
def test_a_sum_is_not_shared_out_to_a_case_that_was_paid_meanwhile(is_race: bool) -> None:
    world = World()
    case, other, both, entry = in_one_transfer(world)
    data = camt053(entry, change=both)
    assert settled_meanwhile(world, case, data, is_race=is_race) == {"suspense": 1}
    assert owed(world, other) > 0
    assert by_account(world.ledger())["suspense"] == -both
    check_books(world.ledger())


def test_a_sum_is_shared_out_to_cases_that_moved_and_still_owe_it() -> None:
    world = World()
    case, other, both, entry = in_one_transfer(world)

    def moves() -> None:
        read = world.cases.load(case.case_id)
        world.cases.commit(Change(case=replace(read, version=read.version + 1)))

    assert deliver(world, camt053(entry, change=both), Between([moves])) == {"matched": 1}
    assert owed(world, case) == owed(world, other) == 0
    check_books(world.ledger())


def test_a_twin_run_that_posts_what_was_read_ahead_is_not_repeated() -> None:
    world = World()
    cases = placed(world, 4)
    data = statement(*((case, 1_000) for case in cases))
    twin: list[dict[str, int]] = []
    between = Between([lambda: twin.append(deliver(world, data))])
    assert deliver(world, data, between) == {"repeated": 4}
    assert twin == [{"matched": 4}]
    assert by_account(world.ledger())["bank:collection"] == 4_000
    check_books(world.ledger())


def test_what_has_nothing_to_post_is_not_gathered_in_memory() -> None:
    taken: list[Part] = []

    def parts() -> Iterator[Part]:
        for number in range(50 * PARTS_AT_ONCE):
            taken.append(Problem("", str(number), ""))
            yield taken[-1]

    world = World()
    walk = with_read_ahead(parts(), lambda _: (), Books(AGENCY, world.cases, world.clock), taken.clear)
    assert next(walk)[0] is taken[0]
    assert len(taken) <= 2 * PARTS_AT_ONCE
    assert sum(1 for _ in walk) == 50 * PARTS_AT_ONCE - 1


def test_a_file_of_many_stretches_is_gone_on_with_where_it_stopped() -> None:
    world = World()
    cases = placed(world)
    data = statement(*((case, 1_000) for case in cases))
    left = iter([True] * (LINES_AT_ONCE + 7))
    bank = MemoryFiles()
    bank.write("inbox/day.xml", data, "application/xml")
    counts = [
        import_inbox(
            bank=bank, agency=AGENCY, cases=world.cases, clock=world.clock, has_time=has_time, beside=beside
        )
        for has_time, beside in ((lambda: next(left, False), ReadingThread()), (lambda: True, afterwards))
    ]
    first = counts[0]["matched"]
    assert 0 < first < COUNT
    assert (counts[1]["matched"], counts[1]["repeated"]) == (COUNT - first, first)
    check_books(world.ledger())

"""The same money over any files, in any order, any number of times: each cent is in the books once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from sovinto.usecases.import_inbox import import_inbox

from tests.support.books import by_account, check_books
from tests.support.people import AGENCY, DEBTOR
from tests.support.power import examples
from tests.support.statements import camt, camt053, itemised, line
from tests.support.stored import all_entries
from tests.support.world import World
from tests.unit.formats.statement import finnish_files as finnish

DAY = date(2026, 1, 5)
WAYS = ("line", "line and notice", "sum and list", "parts", "parts and list", "parts and notice")
KINDS = ("list", "notice")


@dataclass(frozen=True)
class Group:
    """Payments that the bank books together: (minor units, whose reference)."""

    way: str
    payments: tuple[tuple[int, int], ...]

    @property
    def total(self) -> int:
        return sum(minor for minor, _ in self.payments)


def groups() -> st.SearchStrategy[Group]:
    payments = st.tuples(st.integers(1, 4).map(lambda n: n * 700), st.integers(0, 2))
    return st.builds(
        lambda way, given: Group(way, tuple(given[:1] if way.startswith("line") else given)),
        st.sampled_from(WAYS),
        st.lists(payments, min_size=2, max_size=4),
    )


def booked(group: Group, number: int, references: list[str]) -> str:
    """The group as the statement has it."""
    name = f"B{number}"
    if group.way.startswith("line"):
        ((minor, whose),) = group.payments
        return line(minor, reference=references[whose], payer=DEBTOR.name, bank_id=name, on=DAY)
    parts = [(minor, references[whose]) for minor, whose in group.payments]
    return itemised(group.total, *(() if "sum" in group.way else parts), bank_id=name, on=DAY)


def details(group: Group, number: int, references: list[str], kind: str) -> bytes | None:
    """The group as its detail file has it; None where it has none.

    A bank itemises in one format: a second one for the same account and day is held (told_again.py).
    """
    if kind not in group.way:
        return None
    if "notice" in group.way:
        return camt("054", booked(group, number, references), statement_id=f"N{number}")
    if "list" not in group.way:
        return None
    rows = [
        finnish.payment(minor, reference=references[whose], archive=f"26010{number:05d}{place:06d}")
        for place, (minor, whose) in enumerate(group.payments)
    ]
    sums = finnish.batch_sums((len(rows), group.total))
    header = finnish.batch_header()[:9] + f"{number:02d}" + finnish.batch_header()[11:]
    return finnish.file(header, *rows, sums)


def run(world: World, data: bytes, name: str, entries: int) -> None:
    """In runs of so many entries each, until the file is done."""
    world.bank.write(f"inbox/{name}", data, "application/octet-stream")
    while world.bank.keys("inbox/") or world.bank.keys("importing/"):
        left = iter(range(entries))
        done = import_inbox(
            bank=world.bank,
            agency=AGENCY,
            cases=world.cases,
            clock=world.clock,
            orders=world.orders,
            clients=world.clients,
            has_time=lambda left=left: next(left, None) is not None,  # type: ignore[misc]
        )
        assert done["held"] == 0
        entries += 2


@settings(max_examples=examples(80), deadline=None)
@given(st.lists(groups(), min_size=1, max_size=4), st.data())
def test_every_cent_once(found: list[Group], data: st.DataObject) -> None:
    world = World()
    cases = [world.place(reference=name, principal=50_000) for name in ("A", "B")]
    references = [*(case.payment_reference for case in cases), "12345672"]
    cut = data.draw(st.integers(0, len(found)))
    files = [
        camt053(
            *(booked(group, start + place, references) for place, group in enumerate(part)),
            change=sum(group.total for group in part),
            statement_id=f"S{start}",
            opening=1_000_000 + sum(group.total for group in found[:start]),
        )
        for start, part in ((0, found[:cut]), (cut, found[cut:]))
        if part
    ]
    kind = data.draw(st.sampled_from(KINDS))
    lists = [details(group, number, references, kind) for number, group in enumerate(found)]
    files += [data_ for data_ in lists if data_ is not None]
    again = data.draw(st.lists(st.sampled_from(range(len(files))), max_size=4))
    order = data.draw(st.permutations([*range(len(files)), *again]))
    for turn, number in enumerate(order):
        run(world, files[number], f"{turn}-{number}", data.draw(st.integers(1, 8)))
        check(world)

    sums = by_account(all_entries(world.table))  # type: ignore[arg-type]
    total = sum(group.total for group in found)
    assert sums["bank:collection"] == total
    paid = sum(-minor for account, minor in sums.items() if account.endswith(":payable"))
    assert paid - sums.get("suspense", 0) == total + sums.get("bank:details", 0)


def check(world: World) -> None:
    entries = all_entries(world.table)  # type: ignore[arg-type]
    check_books(entries)
    rows = sum(row.payment.amount.minor for row in world.book.suspense())
    assert by_account(entries).get("suspense", 0) == -rows


@settings(max_examples=examples(50), deadline=None)
@given(st.lists(groups(), min_size=1, max_size=3), st.data())
def test_what_was_itemised_is_cleared_to_nothing(found: list[Group], data: st.DataObject) -> None:
    """Where no two payments look alike, nothing stays on the clearing account or in the wrong place."""
    world = World()
    case = world.place(reference="A", principal=90_000)
    references = [case.payment_reference]
    unlike = [
        Group(group.way, tuple((100 * 2 ** (4 * n + k), 0) for k in range(len(group.payments))))
        for n, group in enumerate(found)
    ]
    files = [
        camt053(booked(group, n, references), change=group.total, statement_id=f"S{n}")
        for n, group in enumerate(unlike)
    ]
    kind = data.draw(st.sampled_from(KINDS))
    files += [d for n, group in enumerate(unlike) if (d := details(group, n, references, kind)) is not None]
    for turn, number in enumerate(data.draw(st.permutations(range(len(files))))):
        run(world, files[number], f"{turn}", 100)
    sums = by_account(all_entries(world.table))  # type: ignore[arg-type]
    total = sum(group.total for group in unlike)
    assert (sums["bank:collection"], sums.get("bank:details", 0)) == (total, 0)

"""Two equal sums on one day: the number of payments, or the bank's reference, tells which is which."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sovinto.domain.case import Case
from sovinto.usecases.import_inbox import import_inbox
from sovinto.usecases.import_statement import FILE_PLACE

from tests.support.books import check_books
from tests.support.people import AGENCY
from tests.support.statements import camt, camt053, itemised
from tests.support.world import World
from tests.unit.formats.statement import finnish_files as finnish
from tests.unit.formats.statement import test_bgmax as bgmax
from tests.unit.formats.statement.published_files import lines
from tests.unit.usecases.test_import_formats import NORDIC, SWEDISH, books, cases, deliver, ktl, tito

DAY = date(2026, 1, 5)
Sums = tuple[tuple[int, int | None], ...]


def by_camt(total: int, *counts: int | None) -> bytes:
    """One booked sum for each of the counts, which stand in Btch."""
    told = [
        itemised(total, bank_id=f"S{place}", on=DAY).replace(
            "<BkTxCd/>", f"<BkTxCd/><NtryDtls><Btch><NbOfTxs>{count}</NbOfTxs></Btch></NtryDtls>"
        )
        if count
        else itemised(total, bank_id=f"S{place}", on=DAY)
        for place, count in enumerate(counts)
    ]
    return camt053(*told, change=total * len(counts))


def by_tito(total: int, *counts: int | None) -> bytes:
    """The counts stand in T11 01."""
    rows: list[str] = []
    for place, count in enumerate(counts):
        rows.append(finnish.row(total, number=place + 1, archive=f"S{place}", text="Viitesiirrot"))
        rows += [finnish.extra("01", f"{count:08d}")] if count else []
    return tito(*rows, change=total * len(counts))


def two_payments(world: World) -> tuple[bytes, int, tuple[Case, Case]]:
    (one, first), (other, second) = cases(world)
    detail = ktl((first, one.payment_reference), (second, other.payment_reference))
    return detail, first + second, (one, other)


def waiting(world: World) -> list[str]:
    """The keys of the lines that wait, in the order of the statement."""
    return [row.payment.source_id for row in world.book.suspense()]


@pytest.mark.parametrize("build", [by_camt, by_tito])
@pytest.mark.parametrize("counts", [(3, 2), (2, 3)])
@pytest.mark.parametrize("is_statement_first", [False, True])
def test_the_count_tells_which_of_two_sums_a_file_itemises(
    build: Callable[..., bytes], counts: tuple[int, int], is_statement_first: bool
) -> None:
    world = World()
    detail, total, _ = two_payments(world)
    order = [detail, build(total, *counts)]
    for number, data in enumerate(reversed(order) if is_statement_first else order):
        deliver(world, data, name=f"n{number}")
    assert books(world) == {"bank:collection": 2 * total, "suspense": -total}
    alone = World()
    cases(alone)
    deliver(alone, build(total, *counts))
    of_three = waiting(alone)[counts.index(3)]
    assert waiting(world) == [of_three], "the sum of three payments is not the one that came in details"
    check_books(world.ledger())


@pytest.mark.parametrize("build", [by_camt, by_tito])
@pytest.mark.parametrize("is_statement_first", [False, True])
def test_another_count_is_another_sum(build: Callable[..., bytes], is_statement_first: bool) -> None:
    world = World()
    detail, total, _ = two_payments(world)
    order = [detail, build(total, 3)]
    for number, data in enumerate(reversed(order) if is_statement_first else order):
        deliver(world, data, name=f"n{number}")
    assert books(world) == {"bank:collection": total, "bank:details": total, "suspense": -total}


@pytest.mark.parametrize("is_statement_first", [False, True])
def test_where_no_count_is_told_the_sum_decides(is_statement_first: bool) -> None:
    world = World()
    detail, total, _ = two_payments(world)
    order = [detail, by_camt(total, None)]
    for number, data in enumerate(reversed(order) if is_statement_first else order):
        deliver(world, data, name=f"n{number}")
    assert books(world) == {"bank:collection": total}


def unsplit(total: int, count: int | None) -> bytes:
    """A notice of a sum without its payments, and without a reference of the bank."""
    told = itemised(total, bank_id="", on=DAY).replace("<AcctSvcrRef></AcctSvcrRef>", "")
    how_many = f"<NtryDtls><Btch><NbOfTxs>{count}</NbOfTxs></Btch></NtryDtls>" if count else ""
    return camt("054", told.replace("<BkTxCd/>", f"<BkTxCd/>{how_many}"))


@pytest.mark.parametrize("build", [by_camt, by_tito])
@pytest.mark.parametrize("count", [None, 50])
@pytest.mark.parametrize("is_statement_first", [False, True])
def test_a_notice_that_does_not_split_its_sum_is_not_one_payment(
    build: Callable[..., bytes], count: int | None, is_statement_first: bool
) -> None:
    world = World()
    order = [unsplit(50_000, count), build(50_000, 50)]
    for number, data in enumerate(reversed(order) if is_statement_first else order):
        deliver(world, data, name=f"n{number}")
    assert books(world) == {"bank:collection": 50_000, "suspense": -50_000}
    assert len(waiting(world)) == 1
    check_books(world.ledger())


@pytest.mark.parametrize("is_statement_first", [False, True])
def test_what_an_unsplit_notice_says_of_its_count_tells_it_from_another_sum(
    is_statement_first: bool,
) -> None:
    world = World()
    order = [unsplit(50_000, 50), by_camt(50_000, 49)]
    for number, data in enumerate(reversed(order) if is_statement_first else order):
        deliver(world, data, name=f"n{number}")
    assert books(world) == {"bank:collection": 50_000, "bank:details": 50_000, "suspense": -100_000}


@pytest.mark.parametrize("counted", [1, 2])
@pytest.mark.parametrize("is_statement_first", [False, True])
def test_a_payment_of_nothing_is_counted_or_not(counted: int, is_statement_first: bool) -> None:
    """The deposit has a TK20 of 0; the bank may have counted it on the statement."""
    world = World()
    deposit = lines(
        bgmax.OPEN,
        bgmax.BEGIN,
        bgmax.payment("65599", 50_000),
        bgmax.payment("65500", 0),
        bgmax.closing(50_000, 2, day="20260105"),
        bgmax.FINAL.format(2, 0, 0, 1),
    )
    statement = by_camt(50_000, counted).replace(AGENCY.iban.encode(), SWEDISH.encode())
    order = [deposit, statement.replace(b'"EUR"', b'"SEK"').replace(b"<Ccy>EUR", b"<Ccy>SEK")]
    for number, data in enumerate(reversed(order) if is_statement_first else order):
        assert "held" not in deliver(world, data, name=f"n{number}", agency=NORDIC)
    assert books(world) == {"bank:collection": 50_000, "suspense": -50_000}
    check_books(world.ledger())


def test_the_sum_with_the_right_count_comes_before_one_that_tells_none() -> None:
    """Both wait when the details come: the one that says two payments is taken, whichever came first."""
    world = World()
    detail, total, _ = two_payments(world)
    deliver(world, by_camt(total, None, 2), name="s")
    silent, _ = waiting(world)
    deliver(world, detail, name="d")
    assert waiting(world) == [silent]


def test_the_reference_of_a_notice_finds_its_sum_in_suspense() -> None:
    world = World()
    (one, first), (other, second) = cases(world)
    total = first + second
    sums = (itemised(total, bank_id="X", on=DAY), itemised(total, bank_id="N", on=DAY))
    deliver(world, camt053(*sums, change=2 * total), name="s")
    stranger, _ = waiting(world)
    parts = ((first, one.payment_reference), (second, other.payment_reference))
    notice = camt("054", itemised(total, *parts, bank_id="N", on=DAY))
    assert deliver(world, notice, name="n") == {"matched": 2}
    assert waiting(world) == [stranger]
    check_books(world.ledger())


def test_details_of_which_a_part_was_told_before_are_compared_by_what_is_left() -> None:
    """A payment that the statement has as a line of its own is in no sum: the count of the file is not
    that of the sum."""
    world = World()
    (one, first), (other, second) = cases(world)
    alone = itemised(second, (second, other.payment_reference), bank_id="L", on=DAY)
    deliver(world, camt053(alone, itemised(first, bank_id="S", on=DAY), change=first + second), name="s")
    detail = ktl((first, one.payment_reference), (second, other.payment_reference))
    deliver(world, detail, name="d")
    assert books(world) == {"bank:collection": first + second}
    check_books(world.ledger())


def of_two_days(first: int, later: int) -> bytes:
    """A KTL with so many payments of the 5th, then so many of the 6th, of 1.00 each."""
    rows = [
        finnish.payment(100, archive=f"2601{day:02d}12345{number:05d}").replace(
            "260105260104", f"2601{day:02d}2601{day:02d}"
        )
        for day, count in ((5, first), (6, later))
        for number in range(count)
    ]
    return finnish.file(finnish.batch_header(), *rows, finnish.batch_sums((len(rows), 100 * len(rows))))


def rows_of(world: World) -> dict[tuple[str, str], Any]:
    return world.table.items  # type: ignore[attr-defined,no-any-return]


def import_of(world: World, *, entries: int) -> dict[str, int]:
    left = iter(range(entries))
    return import_inbox(
        bank=world.bank,
        agency=AGENCY,
        cases=world.cases,
        clock=world.clock,
        has_time=lambda: next(left, None) is not None,
    )


@pytest.mark.parametrize(
    ("is_old", "count", "is_cleared"), [(False, 3, False), (False, 200, True), (True, 3, True)]
)
def test_a_run_that_goes_on_knows_the_count_of_the_sums_it_had_begun(
    is_old: bool, count: int, is_cleared: bool
) -> None:
    """The run ends after the place is noted, before the last payment; what an older version noted has no
    count, and the sum alone decides."""
    world = World()
    world.bank.write("inbox/k", of_two_days(200, 1), "text/plain")
    assert import_of(world, entries=201)["unfinished"] == 1
    rows = rows_of(world)
    ((key, row),) = [item for item in rows.items() if item[0][0] == FILE_PLACE]
    if is_old:
        noted = {name: told[:2] for name, told in json.loads(row["payload"]).items()}
        rows[key] = {**row, "payload": json.dumps(noted)}
    assert import_of(world, entries=1_000)["unfinished"] == 0
    assert books(world) == {"bank:details": 20_100, "suspense": -20_100}
    deliver(world, by_camt(20_000, count), name="s")
    assert books(world)["bank:details"] == (100 if is_cleared else 20_100)
    check_books(world.ledger())

"""A KTL correction has the reference and twelve signs of the payer: enough to find the very payment."""

from __future__ import annotations

import pytest
from sovinto.domain.case import Case
from sovinto.domain.matching.names import is_short_for, name_key

from tests.support.held import deliver
from tests.support.moves import owed
from tests.support.world import World
from tests.unit.formats.statement import finnish_files as files
from tests.unit.usecases.test_returns_by_reference import is_open, told


def ktl(world: World, case: Case, minor: int, payer: str, *, is_correction: bool = False) -> dict[str, int]:
    day = world.clock.now().date().strftime("%y%m%d")
    row = files.payment(
        minor,
        reference=case.payment_reference,
        payer=payer,
        archive=f"{day}1234567{'8' if is_correction else '1'}01",
        correction="1" if is_correction else "0",
    )
    sums = ((0, 0), (1, minor)) if is_correction else ((1, minor), (0, 0))
    data = files.file(files.batch_header(), row, files.batch_sums(*sums))
    counted = deliver(world, data.replace(b"260105260104", day.encode() * 2), f"{day}.ktl")
    world.clock.advance(days=1)
    return counted


def paid(payer: str) -> tuple[World, Case, int]:
    world = World()
    case = world.place(reference="R", principal=10_000, name="Matti Virtanen")
    minor = owed(world, case)
    assert ktl(world, case, minor, payer) == {"matched": 1}
    return world, case, minor


@pytest.mark.parametrize(
    ("payer", "debit"),
    [
        ("VIRTANEN M", "VIRTANEN M"),
        ("VIRTANEN", "VIRTANEN"),
        ("VIRTANEN MAT", "VIRTANEN M"),
        ("KORHONEN LII", "KORHONEN LII"),
        ("KORHONEN LII", "VIRTANEN M"),
    ],
    ids=["first letter", "surname", "cut twice", "somebody else who paid", "who owes, for who paid"],
)
def test_a_correction_that_names_the_payer_reverses_the_payment(payer: str, debit: str) -> None:
    world, case, minor = paid(payer)
    assert ktl(world, case, minor, debit, is_correction=True) == {"reversed": 1}
    assert is_open(world, case)
    assert world.book.suspense() == ()


@pytest.mark.parametrize("debit", ["VIRTANEN L", "KORHONEN LII", "MATTILA"])
def test_a_correction_that_names_another_waits(debit: str) -> None:
    world, case, minor = paid("VIRTANEN M")
    assert ktl(world, case, minor, debit, is_correction=True) == {"suspense": 1}
    assert not is_open(world, case)


def test_the_row_of_the_payer_names_nobody_and_is_left_out_where_who_owes_pays() -> None:
    found = {}
    for payer in ("KORHONEN LII", "VIRTANEN MAT"):
        world, _, _ = paid(payer)
        items = world.table.items  # type: ignore[attr-defined]
        found[payer] = [f"{key} {row}" for key, row in items.items() if key[0].startswith("PAYER#")]
    assert found["VIRTANEN MAT"] == []
    (row,) = found["KORHONEN LII"]
    assert "korhonen" not in row.casefold()


def test_a_statement_that_names_somebody_else_who_paid_reverses_it() -> None:
    world = World()
    case = world.place(reference="R", principal=10_000, name="Matti Virtanen")
    minor, reference = owed(world, case), case.payment_reference
    assert told(world, minor, "A1", reference=reference, payer="Liisa Korhonen") == {"matched": 1}
    assert told(world, -minor, "A2", reference=reference, payer="Sven Stranger") == {"suspense": 1}
    assert told(world, -minor, "A3", reference=reference, payer="KORHONEN LIISA") == {"reversed": 1}


@pytest.mark.parametrize(
    ("short", "is_meant"),
    [
        ("VIRTANEN M", True),
        ("MATTI V", True),
        ("VIRTANEN", True),
        ("VIRT", True),
        ("VI M", False),
        ("VIRTANEN L", False),
        ("VIRTANEN M M", False),
        ("", False),
    ],
)
def test_the_beginnings_of_a_name(short: str, is_meant: bool) -> None:
    assert is_short_for(name_key(short), name_key("Matti Virtanen")) is is_meant

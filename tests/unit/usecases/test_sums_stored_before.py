"""What tells sums apart is stored as text, and the text that earlier versions stored is still read."""

from __future__ import annotations

import pytest
from sovinto.usecases.lump_sums import BATCH, ITEMISED, ITEMISED_TOLD, Mark

from tests.support.books import check_books
from tests.support.statements import camt, camt053, itemised
from tests.support.world import World
from tests.unit.usecases.test_import_formats import books, cases, deliver
from tests.unit.usecases.test_sums_of_one_day import DAY, rows_of


@pytest.mark.parametrize("mark", [Mark(), Mark("A|B", "own", 12), Mark("77"), Mark(count=3)])
def test_a_mark_is_read_as_it_was_written(mark: Mark) -> None:
    assert mark.fits(Mark.read(mark.text))
    assert Mark.read(mark.text).text == mark.text


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("own|REF", Mark("REF", "own")),
        ("own|77", Mark("77", "own")),
        ("own|A|B", Mark("A|B", "own")),
        ("own|A|12", Mark("A|12", "own")),
        ("|A|12", Mark("A|12")),
        ("", Mark()),
    ],
)
def test_marks_from_before_there_were_counts_are_read(text: str, mark: Mark) -> None:
    """Banks' references may have bars, and what stands behind one is no count."""
    told = Mark.read(text)
    assert (told.owners, told.count) == (mark.owners, 0)
    assert told.text == mark.text


@pytest.mark.parametrize("reference", ["A|B", "A|12", "B1", ""])
@pytest.mark.parametrize("is_same", [True, False])
def test_batches_from_before_there_were_counts_are_cleared(reference: str, is_same: bool) -> None:
    """A notice of two payments was stored with its reference as it came."""
    world = World()
    (one, first), (other, second) = cases(world)
    total = first + second
    parts = ((first, one.payment_reference), (second, other.payment_reference))
    deliver(world, camt("054", itemised(total, *parts, bank_id=reference or "N", on=DAY)), name="n")
    rows = rows_of(world)
    ((key, row),) = [item for item in rows.items() if item[0][0] == BATCH]
    batch_id = row["payload"].split("|")[1]
    rows[key] = {**row, "payload": f"{reference}|{batch_id}"}
    bank_id = reference or "N" if is_same else "other"
    deliver(world, camt053(itemised(total, bank_id=bank_id, on=DAY), change=total), name="s")
    is_cleared = is_same or not reference
    assert books(world).get("bank:details", 0) == (0 if is_cleared else total)
    check_books(world.ledger())


@pytest.mark.parametrize("reference", ["A|B", "A|12", "B1"])
@pytest.mark.parametrize("is_same", [True, False])
def test_what_a_statement_itemised_before_there_were_counts_is_known(reference: str, is_same: bool) -> None:
    """The notice has parts by other names: only the reference, day and sum say that it is the same."""
    world = World()
    (one, first), (other, second) = cases(world)
    total = first + second
    parts = ((first, one.payment_reference), (second, other.payment_reference))
    deliver(world, camt053(itemised(total, *parts, bank_id=reference, on=DAY), change=total), name="s")
    rows = rows_of(world)
    ((key, row),) = [item for item in rows.items() if item[0][0] == ITEMISED]
    rows[key] = {**row, "payload": "|".join((*row["payload"].split("|")[:2], reference))}
    bank_id = reference if is_same else "other"
    notice = camt("054", itemised(total, *parts, bank_id=bank_id, on=DAY))
    deliver(world, notice, name="n")
    assert books(world) == {"bank:collection": total}
    told = [item for item in rows if item[0] == ITEMISED_TOLD]
    assert len(told) == is_same
    check_books(world.ledger())

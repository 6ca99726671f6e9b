"""What is read ahead is believed only until somebody here writes it, or anything turns out to be stale."""

from __future__ import annotations

import pytest
from sovinto.adapters.dynamo.read_ahead import ReadAhead
from sovinto.adapters.dynamo.table import Check, Item, Put, Set
from sovinto.adapters.reading_thread import ReadingThread
from sovinto.errors import AlreadyStored, StaleVersion

from tests.support.memory_table import MemoryTable

A, B = ("P", "a"), ("P", "b")


def put(sk: str, n: int, pk: str = "P") -> Put:
    return Put({"pk": pk, "sk": sk, "n": n})


class Asked(MemoryTable):
    """Remembers which items were asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, str]] = []

    def get(self, pk: str, sk: str) -> Item | None:
        self.asked.append((pk, sk))
        return super().get(pk, sk)


def made() -> tuple[Asked, ReadAhead]:
    table = Asked()
    table.transact([put("a", 1), put("x", 1, pk="Q"), put("y", 2, pk="Q")])
    return table, ReadAhead(table)


def test_what_was_read_ahead_is_not_asked_for_again_absent_or_not() -> None:
    table, ahead = made()
    ahead.read([A, B])
    table.asked.clear()
    assert ahead.get(*A) == {"pk": "P", "sk": "a", "n": 1}
    assert ahead.get(*B) is None
    assert set(ahead.several([A, B])) == {A, B}
    assert table.asked == []
    assert ahead.get("P", "c") is None
    assert table.asked == [("P", "c")]


def test_a_partition_answers_for_its_items_and_prefixes() -> None:
    table, ahead = made()
    ahead.read([], partitions={"Q": ""})
    table.transact([put("z", 3, pk="Q")])
    assert [item["sk"] for item in ahead.query("Q")] == ["x", "y"]
    assert [item["sk"] for item in ahead.query("Q", "y")] == ["y"]
    assert ahead.get("Q", "x") == {"pk": "Q", "sk": "x", "n": 1}
    assert ahead.get("Q", "z") is None
    assert table.asked == []


def test_a_part_of_a_partition_answers_for_itself_only() -> None:
    table, ahead = made()
    ahead.read([], partitions={"Q": "x"})
    table.transact([put("x", 5, pk="Q"), put("y", 5, pk="Q")])
    assert [item["n"] for item in ahead.query("Q", upto="x")] == [1]
    assert [item["n"] for item in ahead.query("Q")] == [5, 5]
    assert (ahead.get("Q", "x") or {})["n"] == 1
    assert (ahead.get("Q", "y") or {})["n"] == 5


def test_the_first_of_a_partition_answer_for_nothing_else() -> None:
    table, ahead = made()
    ahead.read([], firsts={"Q": 1, "P": 2})
    table.transact([put("x", 5, pk="Q"), put("b", 5)])
    assert [item["n"] for item in ahead.first("Q", 1)] == [1]
    assert [item["n"] for item in ahead.first("Q", 2)] == [5, 2]
    assert [item["n"] for item in ahead.query("Q")] == [5, 2]
    assert (ahead.get("Q", "x") or {})["n"] == 5
    # All of it was read, as there are fewer than were asked for.
    assert [item["sk"] for item in ahead.first("P", 9)] == ["a"]
    ahead.transact([put("c", 1)])
    assert [item["sk"] for item in ahead.first("P", 9)] == ["a", "b", "c"]


def test_the_first_are_not_believed_after_something_stale() -> None:
    table, ahead = made()
    ahead.read([], firsts={"Q": 2})
    table.transact([put("x", 5, pk="Q")])
    with pytest.raises(StaleVersion):
        ahead.transact([Check("P", "nobody", {"n": 1})])
    assert [item["n"] for item in ahead.first("Q", 1)] == [5]


@pytest.mark.parametrize("write", [put("a", 2), Set("P", "a", {"n": 2})])
def test_what_is_written_is_read_afresh(write: Put | Set) -> None:
    _, ahead = made()
    ahead.read([A, B], partitions={"P": ""})
    ahead.transact([write])
    assert (ahead.get(*A) or {})["n"] == 2
    assert [item["n"] for item in ahead.query("P")] == [2]


def test_a_row_that_is_only_checked_is_still_believed() -> None:
    table, ahead = made()
    ahead.read([B])
    ahead.transact([put("c", 1), Check(*B, {"pk": None})])
    table.asked.clear()
    assert ahead.get(*B) is None
    assert table.asked == []


def test_a_write_without_an_answer_may_have_been_stored() -> None:
    table, ahead = made()
    ahead.read([A])

    def dies_afterwards(writes: object) -> None:
        MemoryTable.transact(table, [put("a", 5)])
        raise TimeoutError

    table.transact = dies_afterwards  # type: ignore[method-assign]
    with pytest.raises(TimeoutError):
        ahead.transact([put("a", 5)])
    assert (ahead.get(*A) or {})["n"] == 5


def test_after_something_stale_nothing_is_believed() -> None:
    table, ahead = made()
    ahead.read([A], partitions={"Q": ""})
    table.transact([put("a", 7), put("x", 7, pk="Q")])
    with pytest.raises(StaleVersion):
        ahead.transact([Check("P", "nobody", {"n": 1})])
    assert (ahead.get(*A) or {})["n"] == 7
    assert next(iter(ahead.query("Q")))["n"] == 7


def test_a_guard_that_was_taken_casts_no_doubt_on_the_rest() -> None:
    table, ahead = made()
    ahead.read([A, B])
    table.transact([put("b", 1)])
    with pytest.raises(AlreadyStored):
        ahead.transact([Put({"pk": "P", "sk": "b"}, if_absent=True, clash=AlreadyStored)])
    table.asked.clear()
    assert ahead.get(*A) is not None
    assert table.asked == []
    assert ahead.get(*B) is not None


def test_of_what_changes_only_the_absence_is_kept() -> None:
    table, ahead = made()
    ahead.read([], absent=[A, B])
    table.transact([put("a", 9)])
    assert (ahead.get(*A) or {})["n"] == 9
    table.asked.clear()
    assert ahead.get(*B) is None
    assert table.asked == []


def test_the_next_stretch_hears_what_this_one_writes_while_it_reads() -> None:
    """The read of the next stretch is answered before the write, and kept after it."""
    table, ahead = made()
    following = ahead.follow()
    several = table.several

    def slow(keys: object) -> object:
        found = several([A, B]), ahead.transact([put("a", 2), put("x", 2, pk="Q")])
        return found[0]

    table.several = slow  # type: ignore[method-assign,assignment]
    following.read([A, B], partitions={"Q": ""})
    assert (following.get(*A) or {})["n"] == 2
    assert [item["n"] for item in following.query("Q")] == [2, 2]
    table.asked.clear()
    assert following.get(*B) is None
    assert table.asked == []


def test_a_reading_thread_tells_what_went_wrong() -> None:
    beside, done = ReadingThread(), list[int]()
    first, second = beside(lambda: done.append(1)), beside(lambda: done[7])  # type: ignore[arg-type,return-value]
    first()
    assert done == [1]
    with pytest.raises(IndexError):
        second()

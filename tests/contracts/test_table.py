"""The in-memory table keeps every promise that the real one makes; the same assertions on both."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sovinto.adapters.dynamo.table import MAX_READS, MAX_WRITES, Check, Put, Set, Table
from sovinto.errors import AlreadyStored, DuplicateCase, StaleVersion

from tests.support.aws import moto_table
from tests.support.memory_table import MemoryTable


@pytest.fixture(params=["memory", "dynamo"])
def table(request: pytest.FixtureRequest) -> Iterator[Table]:
    if request.param == "memory":
        yield MemoryTable()
        return
    with moto_table() as made:
        yield made


def item(sk: str = "a", **values: str | int | bool) -> dict[str, str | int | bool]:
    return {"pk": "P", "sk": sk, **values}


def test_an_item_comes_back_with_its_types(table: Table) -> None:
    stored = item(text="tänään €", number=-12, big=10**30, yes=True, no=False, empty="")
    table.transact([Put(stored)])
    assert table.get("P", "a") == stored
    assert table.get("P", "absent") is None


def test_several_items_come_by_their_keys_and_absent_ones_as_none(table: Table) -> None:
    table.transact([Put(item(f"{number:03d}", n=number)) for number in range(60)])
    keys = [("P", f"{number:03d}") for number in range(MAX_READS + 30)]
    found = table.several(keys)
    assert set(found) == set(keys)
    assert found["P", "007"] == item("007", n=7)
    assert [key for key in keys if found[key] is None] == keys[60:]
    assert table.several([]) == {}


def test_query_is_one_partition_in_key_order_by_prefix(table: Table) -> None:
    table.transact([Put(item(sk)) for sk in ("B#2", "A#1", "B#10", "B#1")])
    table.transact([Put({"pk": "Q", "sk": "B#0"})])
    assert [found["sk"] for found in table.query("P")] == ["A#1", "B#1", "B#10", "B#2"]
    assert [found["sk"] for found in table.query("P", "B#1")] == ["B#1", "B#10"]
    assert [found["sk"] for found in table.query("P", upto="B#10")] == ["A#1", "B#1", "B#10"]
    assert list(table.query("nobody")) == []


def test_put_if_absent_raises_the_clash_it_was_given(table: Table) -> None:
    table.transact([Put(item(), if_absent=True, clash=DuplicateCase)])
    with pytest.raises(DuplicateCase):
        table.transact([Put(item(n=2), if_absent=True, clash=DuplicateCase)])
    assert table.get("P", "a") == item()


@pytest.mark.parametrize("expect", [{"version": 2}, {"other": "x"}])
def test_put_over_other_values_is_stale(table: Table, expect: dict[str, str | int]) -> None:
    table.transact([Put(item(version=1))])
    with pytest.raises(StaleVersion):
        table.transact([Put(item(version=3), expect=expect)])
    table.transact([Put(item(version=2), expect={"version": 1})])
    assert table.get("P", "a") == item(version=2)


def test_put_over_values_needs_an_item(table: Table) -> None:
    with pytest.raises(StaleVersion):
        table.transact([Put(item(version=2), expect={"version": 1})])


def test_set_changes_and_removes_single_attributes(table: Table) -> None:
    table.transact([Put(item(keep="k", change="old", drop="d"))])
    table.transact([Set("P", "a", {"change": "new", "drop": None, "absent": None, "more": 7})])
    assert table.get("P", "a") == item(keep="k", change="new", more=7)


def test_set_may_only_remove(table: Table) -> None:
    table.transact([Put(item(drop="d"))])
    table.transact([Set("P", "a", {"drop": None})])
    assert table.get("P", "a") == item()


def test_set_makes_an_item_that_is_absent(table: Table) -> None:
    table.transact([Set("P", "new", {"n": 1})])
    assert table.get("P", "new") == item("new", n=1)


def test_none_expects_that_an_attribute_is_absent(table: Table) -> None:
    table.transact([Set("P", "a", {"n": 1}, expect={"n": None})])
    with pytest.raises(StaleVersion):
        table.transact([Set("P", "a", {"n": 2}, expect={"n": None})])
    table.transact([Set("P", "a", {"n": 2}, expect={"n": 1, "other": None})])
    assert table.get("P", "a") == item(n=2)


def test_a_check_writes_nothing_but_may_refuse(table: Table) -> None:
    table.transact([Put(item(version=1))])
    table.transact([Check("P", "a", {"version": 1}), Put(item("b"))])
    with pytest.raises(StaleVersion):
        table.transact([Check("P", "a", {"version": 2}), Put(item("c"))])
    with pytest.raises(AlreadyStored):
        table.transact([Check("P", "none", {"version": 2}, clash=AlreadyStored)])
    assert [found["sk"] for found in table.query("P")] == ["a", "b"]


def test_all_or_nothing(table: Table) -> None:
    table.transact([Put(item("guard"))])
    with pytest.raises(AlreadyStored):
        table.transact(
            [
                Put(item("one")),
                Set("P", "two", {"n": 1}),
                Put(item("guard"), if_absent=True, clash=AlreadyStored),
            ]
        )
    assert [found["sk"] for found in table.query("P")] == ["guard"]


def test_the_first_failing_write_names_the_clash(table: Table) -> None:
    table.transact([Put(item("a"))])
    writes = [
        Put(item("new"), if_absent=True),
        Put(item("a"), if_absent=True, clash=DuplicateCase),
        Check("P", "a", {"version": 9}),
    ]
    with pytest.raises(DuplicateCase):
        table.transact([writes[0], writes[1]])
    with pytest.raises(StaleVersion):
        table.transact([writes[0], writes[2]])


def test_a_transaction_has_its_limits(table: Table) -> None:
    with pytest.raises(ValueError, match="holds 1 to"):
        table.transact([])
    with pytest.raises(ValueError, match="holds 1 to"):
        table.transact([Put(item(f"{n}")) for n in range(MAX_WRITES + 1)])
    table.transact([Put(item(f"{n:03d}")) for n in range(MAX_WRITES)])
    assert len(list(table.query("P"))) == MAX_WRITES


def test_one_item_is_written_once_in_a_transaction(table: Table) -> None:
    with pytest.raises(ValueError, match="twice"):
        table.transact([Put(item("a")), Set("P", "a", {"n": 1})])
    assert table.get("P", "a") is None


def work(sk: str, at: str, queue: str = "DUE") -> Put:
    return Put(item(sk, work_queue=queue, work_at=at))


def test_an_index_is_sparse_sorted_and_bounded(table: Table) -> None:
    table.transact([work("a", "2026-03"), work("b", "2026-01"), work("c", "2026-02"), work("d", "1", "X")])
    table.transact([Put(item("half", work_queue="DUE")), Put(item("none"))])
    assert [found["sk"] for found in table.index("work", "DUE")] == ["b", "c", "a"]
    assert [found["sk"] for found in table.index("work", "DUE", upto="2026-02")] == ["b", "c"]
    assert [found["sk"] for found in table.index("work", "DUE", limit=1)] == ["b"]
    assert [found["sk"] for found in table.index("work", "DUE", upto="2026-02", limit=5)] == ["b", "c"]
    assert list(table.index("work", "DUE", upto="2025")) == []


@pytest.mark.parametrize(
    ("since", "upto", "found"),
    [
        ("2026-02", None, ["c", "a"]),
        ("2026-01#", "2026-02", ["c"]),
        ("2026-01", "2026-03", ["b", "c", "a"]),
        ("2026-02", "2026-02", ["c"]),
        ("2026-03", "2026-02", []),
        ("", "", []),
        ("2027", "2028", []),
    ],
)
def test_an_index_is_read_between_two_ends(
    table: Table, since: str, upto: str | None, found: list[str]
) -> None:
    table.transact([work("a", "2026-03"), work("b", "2026-01"), work("c", "2026-02"), work("d", "1", "X")])
    assert [item["sk"] for item in table.index("work", "DUE", since=since, upto=upto)] == found


def test_only_some_attributes_are_read_where_they_are_named(table: Table) -> None:
    table.transact([work("a", "2026-03"), Put(item("b", work_queue="DUE", work_at="2026-04", status="x"))])
    found = list(table.index("work", "DUE", since="2026", only=("work_at", "status")))
    assert found == [{"work_at": "2026-03"}, {"work_at": "2026-04", "status": "x"}]


def test_an_item_leaves_an_index_with_its_attribute(table: Table) -> None:
    table.transact([work("a", "2026-01")])
    table.transact([Set("P", "a", {"work_queue": None, "work_at": None})])
    assert list(table.index("work", "DUE")) == []


def test_more_than_a_page_is_read_to_its_end(table: Table) -> None:
    """One answer of the service ends at 1 MB."""
    body = "x" * 300_000
    for n in range(8):
        table.transact([Put(item(f"{n}", body=body, work_queue="DUE", work_at=f"{n}"))])
    assert [found["sk"] for found in table.query("P")] == [str(n) for n in range(8)]
    assert [found["sk"] for found in table.index("work", "DUE")] == [str(n) for n in range(8)]
    assert len(list(table.index("work", "DUE", limit=6))) == 6

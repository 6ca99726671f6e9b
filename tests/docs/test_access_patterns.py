"""docs/access-patterns.md against what a whole story leaves in the table, and against the keys module."""

from __future__ import annotations

import re
from itertools import product

from sovinto.adapters.dynamo import keys
from sovinto.adapters.dynamo.table import INDEX_KEYS

from infra.parts.store import INDEXES
from tests.docs.life import lived
from tests.docs.reading import PACKAGE, code, page, rows, strings
from tests.support.people import CLIENT, COLLECTORS

PAGE = page("docs/access-patterns.md")
ITEMS = [(code(row[0]), code(row[1])) for row in rows(PAGE, "## Items")]
# Made by the command line of the local cloud, not by the story.
# The story's bank refuses for want of funds; a refused account is told in test_refused_account.
# It executes what it has; what it never does, and one debit of many, is told in test_order_debits.
# Nobody pays there for somebody else; who does is told in test_returns_in_details.
OUTSIDE = {
    ("PAYER#<digest>", "<case_id>"),
    ("CLOCK", "CLOCK"),
    ("REFUSED_ACCOUNT", "<digest>"),
    ("REFUSED_ACCOUNT", "<digest>#<number>"),
    ("NOT_EXECUTED", "<order_id>#<revision>"),
    ("CLIENT_TOOK_BACK", "<payment_id>"),
    ("ORDER_PAID_TOLD", "<order_id>"),
}


def pattern(shape: str) -> re.Pattern[str]:
    return re.compile("".join(".+" if part.startswith("<") else re.escape(part) for part in _parts(shape)))


def _parts(shape: str) -> list[str]:
    return [part for part in re.split(r"(<[^>]+>)", shape) if part]


def closest(pk: str, sk: str) -> set[tuple[str, str]]:
    """The rows that fit an item, the most literal ones."""
    fitting = [row for row in ITEMS if pattern(row[0]).fullmatch(pk) and pattern(row[1]).fullmatch(sk)]
    literal = max((_literal(row) for row in fitting), default=0)
    return {row for row in fitting if _literal(row) == literal}


def _literal(row: tuple[str, str]) -> int:
    return sum(len(part) for shape in row for part in _parts(shape) if not part.startswith("<"))


def test_every_item_of_the_story_is_on_the_page_and_every_row_happens() -> None:
    table, _ = lived()
    found = {key: closest(*key) for key in table.items}
    assert [key for key, fitting in found.items() if not fitting] == []
    assert set(ITEMS) - OUTSIDE == set().union(*found.values())


def test_every_prefix_of_the_keys_module_is_on_the_page() -> None:
    text = " ".join(f"{pk} {sk}" for pk, sk in ITEMS) + PAGE
    prefixes = {
        s for s in strings(PACKAGE / "adapters" / "dynamo" / "keys.py") if re.fullmatch(r"[A-Z]+#?", s)
    }
    assert prefixes
    assert [prefix for prefix in sorted(prefixes) if prefix not in text] == []


def test_the_indexes_are_those_of_the_table() -> None:
    listed = {code(row[0]): (code(row[1]), code(row[2])) for row in rows(PAGE, "## Indexes")}
    assert listed == INDEX_KEYS == {i.name: (i.partition, i.sort) for i in INDEXES}


def test_the_queues_of_the_work_index_are_named() -> None:
    table, _ = lived()
    queues = {item["work_queue"] for item in table.items.values() if "work_queue" in item}
    payables = keys.payables(CLIENT.client_id)
    people = {
        keys.CALLS,
        keys.SUSPENSE,
        keys.ORDERS,
        keys.BATCHES,
        keys.REFUNDS,
        keys.FEE_INVOICES,
        keys.HELD,
    }
    known = {keys.TIMELINE, keys.SENDING, *people, payables}
    owners = {keys.owned(collector.collector_id) for collector in COLLECTORS}
    assert queues <= known | owners
    (row,) = [row for row in rows(PAGE, "## Indexes") if code(row[0]) == "work"]
    listed = row[1].replace("<client_id>", CLIENT.client_id)
    assert "`OWNER#<collector_id>`" in row[1]
    assert all(f"`{queue}`" in listed for queue in known)


def test_no_two_rows_are_the_same() -> None:
    assert len(set(ITEMS)) == len(ITEMS)
    assert not [(a, b) for a, b in product(ITEMS, ITEMS) if a != b and a[0] == b[0] and a[1] == b[1]]

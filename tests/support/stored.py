"""What the in-memory table holds, read past the use cases: the whole ledger, every message."""

from __future__ import annotations

from functools import lru_cache

from sovinto.adapters.codec import decode
from sovinto.adapters.dynamo import keys
from sovinto.domain.communication import Communication
from sovinto.domain.event import Event
from sovinto.domain.ledger import Entry

from tests.support.memory_table import MemoryTable


@lru_cache(maxsize=4096)
def _entry(body: str) -> Entry:
    return decode(Entry, body)


@lru_cache(maxsize=4096)
def _communication(body: str) -> Communication:
    return decode(Communication, body)


def all_entries(table: MemoryTable) -> list[Entry]:
    bodies = (str(item["body"]) for (_, sk), item in table.items.items() if sk.startswith(keys.ENTRY))
    return [_entry(body) for body in bodies]


def all_messages(table: MemoryTable) -> list[Communication]:
    found = ((sk, item) for (_, sk), item in table.items.items())
    return [_communication(str(item["body"])) for sk, item in found if sk.startswith(keys.COMMUNICATION)]


def all_events(table: MemoryTable) -> list[Event]:
    bodies = (str(item["body"]) for (_, sk), item in table.items.items() if sk.startswith("OUTBOX#"))
    return [decode(Event, body) for body in bodies]

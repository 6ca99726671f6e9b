"""Clients with their payables, documents and uploads; and the book of the whole ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

from sovinto.adapters.codec import decode, encode
from sovinto.adapters.dynamo import keys
from sovinto.adapters.dynamo.table import Item, Put, Set, Table
from sovinto.adapters.dynamo.writes import entry_keys
from sovinto.domain.carried_forward import Moved, key_of, scope_of
from sovinto.domain.client import Client
from sovinto.domain.document import Document
from sovinto.domain.issued_invoice import IssuedInvoice
from sovinto.domain.ledger import Entry
from sovinto.domain.money import Money
from sovinto.domain.movement import Movement
from sovinto.domain.payment import Payable, UnallocatedPayment
from sovinto.domain.payout_account import PayoutChange
from sovinto.domain.stored_entry import StoredEntry
from sovinto.domain.upload import Upload
from sovinto.errors import NotFound, SovintoError
from sovinto.ids import ClientId


class TableClients:
    """Implements ports.Clients."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def load(self, client_id: ClientId) -> Client:
        item = self._table.get(keys.client(client_id), keys.CLIENT)
        if item is None:
            raise NotFound(f"there is no client {client_id}")
        return decode(Client, str(item["body"]))

    def all(self) -> tuple[Client, ...]:
        listed = self._table.query(keys.CLIENTS)
        return tuple(self.load(ClientId(str(item["sk"]))) for item in listed)

    def save(self, client: Client) -> None:
        self._table.transact(
            [
                Put({"pk": keys.client(client.client_id), "sk": keys.CLIENT, "body": encode(client)}),
                Put({"pk": keys.CLIENTS, "sk": client.client_id}),
            ]
        )

    def payables(self, client_id: ClientId) -> tuple[Payable, ...]:
        found = self._table.index("work", keys.payables(client_id))
        return tuple(decode(Payable, str(item["body"])) for item in found)

    def all_payables(self, client_id: ClientId) -> tuple[Payable, ...]:
        found = self._table.query(keys.client(client_id), keys.PAYABLE)
        return tuple(decode(Payable, str(item["body"])) for item in found)

    def documents(self, client_id: ClientId) -> tuple[Document, ...]:
        found = self._table.query(keys.client(client_id), keys.DOCUMENT)
        return tuple(decode(Document, str(item["body"])) for item in found)

    def upload(self, client_id: ClientId, upload_id: str) -> Upload:
        item = self._table.get(keys.client(client_id), keys.upload(upload_id))
        if item is None:
            raise NotFound(f"there is no upload {upload_id}")
        return decode(Upload, str(item["body"]))

    def uploads(self, client_id: ClientId) -> tuple[Upload, ...]:
        found = self._table.query(keys.client(client_id), keys.upload(""))
        newest = sorted((decode(Upload, str(item["body"])) for item in found), key=_requested, reverse=True)
        return tuple(newest[:20])

    def last_invoice_number(self) -> int:
        item = self._table.get(*keys.INVOICE_SEQUENCE)
        return 0 if item is None else int(item["number"])

    def invoices(self, client_id: ClientId) -> tuple[IssuedInvoice, ...]:
        found = self._table.query(keys.client(client_id), keys.FEE_INVOICE)
        return tuple(decode(IssuedInvoice, str(item["body"])) for item in found)

    def invoice(self, client_id: ClientId, number: int) -> IssuedInvoice:
        item = self._table.get(keys.client(client_id), keys.fee_invoice(number))
        if item is None:
            raise NotFound(f"client {client_id} has no invoice {number}")
        return decode(IssuedInvoice, str(item["body"]))

    def unpaid_invoices(self) -> tuple[IssuedInvoice, ...]:
        found = self._table.index("work", keys.FEE_INVOICES)
        return tuple(decode(IssuedInvoice, str(item["body"])) for item in found)

    def payout_changes(self, client_id: ClientId) -> tuple[PayoutChange, ...]:
        found = self._table.query(keys.client(client_id), keys.PAYOUT_CHANGE)
        return tuple(decode(PayoutChange, str(item["body"])) for item in found)


def _place(movement: Movement) -> str:
    return movement.key


def _requested(upload: Upload) -> datetime:
    return upload.requested_at


def _stored(item: Item) -> StoredEntry:
    where, body = f"{item['pk']} {item['sk']}", str(item.get("body", ""))
    try:
        entry = decode(Entry, body)
    except (ValueError, TypeError, KeyError, AttributeError, SovintoError) as wrong:
        return StoredEntry(where, body, None, f"it is no entry: {wrong}")
    own = {name: value for name, value in entry_keys(entry).items() if item.get(name) != value}
    problem = f"its {', '.join(own)} is not its own" if own else ""
    return StoredEntry(where, body, entry, problem)


def _unfiled(item: Item) -> Set | None:
    """What files an entry that lies just as it did before there was the index `client`. Any other that is
    not as it should be is left as it is, for the proof to name."""
    entry = _stored(item).entry
    if entry is None or any(name in item for name in _OF_CLIENT):
        return None
    own = entry_keys(entry)
    if any(item.get(name) != value for name, value in own.items() if name not in _OF_CLIENT):
        return None
    filed = {name: own[name] for name in _OF_CLIENT if name in own}
    before = {"body": item["body"], "client_key": None}
    return Set(str(item["pk"]), str(item["sk"]), filed, expect=before) if filed else None


_OF_CLIENT = ("client_key", "client_sort", "moved")
_AT_ONCE = 50


def _second(item: Item) -> str:
    return str(item["client_sort"]).partition("#")[0]


def _amount(item: Item) -> Money:
    minor, currency = str(item["moved"]).split(" ")
    return Money(int(minor), currency)


def _movement(item: Item) -> Movement:
    """Within one second money comes in before it goes out: a remittance follows the payments it is of."""
    second, _, entry_id = str(item["client_sort"]).partition("#")
    amount = _amount(item)
    key = f"{second}#{int(amount.minor < 0)}#{entry_id}"
    return Movement(key, datetime.fromisoformat(second), amount, lambda: decode(Entry, str(item["body"])))


class TableBook:
    """Implements ports.Book."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def entries(self, day: str) -> Iterator[Entry]:
        for item in self._table.index("book", f"BOOK#{day}"):
            yield decode(Entry, str(item["body"]))

    def movements(self, client_id: ClientId, since: datetime, before: datetime) -> Iterator[Movement]:
        """Entries are decoded one by one, when they are asked for."""
        found = self._held(client_id, since, before)
        for _, same in groupby(found, _second):
            yield from sorted(map(_movement, same), key=_place)

    def moved(self, client_id: ClientId, since: datetime, before: datetime) -> Iterator[Moved]:
        for item in self._held(client_id, since, before, ("client_sort", "moved")):
            yield datetime.fromisoformat(_second(item)), _amount(item)

    def _held(
        self, client_id: ClientId, since: datetime, before: datetime, only: Sequence[str] = ()
    ) -> Iterator[Item]:
        # Everything posted in the very second of an end has a longer key: since then, and not before.
        first, last = keys.instant(since), keys.instant(before)
        return self._table.index("client", keys.held(client_id), since=first, upto=last, only=only)

    def carried_rows(self, client_id: ClientId, upto: datetime) -> tuple[tuple[str, str], ...]:
        found = self._table.query(scope_of(client_id), upto=key_of(upto))
        return tuple((str(item["sk"]), str(item["payload"])) for item in found)

    def payables(self, client_id: ClientId) -> tuple[Payable, ...]:
        # Who reads a statement has no right to the index `work`.
        found = self._table.query(keys.client(client_id), keys.PAYABLE)
        return tuple(decode(Payable, str(item["body"])) for item in found if item["state"] == "open")

    def file_day(self, day: str, most: int) -> int:
        """Files entries of a day (UTC) that are older than the index `client`: `most` of them. How many."""
        found = (_unfiled(item) for item in self._table.index("book", f"BOOK#{day}"))
        writes = [write for write in found if write is not None][:most]
        for begin in range(0, len(writes), _AT_ONCE):
            self._table.transact(writes[begin : begin + _AT_ONCE])
        return len(writes)

    def stored(self, day: str) -> Iterator[StoredEntry]:
        """Implements usecases.book_pass.StoredBook: what lies there, believed in nothing."""
        for item in self._table.index("book", f"BOOK#{day}"):
            yield _stored(item)

    def suspense(self) -> tuple[UnallocatedPayment, ...]:
        found = self._table.index("work", keys.SUSPENSE)
        return tuple(decode(UnallocatedPayment, str(item["body"])) for item in found)

"""Cases, their ledger, communications and attempts, over the table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from datetime import date
from itertools import islice

from sovinto.adapters.codec import decode
from sovinto.adapters.dynamo import keys
from sovinto.adapters.dynamo.read_ahead import ReadAhead
from sovinto.adapters.dynamo.table import Item, Table
from sovinto.adapters.dynamo.writes import writes_of
from sovinto.domain.case import Case
from sovinto.domain.communication import Channel, Communication
from sovinto.domain.contacts import UNDONE, ledger_scope
from sovinto.domain.facts import Contact
from sovinto.domain.held_file import HeldFile
from sovinto.domain.ledger import Entry
from sovinto.domain.order import PaymentOrder
from sovinto.domain.payment import Attempt, Payable, UnallocatedPayment
from sovinto.errors import NotFound
from sovinto.ids import CaseId, ClientId, CommunicationId, PaymentId
from sovinto.ports import Asked, CaseFile, Change


class TableCases:
    """Implements ports.Cases."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def commit(self, change: Change) -> None:
        self._table.transact(writes_of(change))

    def ahead(self) -> TableCasesAhead:
        return TableCasesAhead(ReadAhead(self._table))

    def load(self, case_id: CaseId) -> Case:
        item = self._table.get(keys.case(case_id), keys.CASE)
        if item is None:
            raise NotFound(f"there is no case {case_id}")
        return decode(Case, _body(item))

    def file(self, case_id: CaseId) -> CaseFile:
        """One query over a part of the partition, without the rows of events and queues."""
        return _file(case_id, self._table.query(keys.case(case_id), upto=keys.STORY))

    def entries(self, case_id: CaseId) -> tuple[Entry, ...]:
        found = self._table.query(keys.case(case_id), keys.ENTRY)
        return tuple(decode(Entry, _body(item)) for item in found)

    def communications(self, case_id: CaseId) -> tuple[Communication, ...]:
        found = self._table.query(keys.case(case_id), keys.COMMUNICATION)
        return tuple(decode(Communication, _body(item)) for item in found)

    def communication(self, case_id: CaseId, communication_id: CommunicationId) -> Communication:
        item = self._table.get(keys.case(case_id), keys.communication(communication_id))
        if item is None:
            raise NotFound(f"there is no communication {communication_id}")
        return decode(Communication, _body(item))

    def by_payment_reference(self, reference: str) -> CaseId | None:
        return self._pointer(*keys.payment_reference(reference))

    def by_clue(self, scope: str, most: int) -> tuple[CaseId, ...]:
        return tuple(CaseId(str(item["sk"])) for item in islice(self._table.query(scope), most))

    def by_link(self, link_id: str) -> CaseId | None:
        return self._pointer(*keys.link(link_id)) if len(link_id) <= keys.MOST_ID else None

    def of_client(self, client_id: ClientId) -> Iterator[Case]:
        for item in self._table.index("client", keys.client(client_id)):
            yield decode(Case, _body(item))

    def owned_by(self, collector_id: str) -> Iterator[CaseId]:
        for item in self._table.index("work", keys.owned(collector_id)):
            yield CaseId(str(item["case_id"]))

    def owners(self) -> tuple[str, ...]:
        return tuple(str(item["sk"]) for item in self._table.query(keys.OWNERS))

    def of_debtor(self, person_key: str) -> tuple[CaseId, ...]:
        return tuple(CaseId(str(item["sk"])) for item in self._table.query(keys.debtor(person_key)))

    def guard(self, scope: str, key: str) -> str | None:
        item = self._table.get(scope, key)
        return None if item is None else str(item["payload"])

    def guards(self, wanted: Sequence[tuple[str, str]]) -> tuple[str | None, ...]:
        found = self._table.several(tuple(dict.fromkeys(wanted))) if wanted else {}
        # What a busy table left out is asked for by itself.
        rows = (found[key] if key in found else self._table.get(*key) for key in wanted)
        return tuple(None if row is None else str(row["payload"]) for row in rows)

    def suspense_by(self, end_to_end_id: str) -> tuple[UnallocatedPayment, ...]:
        rows = self._suspense_by(end_to_end_id)
        return tuple(decode(UnallocatedPayment, _body(row)) for row in rows if "work_queue" in row)

    def ever_suspense_by(self, end_to_end_id: str) -> tuple[UnallocatedPayment, ...]:
        rows = self._suspense_by(end_to_end_id)
        return tuple(decode(UnallocatedPayment, _body(row)) for row in rows)

    def _suspense_by(self, name: str) -> Iterator[Item]:
        for item in self._table.query(keys.suspense_by(name)):
            row = self._table.get(str(item["payload"]), str(item["sk"]))
            if row is not None:
                yield row

    def attempt(self, payment_id: PaymentId) -> Attempt | None:
        is_one = len(payment_id) <= keys.MOST_ID
        item = self._table.get(keys.attempt(payment_id), keys.ATTEMPT) if is_one else None
        return None if item is None else decode(Attempt, _body(item))

    def payable(self, client_id: ClientId, case_id: CaseId, payment_id: PaymentId) -> Payable | None:
        item = self._table.get(keys.client(client_id), keys.payable(case_id, payment_id))
        return None if item is None else decode(Payable, _body(item))

    def order(self, order_id: str) -> PaymentOrder | None:
        item = self._table.get(keys.order(order_id), keys.ORDER)
        return None if item is None else decode(PaymentOrder, _body(item))

    def held_file(self, digest: str) -> HeldFile | None:
        item = self._table.get(keys.bank_file(digest), keys.HELD)
        return None if item is None else decode(HeldFile, _body(item))

    def held_files(self) -> tuple[HeldFile, ...]:
        return tuple(decode(HeldFile, _body(item)) for item in self._table.index("work", keys.HELD))

    def contacts_of(self, person_key: str, since: date) -> tuple[Contact, ...]:
        """A row for each contact, and one more for each that never left; the table forgets old ones."""
        rows = list(self._table.query(ledger_scope(person_key)))
        undone = {str(row["payload"]) for row in rows if UNDONE in str(row["sk"])}
        contacts = (_contact(row, person_key, undone) for row in rows if UNDONE not in str(row["sk"]))
        return tuple(item for item in contacts if item.on >= since)

    def _pointer(self, pk: str, sk: str) -> CaseId | None:
        item = self._table.get(pk, sk)
        return None if item is None else CaseId(str(item["payload"]))


class TableCasesAhead(TableCases):
    """Implements ports.CasesAhead."""

    def __init__(self, table: ReadAhead) -> None:
        super().__init__(table)
        self._ahead = table
        self._files: dict[CaseId, tuple[Sequence[Item], CaseFile]] = {}

    def ahead(self) -> TableCasesAhead:
        return TableCasesAhead(self._ahead.follow())

    def read(self, asked: Asked) -> None:
        self._ahead.read(
            [*asked.guards, *map(keys.payment_reference, asked.references)],
            partitions={keys.case(case_id): keys.STORY for case_id in asked.cases},
            firsts=dict.fromkeys(asked.clues, asked.most_by_clue),
            absent=[(keys.order(name), keys.ORDER) for name in asked.orders],
        )

    def by_clue(self, scope: str, most: int) -> tuple[CaseId, ...]:
        return tuple(CaseId(str(item["sk"])) for item in self._ahead.first(scope, most))

    def file(self, case_id: CaseId) -> CaseFile:
        """Decoded once for as long as what was read ahead of it is believed."""
        rows = self._ahead.partition(keys.case(case_id), keys.STORY)
        if rows is None:
            return super().file(case_id)
        known = self._files.get(case_id)
        if known is None or known[0] is not rows:
            known = self._files[case_id] = rows, _file(case_id, rows)
        return known[1]


def _file(case_id: CaseId, items: Iterable[Item]) -> CaseFile:
    case: Case | None = None
    entries: list[Entry] = []
    communications: list[Communication] = []
    for item in items:
        kind = str(item["sk"])
        if kind == keys.CASE:
            case = decode(Case, _body(item))
        elif kind.startswith(keys.ENTRY):
            entries.append(decode(Entry, _body(item)))
        elif kind.startswith(keys.COMMUNICATION):
            communications.append(decode(Communication, _body(item)))
    if case is None:
        raise NotFound(f"there is no case {case_id}")
    return CaseFile(case, tuple(entries), tuple(communications))


def _body(item: Item) -> str:
    return str(item["body"])


def _contact(row: Item, person_key: str, undone: Set[str]) -> Contact:
    on, number = str(row["sk"]).split("#")
    channel, _ = str(row["payload"]).split("|")
    return Contact(
        Channel(channel), date.fromisoformat(on), person_key, int(number), str(row["payload"]) in undone
    )

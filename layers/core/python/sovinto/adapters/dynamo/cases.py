"""Cases, their ledger, communications and attempts, over the table."""

from __future__ import annotations

from collections.abc import Iterator, Set
from datetime import date
from itertools import islice

from sovinto.adapters.codec import decode
from sovinto.adapters.dynamo import keys
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
from sovinto.ports import CaseFile, Change


class TableCases:
    """Implements ports.Cases."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def commit(self, change: Change) -> None:
        self._table.transact(writes_of(change))

    def load(self, case_id: CaseId) -> Case:
        item = self._table.get(keys.case(case_id), keys.CASE)
        if item is None:
            raise NotFound(f"there is no case {case_id}")
        return decode(Case, _body(item))

    def file(self, case_id: CaseId) -> CaseFile:
        """One query over the whole partition: outbox rows come along and are passed over."""
        case: Case | None = None
        entries: list[Entry] = []
        communications: list[Communication] = []
        for item in self._table.query(keys.case(case_id)):
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
        return self._pointer(*keys.link(link_id))

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

    def suspense_by(self, end_to_end_id: str) -> tuple[UnallocatedPayment, ...]:
        pointers = self._table.query(keys.suspense_by(end_to_end_id))
        rows = [self._table.get(str(item["payload"]), str(item["sk"])) for item in pointers]
        return tuple(decode(UnallocatedPayment, _body(row)) for row in rows if row and "work_queue" in row)

    def attempt(self, payment_id: PaymentId) -> Attempt | None:
        item = self._table.get(keys.attempt(payment_id), keys.ATTEMPT)
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


def _body(item: Item) -> str:
    return str(item["body"])


def _contact(row: Item, person_key: str, undone: Set[str]) -> Contact:
    on, number = str(row["sk"]).split("#")
    channel, _ = str(row["payload"]).split("|")
    return Contact(
        Channel(channel), date.fromisoformat(on), person_key, int(number), str(row["payload"]) in undone
    )

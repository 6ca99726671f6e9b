"""Postings per second beside the bare transactions that they end in, on the same emulator; and the proof.

The emulator is the one of the local cloud, a process of its own on 127.0.0.1. The floor is one boto3 client
that sends the very transactions of the measured postings, as they were recorded, to a second table that
holds the same cases: the same items, bytes and conditions, and no reads. Not on moto: for each write of a
transaction it copies the whole table, so that there any ratio would look near one.

A second floor sends the reads of the measured postings too, one after the other and with nothing in
between: what is above it is our own time, less what is read while something else is written. A third sends
of the reads only the query of the case whose balance the posting moves: no posting that looks at the ledger
before it writes to it, and waits for both, can be faster.

POSTINGS lines of as many debtors (60 unless it says otherwise). Both floors are measured within each round,
as the machine may be busier in another; ratios are the middle one of ROUNDS (3).
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from botocore.config import Config
from sovinto.adapters.dynamo import keys
from sovinto.adapters.dynamo.cases import TableCases, TableCasesAhead
from sovinto.adapters.dynamo.read_ahead import ReadAhead
from sovinto.adapters.dynamo.table import MAX_READS, DynamoTable, Item, Key, Write
from sovinto.adapters.reading_thread import ReadingThread
from sovinto.domain import accounts
from sovinto.domain.case import Case
from sovinto.domain.money import Money
from sovinto.domain.payment import BANK_SOURCE, Payment
from sovinto.ids import CaseId, PaymentId
from sovinto.ports import Change, Guard
from sovinto.usecases.import_inbox import import_inbox
from sovinto.usecases.record_payment import record_payment

from infra.local.cloud import running_cloud
from tests.support.aws import REGION, make_table
from tests.support.book_world import prove
from tests.support.people import AGENCY
from tests.support.statements import camt053, line
from tests.support.world import World

POSTINGS = int(os.environ.get("POSTINGS", "60"))
ROUNDS = int(os.environ.get("ROUNDS", "3"))
PART = 1_000
"""Cents of each payment: a part of the debt, so that the case stays open."""


VERBS = {
    "GetItem": "get_item",
    "BatchGetItem": "batch_get_item",
    "Query": "query",
    "TransactWriteItems": "transact_write_items",
}
Request = tuple[str, dict[str, Any]]


class Timed(DynamoTable):
    """How long was waited for reads, also beside other work, and how many there were."""

    reads = 0
    reading = writing = 0.0

    def get(self, pk: str, sk: str) -> Item | None:
        begun = time.perf_counter()
        found = super().get(pk, sk)
        self.reading += time.perf_counter() - begun
        self.reads += 1
        return found

    def several(self, keys: Sequence[Key]) -> dict[Key, Item | None]:
        begun = time.perf_counter()
        found = super().several(keys)
        self.reading += time.perf_counter() - begun
        self.reads += -(-len(keys) // MAX_READS)
        return found

    def query(self, pk: str, prefix: str = "", *, upto: str = "") -> Iterator[Item]:
        begun = time.perf_counter()
        found = list(super().query(pk, prefix, upto=upto))
        self.reading += time.perf_counter() - begun
        self.reads += 1
        yield from found

    def transact(self, writes: Sequence[Write]) -> None:
        begun = time.perf_counter()
        super().transact(writes)
        self.writing += time.perf_counter() - begun


class Keeping(TableCases):
    """Remembers what was committed."""

    def __init__(self, table: DynamoTable) -> None:
        super().__init__(table)
        self.changes: list[Change] = []

    def commit(self, change: Change) -> None:
        self.changes.append(change)
        super().commit(change)

    def ahead(self) -> TableCasesAhead:
        return KeepingAhead(ReadAhead(self._table), self.changes)


class KeepingAhead(TableCasesAhead):
    """Remembers it in the same list."""

    def __init__(self, table: ReadAhead, changes: list[Change]) -> None:
        super().__init__(table)
        self.changes = changes

    def commit(self, change: Change) -> None:
        self.changes.append(change)
        super().commit(change)

    def ahead(self) -> TableCasesAhead:
        return KeepingAhead(self._ahead.follow(), self.changes)


@dataclass
class Stage:
    """A table with cases, and every request that was sent to it from the first on."""

    client: Any
    name: str
    sent: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        make_table(self.name, self.client)
        self.table = Timed(self.client, self.name)
        self.world = World(table=self.table)
        self.kept = Keeping(self.table)
        self.world.cases = self.kept
        self.client.meta.events.register("provide-client-params.dynamodb", self._keep)
        self.cases = [placed(self.world, number) for number in range(POSTINGS)]

    def _keep(self, params: dict[str, Any], model: Any, **_: object) -> None:
        self.sent.append((VERBS[model.name], params))

    def twin(self, name: str, before: int) -> DynamoTable:
        """A second table after the first `before` transactions."""
        self.client.meta.events.unregister("provide-client-params.dynamodb", self._keep)
        table = make_table(name, self.client)
        self.send(writes_only(self.requests(name, 0, before)))
        return table

    def requests(self, name: str, begin: int, end: int | None = None) -> list[Request]:
        """As they were sent, to the table `name`."""
        return [(verb, _moved(verb, params, name)) for verb, params in self.sent[begin:end]]

    def send(self, requests: Sequence[Request]) -> None:
        for verb, params in requests:
            getattr(self.client, verb)(**params)


def _moved(verb: str, params: dict[str, Any], name: str) -> dict[str, Any]:
    if verb == "transact_write_items":
        items = [
            {kind: {**what, "TableName": name} for kind, what in item.items()}
            for item in params["TransactItems"]
        ]
        return {"TransactItems": items}
    if verb == "batch_get_item":
        (keys,) = params["RequestItems"].values()
        return {"RequestItems": {name: keys}}
    return {**params, "TableName": name}


def writes_only(requests: Sequence[Request]) -> list[Request]:
    return [request for request in requests if request[0] == "transact_write_items"]


def of_the_case(request: Request) -> bool:
    """A transaction, or the query of a whole case."""
    verb, params = request
    if verb != "query":
        return verb == "transact_write_items"
    return str(params["ExpressionAttributeValues"][":pk"]["S"]).startswith(keys.case(CaseId("")))


def placed(world: World, number: int) -> Case:
    return world.place(
        reference=f"A-{number}",
        principal=20_000,
        name=f"Maksaja Numero{number}",
        email=f"maksaja{number}@posti.example",
        phone=f"+3584000{number:05d}",
    )


def statement(world: World, cases: Sequence[Case]) -> bytes:
    on = world.clock.now().date()
    lines = [
        line(
            PART,
            reference=case.payment_reference,
            end_to_end=f"E{number}",
            payer=case.debtor.name,
            bank_id=f"B{number}",
            on=on,
        )
        for number, case in enumerate(cases)
    ]
    return camt053(*lines, change=PART * len(lines))


def imported(world: World, cases: Sequence[Case]) -> None:
    """A file from the inbox to the books: parsed twice, matched, posted line by line."""
    world.bank.write("inbox/one.xml", statement(world, cases), "application/xml")
    counts = import_inbox(
        bank=world.bank,
        agency=AGENCY,
        cases=world.cases,
        clock=world.clock,
        orders=world.orders,
        clients=world.clients,
        beside=ReadingThread(),
    )
    assert counts["matched"] == len(cases), counts


def recorded(world: World, cases: Sequence[Case]) -> None:
    """The owner is known: only the posting."""
    on = world.clock.now().date()
    for number, case in enumerate(cases):
        paid = record_payment(
            payment(number, case, on),
            case_id=case.case_id,
            into=accounts.BANK,
            guard=Guard("SEEN#bench", str(number)),
            cases=world.cases,
            clock=world.clock,
        )
        assert not paid.is_repeat


def payment(number: int, case: Case, on: date) -> Payment:
    return Payment(
        payment_id=PaymentId(f"pay_{number}"),
        source=BANK_SOURCE,
        source_id=f"stx_{number}",
        value_on=on,
        amount=Money(PART, "EUR"),
        reference=case.payment_reference,
        payer=case.debtor.name,
        text="",
    )


@dataclass(frozen=True)
class Seconds:
    """Of one round: ours, the bare transactions, those with the same reads, those with the case's query
    alone, and commits of the same changes through the adapter."""

    ours: float
    bare: float
    bare_with_reads: float
    bare_with_case: float
    commits: float
    reads: int
    reading: float
    writing: float
    items: float


def one_round(client: Any, name: str, work: Callable[[World, Sequence[Case]], None]) -> Seconds:
    stage = Stage(client, f"{name}-ours")
    sent, kept = len(stage.sent), len(stage.kept.changes)
    table = stage.table
    table.reads, table.reading, table.writing = 0, 0.0, 0.0
    ours = timed(lambda: work(stage.world, stage.cases))

    for twin in ("bare", "both", "case"):
        stage.twin(f"{name}-{twin}", sent)
    commit_table = stage.twin(f"{name}-puts", sent)
    requests = writes_only(stage.requests(f"{name}-bare", sent))
    bare = timed(lambda: stage.send(requests))
    with_reads = stage.requests(f"{name}-both", sent)
    bare_with_reads = timed(lambda: stage.send(with_reads))
    with_case = [one for one in stage.requests(f"{name}-case", sent) if of_the_case(one)]
    bare_with_case = timed(lambda: stage.send(with_case))
    cases, changes = TableCases(commit_table), stage.kept.changes[kept:]
    commits = timed(lambda: all_of(cases.commit, changes))
    items = sum(len(params["TransactItems"]) for _, params in requests) / len(requests)
    return Seconds(
        ours,
        bare,
        bare_with_reads,
        bare_with_case,
        commits,
        table.reads,
        table.reading,
        table.writing,
        items,
    )


def all_of(send: Callable[[Any], object], what: Sequence[Any]) -> None:
    for one in what:
        send(one)


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def told(name: str, rounds: Sequence[Seconds]) -> None:
    best = min(rounds, key=lambda one: one.ours)
    ratio, beside_reads, most, commits = (
        median(floor / spent for floor, spent in pairs)
        for pairs in (
            [(one.bare, one.ours) for one in rounds],
            [(one.bare_with_reads, one.ours) for one in rounds],
            [(one.bare, one.bare_with_case) for one in rounds],
            [(one.bare, one.commits) for one in rounds],
        )
    )
    print(
        f"{name}: {POSTINGS / best.ours:,.0f} postings/s, raw transactions of {best.items:.0f} items "
        f"{POSTINGS / best.bare:,.0f}/s: ratio {ratio:.2f} (target 0.7); to the same reads and "
        f"transactions, raw, {beside_reads:.2f}; raw with one query of the case each {most:.2f}; "
        f"commits alone {commits:.2f}"
    )
    print(
        f"  of {best.ours / POSTINGS * 1000:.1f} ms: {best.reads / POSTINGS:.1f} requests to read "
        f"{best.reading / POSTINGS * 1000:.1f} (partly beside), transaction "
        f"{best.writing / POSTINGS * 1000:.1f}"
    )


@pytest.mark.allow_hosts(["127.0.0.1", "localhost"])
def test_postings_beside_raw_transactions(tmp_path: Path) -> None:
    print()
    with running_cloud(tmp_path, REGION) as cloud:
        # As bootstrap makes it, but for the attempts; the floors have the same client.
        once = Config(retries={"mode": "standard", "total_max_attempts": 1}, parameter_validation=False)
        for name, work in (("import_statement", imported), ("record_payment", recorded)):
            client = cloud.session().client("dynamodb", endpoint_url=cloud.endpoint_url, config=once)
            label = name.replace("_", "-")
            told(name, [one_round(client, f"{label}-{number}", work) for number in range(ROUNDS)])


def test_proof() -> None:
    """Over the table in memory: what the proof itself takes, decoding included."""
    world = World()
    imported(world, [placed(world, number) for number in range(POSTINGS)])
    world.clock.advance(days=1)
    proof = prove(world)
    assert proof.holds, proof.breaks
    seconds = min(timed(lambda: prove(world)) for _ in range(ROUNDS))
    print(f"\nproof: {proof.entries / seconds:,.0f} entries/s at {proof.entries} of {POSTINGS} cases")

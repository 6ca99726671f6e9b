"""The whole of Sovinto in memory: real use cases and adapters over the in-memory table."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from sovinto.adapters.dynamo.cases import TableCases
from sovinto.adapters.dynamo.clients import TableBook, TableClients
from sovinto.adapters.dynamo.orders import TableOrders
from sovinto.adapters.dynamo.table import Table
from sovinto.adapters.dynamo.wakes import TableSendings, TableWakes
from sovinto.countries import load_calendar, load_pack
from sovinto.domain.agency import Agency
from sovinto.domain.assignment import Collector
from sovinto.domain.case import Case, Claim, Step
from sovinto.domain.client import Client
from sovinto.domain.communication import Communication, SendingState
from sovinto.domain.ledger import Entry
from sovinto.domain.money import Money
from sovinto.domain.placement import Placement
from sovinto.ids import CaseId, CommunicationId
from sovinto.ports import Press
from sovinto.usecases.dispatch_message import Outlets, dispatch_message
from sovinto.usecases.drive_case import Driver, decide_next, tick, wake_case
from sovinto.usecases.pay_clients import pay_clients
from sovinto.usecases.perform_step import perform_step
from sovinto.usecases.place_case import Receipt, Request, place_case
from sovinto.usecases.step_context import Sender

from tests.support.fake_gateway import FakeGateway
from tests.support.memory_table import MemoryTable
from tests.support.outside import (
    CountingIds,
    HandClock,
    MemoryFiles,
    MemoryMailer,
    MemorySms,
    MemoryTimeline,
    PlainPress,
)
from tests.support.people import AGENCY, CLIENT, COLLECTORS, DEBTOR, START

__all__ = ["AGENCY", "CLIENT", "DEBTOR", "START", "World"]
ONE_DAY = timedelta(days=1)
FIRST_DAY = date(2025, 11, 1)


@dataclass
class World:
    clock: HandClock = field(default_factory=lambda: HandClock(START))
    table: Table = field(default_factory=MemoryTable)
    ids: CountingIds = field(default_factory=CountingIds)
    timeline: MemoryTimeline = field(default_factory=MemoryTimeline)
    documents: MemoryFiles = field(default_factory=MemoryFiles)
    bank: MemoryFiles = field(default_factory=MemoryFiles)
    uploads: MemoryFiles = field(default_factory=MemoryFiles)
    mailer: MemoryMailer = field(default_factory=MemoryMailer)
    sms: MemorySms = field(default_factory=MemorySms)
    gateway: FakeGateway = field(default_factory=FakeGateway)
    press: Press = field(default_factory=PlainPress)
    client: Client = CLIENT
    agency: Agency = AGENCY
    collectors: tuple[Collector, ...] = COLLECTORS

    def __post_init__(self) -> None:
        self.cases = TableCases(self.table)
        self.wakes = TableWakes(self.table)
        self.sendings = TableSendings(self.table)
        self.clients = TableClients(self.table)
        self.orders = TableOrders(self.table)
        self.book = TableBook(self.table)
        self.sender = Sender(AGENCY, b"a secret of the tests", "https://pay.sovinto.example")
        self.outlets = Outlets(self.press, self.documents, self.mailer, self.sms)
        self.clients.save(self.client)

    def placement(
        self, *, reference: str = "A-1", principal: int = 10_000, due_on: date = FIRST_DAY, **debtor: object
    ) -> Placement:
        """One claim; keyword arguments change the debtor."""
        return Placement(
            reference,
            replace(DEBTOR, **debtor),  # type: ignore[arg-type]
            (Claim(f"I-{reference}", due_on, Money(principal, self.client.currency), None),),
            self.client.currency,
        )

    def hand_over(self, placement: Placement, request: Request) -> Receipt:
        return place_case(
            placement,
            request,
            client=self.client,
            pack=load_pack(self.client.country),
            calendar=load_calendar(self.client.country),
            collectors=self.collectors,
            cases=self.cases,
            clock=self.clock,
            ids=self.ids,
        )

    def place(self, *, reference: str = "A-1", **given: object) -> Case:
        placement = self.placement(reference=reference, **given)  # type: ignore[arg-type]
        receipt = self.hand_over(placement, Request(f"key-{reference}", f"digest-{reference}"))
        return self.cases.load(receipt.case_id)

    def drive(self, case_id: CaseId, rounds: int = 20) -> str:
        """What the state machine does: decide and perform until the case waits or is done."""
        for _ in range(rounds):
            found = decide_next(case_id, cases=self.cases, wakes=self.wakes, clock=self.clock)
            if found.step in ("wait", "done"):
                return found.reason
            self.perform(case_id, Step(found.step))
        raise AssertionError("the case does not come to rest")

    def perform(self, case_id: CaseId, step: Step) -> str:
        done = perform_step(
            case_id, step, sender=self.sender, cases=self.cases, clients=self.clients, clock=self.clock
        )
        return done.outcome

    def live(self, case_id: CaseId, days: int) -> list[tuple[str, str]]:
        """Drive the case once a day; (day, step) of what was performed."""
        for _ in range(days):
            self.drive(case_id)
            self.dispatch()
            self.clock.advance(days=1)
        return self.story(case_id)

    def story(self, case_id: CaseId) -> list[tuple[str, str]]:
        return [
            (record.on.isoformat(), record.step.value)
            for record in self.cases.load(case_id).steps
            if record.outcome == "performed"
        ]

    def dispatch(self) -> list[SendingState]:
        planned = [item for item in self.sendings.pending() if item.state is SendingState.PLANNED]
        return [self.send(item.case_id, item.communication_id) for item in planned]

    def send(self, case_id: CaseId, communication_id: CommunicationId) -> SendingState:
        return dispatch_message(
            case_id,
            communication_id,
            outlets=self.outlets,
            sender=self.sender,
            cases=self.cases,
            sendings=self.sendings,
            clients=self.clients,
            clock=self.clock,
        )

    def messages(self, case_id: CaseId, template: str) -> list[Communication]:
        return [item for item in self.cases.communications(case_id) if item.template == template]

    @property
    def driver(self) -> Driver:
        return Driver(self.cases, self.wakes, self.timeline, self.clock, self.clock.now())

    def wake(self, case_id: CaseId) -> str:
        return wake_case(case_id, self.driver)

    def tick(self) -> dict[str, int]:
        return tick(self.driver, tell=_fail)

    def pay_clients(self, *, reads_book: bool = True) -> dict[str, int]:
        """Without its book a run files no movements, and knows nobody who may be paid already."""
        return pay_clients(
            agency=self.agency,
            press=self.press,
            documents=self.documents,
            bank=self.bank,
            cases=self.cases,
            clients=self.clients,
            orders=self.orders,
            clock=self.clock,
            book=self.book if reads_book else None,
        )

    def ledger(self, days: int = 400) -> list[Entry]:
        """Every entry of the book, by day of posting, from the first day on."""
        found: list[Entry] = []
        for ahead in range(days):
            found += self.book.entries((START.date() + ahead * ONE_DAY).isoformat())
        return found


def _fail(case_id: CaseId, error: Exception) -> None:
    """Where no test expects a failure, none is swallowed."""
    raise AssertionError(f"{case_id} could not be woken") from error

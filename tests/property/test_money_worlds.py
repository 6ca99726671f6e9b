"""Money worlds: whatever comes, in any order, twice, late, or while processes die, the books hold.

`SOVINTO_TESTS=deep` looks longer and does not repeat itself.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant
from sovinto.adapters.codec import decode
from sovinto.domain.case import Case, Closure
from sovinto.domain.checkout import GatewayEventType
from sovinto.domain.event import Event
from sovinto.domain.ledger import Entry, balance_of, fold
from sovinto.domain.reversal import ALLOCATED, REVERSED
from sovinto.usecases.payouts import expected

from tests.property.money_orders import OrderRules
from tests.support.book_world import prove
from tests.support.crash import Items
from tests.support.money_crash import table_of
from tests.support.money_world import EUR, PROVIDER, SEK, MoneyWorld
from tests.support.power import by_power
from tests.support.stored import all_entries

BACK = (GatewayEventType.CHARGE_REFUNDED, GatewayEventType.DISPUTE_CREATED)
HELD = ("bank:collection", "bank:details")


class MoneyWorlds(OrderRules):
    seen: Items

    @initialize(
        percents=st.tuples(*(st.sampled_from([0, 40, 100, 120]) for _ in range(3))),
        percent=st.sampled_from([0, 30, 100]),
        is_strict=st.booleans(),
    )
    def begin(self, percents: tuple[int, ...], percent: int, is_strict: bool) -> None:
        """So much was paid of each case by bank, and of the first by card, before anything is done."""
        self.m, self.seen = MoneyWorld(), {}
        self.dies, self.paid, self.given, self.decided = None, [], [], set()
        for case in self.m.cases:
            self.m.world.drive(case.case_id)
        if is_strict:
            self.m.world.agency = replace(self.m.world.agency, release_limit_minor=0)
        for index, part in enumerate(percents):
            if part:
                self.money_by_bank(index, part, 0, "debtor", "own", "home", True)
        if percent:
            self.money_by_card(0, percent, True)

    @invariant()
    def all_of_it_holds(self) -> None:
        table = table_of(self.m.world)
        table.fuse.set(None)
        if table.items == self.seen:
            return
        self.seen = table.copy()
        self.the_books_prove_themselves()
        self.refunds_and_payables_are_ours_to_pay()
        self.no_case_has_money_of_another_currency()
        self.a_case_is_what_its_entries_say()
        self.events_tell_what_the_entries_say()

    def entries(self) -> list[Entry]:
        return all_entries(table_of(self.m.world))

    def the_books_prove_themselves(self) -> None:
        """The bank's files are read again in the end only."""
        world = self.m.world
        bank, world.bank = world.bank, None  # type: ignore[assignment]
        try:
            proof = prove(world)
        finally:
            world.bank = bank
        assert proof.holds, proof.breaks

    def refunds_and_payables_are_ours_to_pay(self) -> None:
        """No debtor owes us a refund, and every order is in transit, and nothing else is."""
        sums = fold(self.entries())
        for (account, currency), minor in sums.items():
            assert not account.startswith("refunds:") or minor <= 0, (account, currency, minor)
        for currency in (EUR, SEK):
            open_orders = self.m.world.orders.open()
            on_the_way = sum(o.amount.minor for o in open_orders if o.amount.currency == currency)
            assert -sums.get(("bank:in_transit", currency), 0) == on_the_way
            ours = sums.get(("bank:ours_due", currency), 0) + sums.get(("own:from_collection", currency), 0)
            assert ours == 0

    def no_case_has_money_of_another_currency(self) -> None:
        of_case = {case.case_id: case.currency for case in self.m.cases}
        for entry in self.entries():
            if entry.case_id is not None:
                assert {line.amount.currency for line in entry.lines} == {of_case[entry.case_id]}

    def a_case_is_what_its_entries_say(self) -> None:
        """Folded in the order in which they were chained, they tell its balance and its end."""
        everything = self.entries()
        for case in (self.m.world.cases.load(case.case_id) for case in self.m.cases):
            own = chained(case, [entry for entry in everything if entry.case_id == case.case_id])
            found = balance_of(case.case_id, case.currency, own).total.minor
            assert found == balance_of(case.case_id, case.currency, everything).total.minor
            assert found == self.balance(case)
            if case.is_open or case.closure is Closure.PAID:
                assert (found > 0) is case.is_open, (found, case.closure)

    def balance(self, case: Case) -> int:
        live = self.m.world.cases.file(case.case_id)
        return balance_of(case.case_id, case.currency, live.entries).total.minor

    def events(self) -> list[Event]:
        items = table_of(self.m.world).items.items()
        return [_event(str(item["body"])) for (_, sk), item in items if sk.startswith("OUTBOX#")]

    def events_tell_what_the_entries_say(self) -> None:
        """Who only hears of events knows what came in for each case, and what went back."""
        told: dict[str, int] = {}
        for event in self.events():
            sign = {"payment.allocated": 1, "payment.reversed": -1}.get(event.type, 0)
            minors = (int(v) for k, v in event.data if k.endswith("_minor") and k != "amount_minor")
            told[event.subject_id] = told.get(event.subject_id, 0) + sign * sum(minors)
        posted: dict[str, int] = {}
        for entry in self.entries():
            is_back = entry.kind == REVERSED and entry.reverses is not None and entry.source
            if entry.case_id and (entry.kind == ALLOCATED or is_back):
                money = sum(e.amount.minor for e in entry.lines if _is_held(e.account))
                posted[entry.case_id] = posted.get(entry.case_id, 0) + money
        for case in self.m.cases:
            assert told.get(case.case_id, 0) == posted.get(case.case_id, 0)

    def teardown(self) -> None:
        """In the end all is told: the account holds what the bank says, the provider the rest."""
        if not hasattr(self, "m"):
            return
        self.dies = None
        m = self.m
        for currency in sorted(m.booked):
            m.deliver(f"END{currency}", m.all_in_one(currency))
        for name in sorted(m.files):
            m.deliver(name)
        for settlement in m.settlements:
            assert m.settle(settlement) in ("settled", "repeated")
        for _ in range(len(m.coming) + 1):
            m.coming = [event for event in m.coming if m.hear(event) == "later"]
        assert not m.coming
        sums = fold(self.entries())
        for currency, minor in m.booked.items():
            assert sum(sums.get((account, currency), 0) for account in HELD) == minor
        kept = sum((-1 if e.type in BACK else 1) * e.amount.minor for e in m.moves)
        on_the_way = sum(s.net.minor for s in m.settlements if expected(s.payout_id, m.world.cases))
        assert sums.get((f"psp:{PROVIDER}", EUR), 0) == kept + on_the_way
        proof = prove(m.world)
        assert proof.holds, proof.breaks


@lru_cache(maxsize=4096)
def _event(body: str) -> Event:
    return decode(Event, body)


def _is_held(account: str) -> bool:
    return account.startswith(("bank:", "psp:")) or account == "suspense"


def chained(case: Case, entries: list[Entry]) -> list[Entry]:
    """From the first to the one that the case names as its newest; all of them."""
    after = {entry.previous: entry for entry in entries}
    found, at = [], ""
    while at in after:
        found.append(after[at])
        at = found[-1].digest
    assert at == case.ledger_head and len(found) == len(entries)
    return found


TestMoneyWorlds = MoneyWorlds.TestCase
TestMoneyWorlds.settings = settings(
    parent=settings(),
    max_examples=by_power(check=10, full=40, deep=1_000),
    stateful_step_count=by_power(check=30, full=30, deep=60),
    suppress_health_check=list(HealthCheck),
)

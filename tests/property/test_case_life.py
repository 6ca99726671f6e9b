"""A case's life in any order: payments, objections, plans, messages and time, told by Hypothesis."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule
from sovinto.domain.case import Case, Closure, Step
from sovinto.domain.debtor import DebtorType
from sovinto.domain.ledger import balance_of
from sovinto.domain.posting import Occasion, interest_to
from sovinto.domain.sendable import obeys_every_stop
from sovinto.errors import InvalidInput
from sovinto.usecases.debtor_page import open_page, plan_offers

from tests.property.case_promises import CasePromises
from tests.property.case_rules import CASES, which
from tests.support.books import by_account, check_books
from tests.support.crash import Fuse, FusedTable, WatchedFiles, WatchedMailer, WatchedSms
from tests.support.fake_gateway import Webhook
from tests.support.firm_steps import under_v2
from tests.support.moves import agree, answer, begin_card, hear, object_to, owed, pay, take_back
from tests.support.power import by_power
from tests.support.stored import all_entries, all_messages
from tests.support.world import CLIENT, World

CAPS = ((10_000, 6_000), (100_000, 12_000), (10**12, 21_000))
REPEATED = {
    Step.REMIND_INSTALMENT,
    Step.BREAK_PLAN,
    Step.END_HOLD,
    Step.ASK_APPROVAL,
    Step.EXPIRE_APPROVAL,
}
REACH: tuple[dict[str, object], ...] = (
    {"debtor_type": DebtorType.BUSINESS, "registration_id": "9000007-0"},
    {"has_electronic_consent": True},
    {"email": None},
    {"phone": None},
    {"address": None},
)
OTHER = {"name": "Erkki Esimerkki", "email": "erkki@posti.example", "phone": "+358400000002"}


class CaseLife(CasePromises):
    """Three cases in one world: what two of one person share is kept, and nothing else leaks."""

    @initialize(
        principals=st.tuples(st.integers(1, 200_000), st.integers(1, 200_000), st.integers(1, 200_000)),
        reach=st.sampled_from(REACH),
        is_newer=st.booleans(),
    )
    def begin(self, principals: tuple[int, int, int], reach: dict[str, object], is_newer: bool) -> None:
        self.fuse = Fuse()
        self.table = FusedTable(self.fuse)
        self.mailer, self.sms = WatchedMailer(self.check_sendable), WatchedSms(self.check_sendable)
        self.world = World(
            table=self.table,
            mailer=self.mailer,
            sms=self.sms,
            documents=WatchedFiles(self.check_sendable),
        )
        self.cases = [
            self.world.place(reference=f"R{number}", principal=principals[number]) for number in (0, 1)
        ]
        other = {**OTHER, **reach}
        self.cases.append(
            under_v2(self.world, reference="R2", principal=principals[2], **other)  # type: ignore[arg-type]
            if is_newer and "debtor_type" in reach
            else self.world.place(reference="R2", principal=principals[2], **other)
        )
        self.heard: list[Webhook] = []
        self.checkouts: list[tuple[int, int, str]] = []
        self.banked: list[tuple[int, int, str]] = []
        self.received = self.count = 0
        self.ended: dict[str, tuple[int, Closure]] = {}
        self.seen: set[str] = set()

    def check_sendable(self, reference: str) -> None:
        """Called at the moment a message is handed over."""
        for case in map(self.now, range(CASES)):
            for item in self.world.cases.communications(case.case_id):
                if item.communication_id == reference and obeys_every_stop(item):
                    assert case.may_be_contacted, f"{item.template} left after a stop"

    @rule(hours=st.integers(1, 24 * 20))
    def time_passes(self, hours: int) -> None:
        self.world.clock.advance(hours=hours)

    @rule(index=which)
    def driver_runs(self, index: int) -> None:
        self.world.drive(self.cases[index].case_id)

    @rule(index=which, days=st.integers(1, 30))
    def days_pass(self, index: int, days: int) -> None:
        self.world.live(self.cases[index].case_id, days)

    @rule(index=which, step=st.sampled_from(Step))
    def stale_driver_performs(self, index: int, step: Step) -> None:
        self.world.perform(self.cases[index].case_id, step)

    @rule()
    def messages_leave(self) -> None:
        self.world.dispatch()

    @rule(index=which, percent=st.integers(1, 130), days_ago=st.integers(0, 40))
    def money_comes_by_bank(self, index: int, percent: int, days_ago: int) -> None:
        minor = max(1, owed(self.world, self.cases[index]) * percent // 100)
        name = f"pay_{len(self.banked)}"
        on = self.world.clock.now().date() - timedelta(days=days_ago)
        self.banked.append((index, minor, name))
        self.received += minor
        assert not pay(self.world, self.cases[index], minor, on=on, name=name).is_repeat

    @precondition(lambda self: self.banked)
    @rule(data=st.data())
    def bank_tells_again(self, data: st.DataObject) -> None:
        index, minor, name = data.draw(st.sampled_from(self.banked))
        assert pay(self.world, self.cases[index], minor, name=name).is_repeat

    @rule(index=which, percent=st.integers(1, 100))
    def money_comes_by_card(self, index: int, percent: int) -> None:
        due = owed(self.world, self.cases[index])
        if not self.now(index).is_open or due <= 0:
            return
        minor = max(1, due * percent // 100)
        checkout = begin_card(self.world, self.cases[index], minor)
        webhook = self.world.gateway.pay(checkout)
        self.heard.append(webhook)
        self.checkouts.append((index, minor, checkout))
        self.received += minor
        assert hear(self.world, webhook) == "recorded"

    @precondition(lambda self: self.heard)
    @rule(data=st.data())
    def provider_tells_again(self, data: st.DataObject) -> None:
        assert hear(self.world, data.draw(st.sampled_from(self.heard))) == "repeated"

    @precondition(lambda self: self.banked)
    @rule(data=st.data(), percent=st.sampled_from([30, 70, 100, None]))
    def reverse(self, data: st.DataObject, percent: int | None) -> None:
        """The bank takes back a payment, or the next part of it; told twice it counts once."""
        index, minor, payment = data.draw(st.sampled_from(self.banked))
        self.count += 1
        name = f"back_{self.count}"
        part = None if percent is None else max(1, minor * percent // 100)
        before, table = self.now(index), self.table.copy()
        try:
            done = take_back(self.world, self.cases[index], payment, part, name=name)
        except InvalidInput:
            assert self.table.items == table, "refused, and changed something"
            return
        assert done.amount is not None
        self.gone_back(before, done.amount.minor)
        assert take_back(self.world, self.cases[index], payment, part, name=name).is_repeat

    @precondition(lambda self: self.checkouts)
    @rule(data=st.data())
    def a_card_payment_is_charged_back(self, data: st.DataObject) -> None:
        found = data.draw(st.sampled_from(self.checkouts))
        self.checkouts.remove(found)
        index, minor, checkout = found
        before, webhook = self.now(index), self.world.gateway.dispute(checkout)
        assert hear(self.world, webhook) == "reversed"
        self.heard.append(webhook)
        self.gone_back(before, minor)

    def gone_back(self, before: Case, minor: int) -> None:
        """Only what was closed as paid may be open again, with every step it had."""
        self.received -= minor
        after = self.world.cases.load(before.case_id)
        assert [r.event_id for r in after.steps] == [r.event_id for r in before.steps]
        if not after.is_open or before.is_open:
            assert after.closure is before.closure
            return
        assert before.closure is Closure.PAID
        self.ended.pop(before.case_id, None)

    @invariant()
    def what_clients_are_owed_is_what_waits_to_be_paid_on(self) -> None:
        waits = sum(p.net.minor + p.retained.minor for p in self.world.clients.payables(CLIENT.client_id))
        assert waits == -by_account(all_entries(self.table)).get(f"client:{CLIENT.client_id}:payable", 0)

    @rule(index=which)
    def debtor_objects(self, index: int) -> None:
        if self.now(index).is_open:
            object_to(self.world, self.cases[index])

    @rule(index=which, outcome=st.sampled_from(["upheld", "rejected"]))
    def client_answers(self, index: int, outcome: str) -> None:
        dispute = self.now(index).dispute
        if dispute is not None and dispute.is_open:
            self.twice(lambda: answer(self.world, self.cases[index], outcome))

    @rule(index=which, choice=st.integers(0, 5))
    def debtor_agrees_a_plan(self, index: int, choice: int) -> None:
        case_id = self.cases[index].case_id
        offered = plan_offers(open_page(case_id, cases=self.world.cases, clock=self.world.clock))
        if offered:
            plan = offered[choice % len(offered)]
            agree(self.world, self.cases[index], len(plan.instalments))

    @rule()
    def clients_are_paid(self) -> None:
        self.world.pay_clients()

    @rule()
    def heart_beats(self) -> None:
        self.world.tick()

    @invariant()
    def books_are_right(self) -> None:
        entries = all_entries(self.table)
        check_books(entries)
        for case in self.cases:
            by_hand = sum(
                minor
                for account, minor in by_account(entries).items()
                if account.startswith(f"debtor:{case.case_id}:")
            )
            own = self.world.cases.entries(case.case_id)
            assert balance_of(case.case_id, "EUR", own).total.minor == by_hand

    @invariant()
    def every_cent_received_is_accounted_for(self) -> None:
        sums = by_account(all_entries(self.table))
        held = sum(minor for name, minor in sums.items() if name.startswith(("bank:", "psp:")))
        paid_on = -sums.get("bank:in_transit", 0)
        assert held + paid_on == self.received

    @invariant()
    def the_page_shows_what_the_books_say(self) -> None:
        for case in map(self.now, range(CASES)):
            if case.is_open:
                page = open_page(case.case_id, cases=self.world.cases, clock=self.world.clock)
                accrued = interest_to(
                    case,
                    page.facts.entries,
                    page.rules.pack,
                    Occasion.of_case(case, page.facts.now),
                    until=page.debt.interest_to,
                )
                posted = (*page.facts.entries, *accrued)
                assert page.debt.total == balance_of(case.case_id, "EUR", posted).total

    @invariant()
    def fees_stay_within_the_cap(self) -> None:
        for case in self.cases:
            if case.debtor.debtor_type is not DebtorType.CONSUMER:
                continue
            entries = self.world.cases.entries(case.case_id)
            charged = [e for e in entries if e.kind in ("fee_charged", "fee_reversed")]
            account = f"debtor:{case.case_id}:fee"
            fees = sum(e.amount_on(account, "EUR").minor for e in charged)
            assert fees <= next(cap for limit, cap in CAPS if case.principal.minor <= limit)

    @invariant()
    def no_step_is_done_twice(self) -> None:
        for case in map(self.now, range(CASES)):
            done = [r.step for r in case.steps if r.outcome == "performed" and r.step not in REPEATED]
            assert len(done) == len(set(done))
            reminded = [
                (r.instalment, r.at)
                for r in case.steps
                if r.step is Step.REMIND_INSTALMENT and not r.reason
            ]
            assert len(reminded) == len(set(reminded))

    @invariant()
    def letters_add_up(self) -> None:
        for item in all_messages(self.table):
            if item.letter is not None and item.letter.lines:
                assert sum(line.amount.minor for line in item.letter.lines) == item.letter.total.minor
                assert item.letter.payment.amount.minor > 0


TestCaseLife = CaseLife.TestCase
TestCaseLife.settings = settings(
    parent=settings(), max_examples=by_power(check=10, full=30, deep=500), stateful_step_count=20
)

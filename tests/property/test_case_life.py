"""A case's life in any order: payments, objections, plans, messages and time, told by Hypothesis."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sovinto.domain.case import Case, Step
from sovinto.domain.communication import SendingState
from sovinto.domain.debtor import DebtorType
from sovinto.domain.ledger import balance_of
from sovinto.domain.posting import Occasion, interest_to
from sovinto.usecases.case_file import facts_of
from sovinto.usecases.debtor_page import open_page, plan_offers

from tests.support.books import by_account, check_books
from tests.support.fake_gateway import Webhook
from tests.support.memory_table import MemoryTable
from tests.support.moves import agree, answer, begin_card, hear, object_to, owed, pay
from tests.support.stored import all_entries, all_messages
from tests.support.world import World

CAPS = ((10_000, 6_000), (100_000, 12_000), (10**12, 21_000))
REPEATED = {Step.REMIND_INSTALMENT, Step.BREAK_PLAN}
REACH: tuple[dict[str, object], ...] = (
    {"debtor_type": DebtorType.BUSINESS, "registration_id": "9000007-0"},
    {"has_electronic_consent": True},
    {"email": None},
    {"phone": None},
    {"address": None},
)
which = st.integers(0, 1)


class CaseLife(RuleBasedStateMachine):
    """Two cases in one world, so that nothing may leak from one to the other."""

    @initialize(
        principals=st.tuples(st.integers(1, 200_000), st.integers(1, 200_000)),
        reach=st.sampled_from(REACH),
    )
    def begin(self, principals: tuple[int, int], reach: dict[str, object]) -> None:
        self.table = MemoryTable()
        self.world = World(table=self.table)
        self.cases = [
            self.world.place(reference=f"R{number}", principal=principal, **(reach if number else {}))
            for number, principal in enumerate(principals)
        ]
        self.heard: list[Webhook] = []
        self.banked: list[tuple[int, int, str]] = []
        self.received = 0
        self.ended: dict[str, int] = {}

    def now(self, index: int) -> Case:
        return self.world.cases.load(self.cases[index].case_id)

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
        stopped = {case.case_id for case in map(self.now, (0, 1)) if not case.may_be_contacted}
        before = self.sent()
        self.world.dispatch()
        for item in all_messages(self.table):
            if item.communication_id not in before and item.state is SendingState.SENT and item.permit:
                assert item.case_id not in stopped, f"{item.template} left after a stop"

    def sent(self) -> set[str]:
        found = all_messages(self.table)
        return {item.communication_id for item in found if item.state is SendingState.SENT}

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
        webhook = self.world.gateway.pay(begin_card(self.world, self.cases[index], minor))
        self.heard.append(webhook)
        self.received += minor
        assert hear(self.world, webhook) == "recorded"

    @precondition(lambda self: self.heard)
    @rule(data=st.data())
    def provider_tells_again(self, data: st.DataObject) -> None:
        assert hear(self.world, data.draw(st.sampled_from(self.heard))) == "repeated"

    @rule(index=which)
    def debtor_objects(self, index: int) -> None:
        if self.now(index).is_open:
            object_to(self.world, self.cases[index])

    @rule(index=which, outcome=st.sampled_from(["upheld", "rejected"]))
    def client_answers(self, index: int, outcome: str) -> None:
        dispute = self.now(index).dispute
        if dispute is not None and dispute.is_open:
            answer(self.world, self.cases[index], outcome)

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
        for case in map(self.now, (0, 1)):
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
        for case in map(self.now, (0, 1)):
            done = [r.step for r in case.steps if r.outcome == "performed" and r.step not in REPEATED]
            assert len(done) == len(set(done))
            reminded = [
                (r.instalment, r.at)
                for r in case.steps
                if r.step is Step.REMIND_INSTALMENT and not r.reason
            ]
            assert len(reminded) == len(set(reminded))

    @invariant()
    def a_closed_case_has_no_future(self) -> None:
        for case in map(self.now, (0, 1)):
            if case.closure is not None:
                known = self.ended.setdefault(case.case_id, len(case.steps))
                assert len(case.steps) == known

    @invariant()
    def letters_add_up(self) -> None:
        for item in all_messages(self.table):
            if item.letter is not None and item.letter.lines:
                assert sum(line.amount.minor for line in item.letter.lines) == item.letter.total.minor
                assert item.letter.payment.amount.minor > 0

    @invariant()
    def contacts_stay_within_the_policy(self) -> None:
        for case in self.cases:
            facts, rules = facts_of(case.case_id, self.world.cases, self.world.clock.now())
            days = [contact.on for contact in facts.contacts if contact.channel.value != "post"]
            for day in set(days):
                week = [on for on in days if day - timedelta(days=7) < on <= day]
                assert days.count(day) <= rules.policy.max_contacts_a_day
                assert len(week) <= rules.policy.max_contacts_a_week


TestCaseLife = CaseLife.TestCase
TestCaseLife.settings = settings(
    parent=settings(), max_examples=max(30, settings().max_examples // 2), stateful_step_count=20
)

"""What people and machines may do to cases in any order: the rules beside those of `test_case_life`.

Cases 0 and 1 are of one person, case 2 is of another. Whatever was refused must have changed nothing;
whatever is told twice must count once.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from sovinto.domain.agreement import CallOutcome, Financials
from sovinto.domain.case import Case, Closure, DisputeKind
from sovinto.domain.communication import Channel, SendingState
from sovinto.domain.hold import HoldReason
from sovinto.domain.money import Money
from sovinto.errors import InvalidInput, OutcomeUnknown, RuleRefused
from sovinto.usecases.adjust_debt import credit_note, direct_payment
from sovinto.usecases.answer_approval import answer_approval
from sovinto.usecases.hold_case import place_hold, release_hold
from sovinto.usecases.record_call import CallParts, record_call
from sovinto.usecases.record_financials import record_financials
from sovinto.usecases.replan import propose_plan
from sovinto.usecases.stop_case import STOPS, stop_case

from tests.support.crash import Fuse, FusedTable, Killed
from tests.support.world import World

CASES = 3
COLLECTOR = "col_1"
which = st.integers(0, CASES - 1)


class CaseRules(RuleBasedStateMachine):
    """`fuse` kills a process where a rule says so; `count` makes references that differ."""

    world: World
    table: FusedTable
    fuse: Fuse
    cases: list[Case]
    count: int

    def now(self, index: int) -> Case:
        return self.world.cases.load(self.cases[index].case_id)

    def twice(self, act: Callable[[], object]) -> None:
        """Told again it changes nothing; refused it changed nothing."""
        before = self.table.copy()
        try:
            act()
        except (RuleRefused, InvalidInput):
            assert self.table.items == before, "refused, and changed something"
            return
        after = self.table.copy()
        with suppress(RuleRefused):
            act()
        assert self.table.items == after, "told twice it counted twice"

    @rule(
        index=which,
        reason=st.sampled_from(HoldReason),
        days_ago=st.integers(-3, 20),
        days=st.integers(0, 20) | st.none(),
    )
    def somebody_holds(self, index: int, reason: HoldReason, days_ago: int, days: int | None) -> None:
        today = self.world.clock.now().date()
        self.twice(
            lambda: place_hold(
                self.cases[index].case_id,
                reason,
                by=COLLECTOR,
                from_on=today - timedelta(days=days_ago),
                until=None if days is None else today + timedelta(days=days),
                cases=self.world.cases,
                clock=self.world.clock,
            )
        )

    @rule(index=which, data=st.data())
    def somebody_releases(self, index: int, data: st.DataObject) -> None:
        if holds := self.now(index).active_holds:
            hold = data.draw(st.sampled_from(holds))
            case_id, world = self.cases[index].case_id, self.world
            self.twice(
                lambda: release_hold(
                    case_id, hold.hold_id, by=COLLECTOR, cases=world.cases, clock=world.clock
                )
            )

    @rule(index=which, closure=st.sampled_from(STOPS), chance=st.integers(0, 2))
    def the_case_is_stopped(self, index: int, closure: Closure, chance: int) -> None:
        """One time in three, so that most cases live on."""
        if chance == 0:
            case_id, world = self.cases[index].case_id, self.world
            self.twice(
                lambda: stop_case(case_id, closure, by=COLLECTOR, cases=world.cases, clock=world.clock)
            )

    @rule(
        index=which,
        outcome=st.sampled_from(CallOutcome),
        days=st.integers(0, 25),
        count=st.sampled_from([2, 3, 5]),
        data=st.data(),
    )
    def a_call_is_told(
        self, index: int, outcome: CallOutcome, days: int, count: int, data: st.DataObject
    ) -> None:
        calls = self.world.cases.communications(self.cases[index].case_id)
        tasks = [item for item in calls if item.channel is Channel.CALL]
        if not tasks:
            return
        now, task = self.world.clock.now(), data.draw(st.sampled_from(tasks))
        parts = CallParts(
            now.date() + timedelta(days=days), now + timedelta(days=days), count, DisputeKind.NOT_MINE, ""
        )
        self.twice(
            lambda: record_call(
                task.case_id,
                task.communication_id,
                outcome,
                by=COLLECTOR,
                parts=parts,
                cases=self.world.cases,
                clients=self.world.clients,
                sender=self.world.sender,
                clock=self.world.clock,
            )
        )

    @rule(
        index=which,
        minor=st.integers(1, 30_000),
        days_ago=st.integers(0, 40),
        is_note=st.booleans(),
    )
    def the_client_tells_of_less(self, index: int, minor: int, days_ago: int, is_note: bool) -> None:
        case, world = self.cases[index], self.world
        self.count += 1
        reference = f"told-{self.count}"
        on, amount = world.clock.now().date() - timedelta(days=days_ago), Money(minor, "EUR")

        def act() -> None:
            if is_note:
                credit_note(
                    case.case_id,
                    client_id=case.client_id,
                    invoice_number=case.claims[0].invoice_number,
                    amount=amount,
                    on=on,
                    reference=reference,
                    cases=world.cases,
                    clock=world.clock,
                )
            else:
                direct_payment(
                    case.case_id,
                    client_id=case.client_id,
                    amount=amount,
                    on=on,
                    reference=reference,
                    cases=world.cases,
                    clock=world.clock,
                )

        self.twice(act)

    @rule(index=which, count=st.integers(1, 30), days=st.integers(1, 60))
    def a_collector_proposes_a_plan(self, index: int, count: int, days: int) -> None:
        """Inside the limits it is agreed, outside the client is asked; each time anew."""
        world, before = self.world, self.table.copy()
        try:
            propose_plan(
                self.cases[index].case_id,
                count,
                world.clock.now().date() + timedelta(days=days),
                by=COLLECTOR,
                cases=world.cases,
                clients=world.clients,
                sender=world.sender,
                clock=world.clock,
            )
        except (RuleRefused, InvalidInput):
            assert self.table.items == before

    @rule(index=which, approve=st.booleans())
    def a_question_is_answered(self, index: int, approve: bool) -> None:
        """In time or late, in a case that goes on or stands still."""
        case, world = self.now(index), self.world
        asked = case.open_approval
        if asked is None:
            return
        is_ours = asked.kind.value == "publication"
        self.twice(
            lambda: answer_approval(
                case.case_id,
                asked.approval_id,
                approve=approve,
                by=COLLECTOR if is_ours else case.client_id,
                cases=world.cases,
                clock=world.clock,
                client_id=None if is_ours else case.client_id,
                clients=world.clients,
                sender=world.sender,
            )
        )

    @rule(index=which, assets=st.integers(0, 10_000_000), is_marked=st.booleans())
    def figures_come(self, index: int, assets: int, is_marked: bool) -> None:
        world, case_id = self.world, self.cases[index].case_id
        figures = Financials(
            world.clock.now().date(), "register", assets_minor=assets, has_default_entry=is_marked
        )
        self.twice(
            lambda: record_financials(case_id, figures, by=COLLECTOR, cases=world.cases, clock=world.clock)
        )

    @rule(index=which, number=st.integers(1, 30), is_after=st.booleans())
    def the_driver_is_killed(self, index: int, number: int, is_after: bool) -> None:
        self.fuse.set(number, is_after=is_after)
        with suppress(Killed):
            self.world.drive(self.cases[index].case_id)
        self.fuse.set(None)

    @rule(number=st.integers(1, 30), is_after=st.booleans())
    def the_sender_is_killed(self, number: int, is_after: bool) -> None:
        """What was claimed then stays claimed: delivered again it is not sent again."""
        self.fuse.set(number, is_after=is_after)
        with suppress(Killed):
            self.world.dispatch()
        self.fuse.set(None)

    @precondition(lambda self: self.world.mailer.sent or self.world.sms.sent)
    @rule(data=st.data())
    def a_delivery_comes_again(self, data: st.DataObject) -> None:
        index, before = data.draw(which), self.table.copy()
        for item in self.world.cases.communications(self.cases[index].case_id):
            if item.state is SendingState.PLANNED:
                continue
            try:
                self.world.send(item.case_id, item.communication_id)
            except OutcomeUnknown:
                assert item.state is SendingState.SENDING
        assert self.table.items == before

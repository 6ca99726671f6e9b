"""What we do with money, and what becomes of what is to leave: released, refused, booked, sent back."""

from __future__ import annotations

from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sovinto.domain.order import OrderState, PaymentOrder
from sovinto.usecases.order_status import withdraw_order
from sovinto.usecases.refund_queue import Provider, record_payer, refund_queue, work_refunds
from sovinto.usecases.suspense import post_suspense, return_suspense, split_suspense

from tests.property.money_rules import MoneyRules, mostly
from tests.support import orders as bank
from tests.support.money_world import PAYERS, PROVIDER


class OrderRules(MoneyRules):
    """The bank decides once about each order (`decided`), and tells it as often as it likes."""

    def orders(self, *states: OrderState) -> list[PaymentOrder]:
        found = [order for order in self.m.world.orders.open() if order.state in states]
        return sorted(found, key=lambda order: order.order_id)

    @rule()
    def clients_are_paid(self) -> None:
        self.act(self.m.world.pay_clients, may_refuse=False)

    @rule(has_provider=st.booleans())
    def refunds_are_worked(self, has_provider: bool) -> None:
        world = self.m.world
        provider = Provider(PROVIDER, world.gateway) if has_provider else None
        self.act(
            lambda: work_refunds(
                agency=world.agency,
                cases=world.cases,
                orders=world.orders,
                clock=world.clock,
                provider=provider,
            ),
            may_refuse=False,
        )

    @rule()
    def payers_tell_their_accounts(self) -> None:
        world = self.m.world
        for item in refund_queue(
            agency=world.agency, cases=world.cases, orders=world.orders, clock=world.clock
        ):
            for share in item.asks:
                case_id, payment_id = item.refund.case_id, share.payment_id
                iban = PAYERS[share.amount.currency]
                act = partial(record_payer, case_id, payment_id, name="Tiina", iban=iban)
                self.act(partial(act, by="", cases=world.cases, orders=world.orders))

    @rule(data=st.data(), how=st.sampled_from(["post", "split", "return"]))
    def a_person_settles_suspense(self, data: st.DataObject, how: str) -> None:
        world = self.m.world
        rows = [row for row in world.book.suspense() if row.payment.amount.minor > 0]
        if not rows:
            return
        row = data.draw(st.sampled_from(sorted(rows, key=lambda one: one.payment.payment_id)))
        amount, payment_id = row.payment.amount, row.payment.payment_id
        cases = [case for case in self.m.cases if case.currency == amount.currency]
        means = {"by": "col_1", "book": world.book, "cases": world.cases, "clock": world.clock}
        if how == "post":
            case_id = data.draw(st.sampled_from([case.case_id for case in cases]))
            self.act(lambda: post_suspense(payment_id, case_id, **means))  # type: ignore[arg-type]
        elif how == "split":
            shares = [(c.case_id, s) for c, s in zip(cases, amount.split(len(cases)), strict=True)]
            self.act(lambda: split_suspense(payment_id, shares, **means))  # type: ignore[arg-type]
        else:
            to = {"iban": PAYERS[amount.currency], "payee": "Olavi Outo", "agency": world.agency}
            self.act(lambda: return_suspense(payment_id, **to, **means))  # type: ignore[arg-type]

    @rule()
    def two_people_release(self) -> None:
        world = self.m.world
        names = [order.order_id for order in self.orders(OrderState.PROPOSED)]
        self.act(partial(bank.approve, world, *names))
        approved = [order.order_id for order in self.orders(OrderState.APPROVED)]
        self.act(partial(bank.release, world, *approved))

    @rule(data=st.data())
    def a_person_withdraws(self, data: st.DataObject) -> None:
        if found := self.orders(OrderState.PROPOSED, OrderState.APPROVED):
            world, order = self.m.world, data.draw(st.sampled_from(found))
            self.act(
                partial(
                    withdraw_order,
                    order.order_id,
                    by="col_1",
                    reason="not yet",
                    cases=world.cases,
                    orders=world.orders,
                    clock=world.clock,
                )
            )

    @rule(data=st.data(), is_told=mostly, comes_back=st.booleans())
    def the_bank_books_an_order(self, data: st.DataObject, is_told: bool, comes_back: bool) -> None:
        found = [o for o in self.orders(OrderState.INSTRUCTED, OrderState.ACCEPTED) if self.is_undecided(o)]
        if not found:
            return
        order = data.draw(st.sampled_from(found))
        self.decided.add(order.order_id)
        amount = order.amount
        self.told(self.m.book(-amount.minor, amount.currency, end_to_end=order.order_id), is_told)
        if comes_back:
            name = self.m.book(
                amount.minor,
                amount.currency,
                end_to_end=order.order_id,
                payer=order.payee,
                is_reversal=True,
            )
            self.told(name, is_told)

    @rule(data=st.data(), code=st.sampled_from(["RJCT", "ACSP"]))
    def the_bank_answers(self, data: st.DataObject, code: str) -> None:
        found = [o for o in self.orders(OrderState.INSTRUCTED, OrderState.ACCEPTED) if self.is_undecided(o)]
        if not found:
            return
        order = data.draw(st.sampled_from(found))
        if code == "RJCT":
            self.decided.add(order.order_id)
        report = bank.status_report(order.batch_id, (order.order_id, code, "AC04"))
        for _ in range(2):
            self.act(partial(bank.hear, self.m.world, report), may_refuse=False)

    def is_undecided(self, order: PaymentOrder) -> bool:
        return order.order_id not in self.decided

"""Money that went back and came again: taken back from the right payment, paid on by its own payout."""

from __future__ import annotations

from typing import Any

import pytest
from sovinto.domain.checkout import GatewayEventType as T
from sovinto.domain.payment import Payable
from sovinto.domain.settlement import SettledKind as K
from sovinto.errors import InvalidInput, NotFound
from sovinto.ids import PaymentId
from sovinto.usecases.import_inbox import import_inbox
from sovinto.usecases.paid_again import money_of, note_again, pages_of
from sovinto.usecases.payouts import has_arrived

from tests.support.moves import owed
from tests.support.settled import PROVIDER, begun, hear, line, on_account, payout, said, settle
from tests.support.statements import camt053
from tests.support.statements import line as bank_line
from tests.support.world import AGENCY, World

CHARGE: dict[str, Any] = {"charge_id": "pi_1"}


class Paid:
    """A world with one card payment of 40 euros in its books."""

    def __init__(self, minor: int = 4_000) -> None:
        self.world = World()
        self.balance = 1_000_000
        self.case = self.world.place()
        self.payment_id, self.checkout = begun(self.world, self.case, minor)
        self.tell(T.CHECKOUT_COMPLETED, minor, payment_id=self.payment_id, checkout_id=self.checkout)

    def tell(self, kind: T, minor: int, **given: Any) -> str:
        payment_id = given.pop("payment_id", None)
        return hear(self.world, said(self.world, kind, minor, payment_id, **CHARGE, **given))

    def arrives(self, payout_id: str, minor: int) -> None:
        lines = bank_line(minor, end_to_end=payout_id, bank_id=payout_id)
        data = camt053(lines, change=minor, statement_id=payout_id, opening=self.balance)
        self.balance += minor
        self.world.bank.write(f"inbox/{payout_id}.xml", data, "application/xml")
        done = import_inbox(
            bank=self.world.bank, agency=AGENCY, cases=self.world.cases, clock=self.world.clock
        )
        assert done["transfers"] == 1

    @property
    def psp(self) -> int:
        return on_account(self.world.ledger(20), f"psp:{PROVIDER}")

    @property
    def payables(self) -> dict[PaymentId, Payable]:
        return {p.payment_id: p for p in self.world.clients.payables(self.world.client.client_id)}

    def arrived(self, payment_id: PaymentId) -> bool:
        return has_arrived(self.payables[payment_id], self.world.cases)

    @property
    def again(self) -> PaymentId:
        return money_of(PROVIDER, self.payment_id, self.world.cases)[-1]


def test_a_whole_refund_after_a_part_came_again_is_taken_from_both() -> None:
    """5 of 40 go back and come again: then 35 stand under one payment and 5 under the other."""
    paid = Paid()
    debt = owed(paid.world, paid.case)
    assert paid.tell(T.CHARGE_REFUNDED, 500, cause_id="re_1") == "reversed"
    assert paid.tell(T.REFUND_FAILED, 500, cause_id="re_1") == "recorded"
    assert owed(paid.world, paid.case) == debt
    assert paid.tell(T.DISPUTE_CREATED, 4_000, cause_id="du_1") == "reversed"
    assert paid.tell(T.DISPUTE_CREATED, 4_000, cause_id="du_1") == "repeated"
    assert (paid.psp, owed(paid.world, paid.case)) == (0, debt + 4_000)
    assert paid.payables == {}
    assert paid.tell(T.DISPUTE_WON, 4_000, cause_id="du_1") == "recorded"
    assert (paid.psp, owed(paid.world, paid.case)) == (4_000, debt)


def test_the_newest_payment_that_holds_so_much_is_the_one_that_goes_back() -> None:
    paid = Paid()
    paid.tell(T.CHARGE_REFUNDED, 2_000, cause_id="re_1")
    paid.tell(T.REFUND_FAILED, 2_000, cause_id="re_1")
    paid.tell(T.CHARGE_REFUNDED, 1_500, cause_id="re_2")
    left = {payment_id: p.collected.minor for payment_id, p in paid.payables.items()}
    assert left == {paid.payment_id: 2_000, paid.again: 500}


def test_more_than_there_is_does_not_go_back() -> None:
    paid = Paid()
    paid.tell(T.CHARGE_REFUNDED, 500, cause_id="re_1")
    paid.tell(T.REFUND_FAILED, 500, cause_id="re_1")
    with pytest.raises(InvalidInput, match="at most"):
        paid.tell(T.DISPUTE_CREATED, 4_001, cause_id="du_1")
    assert paid.psp == 4_000


def test_nothing_goes_back_of_a_payment_that_is_not_booked_yet() -> None:
    world = World()
    payment_id, _ = begun(world, world.place(), 4_000)
    with pytest.raises(NotFound, match="not in the books"):
        hear(world, said(world, T.CHARGE_REFUNDED, 500, payment_id, cause_id="re_1"))


def test_a_dispute_that_was_won_waits_for_the_payout_that_brings_it() -> None:
    paid = Paid()
    settle(paid.world, payout(line(K.PAYMENT, 4_000, payment_id=paid.payment_id)))
    paid.arrives("po-1", 4_000)
    assert paid.arrived(paid.payment_id)
    paid.tell(T.DISPUTE_CREATED, 4_000, cause_id="du_1")
    paid.tell(T.DISPUTE_WON, 4_000, cause_id="du_1")
    assert not paid.arrived(paid.again), "its first payout brought the money that was taken back"
    lines = [
        line(K.CHARGEBACK, -4_000, 1_500, **CHARGE, cause_id="du_1"),
        line(K.ADJUSTMENT, 2_000, name="txn_2"),
    ]
    settle(paid.world, payout(*lines, name="po-2"))
    assert not paid.arrived(paid.again)
    settle(paid.world, payout(line(K.CHARGEBACK_RETURNED, 4_000, **CHARGE, cause_id="du_1"), name="po-3"))
    assert not paid.arrived(paid.again)
    paid.arrives("po-3", 4_000)
    assert paid.arrived(paid.again)


def test_a_payout_without_lines_brings_what_was_booked_before_it_was_told() -> None:
    paid = Paid()

    def told(name: str, minor: int) -> str:
        return hear(
            paid.world,
            said(paid.world, T.PAYOUT_PAID, minor, payout_id=name, payment_ids=(paid.payment_id,)),
        )

    assert told("po-1", 4_000) == "noted"
    paid.arrives("po-1", 4_000)
    paid.tell(T.CHARGE_REFUNDED, 4_000, cause_id="re_1")
    paid.tell(T.REFUND_FAILED, 4_000, cause_id="re_1")
    first = paid.again
    assert told("po-1", 4_000) == "repeated"
    assert not paid.arrived(first)
    assert told("po-2", 4_000) == "noted"
    paid.arrives("po-2", 4_000)
    assert paid.arrived(first)
    paid.tell(T.CHARGE_REFUNDED, 4_000, cause_id="re_2")
    paid.tell(T.REFUND_FAILED, 4_000, cause_id="re_2")
    assert [told("po-1", 4_000), told("po-2", 4_000)] == ["repeated", "repeated"]
    assert not paid.arrived(paid.again)


def test_a_second_page_arrives_with_its_payment_and_can_go_back() -> None:
    paid = Paid()
    assert (
        paid.tell(T.CHECKOUT_COMPLETED, 4_000, payment_id=paid.payment_id, checkout_id="t-2") == "recorded"
    )
    assert pages_of(PROVIDER, paid.payment_id, paid.world.cases) == (paid.payment_id, paid.again)
    lines = [line(K.PAYMENT, 4_000, name=name, payment_id=paid.payment_id) for name in ("t1", "t2")]
    settle(paid.world, payout(*lines))
    paid.arrives("po-1", 8_000)
    assert (paid.arrived(paid.payment_id), paid.arrived(paid.again), paid.psp) == (True, True, 0)
    assert paid.tell(T.CHARGE_REFUNDED, 4_000, cause_id="re_1") == "reversed"
    assert paid.tell(T.CHARGE_REFUNDED, 4_000, cause_id="re_2") == "reversed"
    assert paid.psp == -8_000


def test_the_same_money_comes_again_a_bounded_number_of_times() -> None:
    paid = Paid()
    cases = paid.world.cases
    for number in range(50):
        note_again(PROVIDER, paid.payment_id, PaymentId(f"pay_{number}"), cases)
    note_again(PROVIDER, paid.payment_id, PaymentId("pay_49"), cases)
    assert len(money_of(PROVIDER, paid.payment_id, cases)) == 51
    with pytest.raises(InvalidInput, match="50 times"):
        note_again(PROVIDER, paid.payment_id, PaymentId("pay_50"), cases)

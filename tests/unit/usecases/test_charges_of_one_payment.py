"""Two charges of one payment, sums that differ, and refunds that fail or wait: each money moves once."""

from __future__ import annotations

import pytest
from sovinto.domain.checkout import GatewayEventType as T
from sovinto.domain.checkout import Refund, RefundState
from sovinto.domain.money import Money
from sovinto.domain.settlement import SettledKind as K
from sovinto.errors import OutcomeUnknown
from sovinto.ports import Change, Guard
from sovinto.usecases.hear_gateway import hear_gateway
from sovinto.usecases.payouts import PAYOUT_BOOKED, has_arrived
from sovinto.usecases.refund_at_provider import Asked

from tests.support.fake_gateway import FakeGateway
from tests.support.settled import begun, hear, line, on_account, payout, said, settle
from tests.support.world import World
from tests.unit.usecases.test_refund_at_provider import Overpaid

FIRST, SECOND = "pi_1", "pi_2"


class Paid:
    """One page of 40 euros, paid under the charge `pi_1`."""

    def __init__(self) -> None:
        self.world = World()
        self.payment_id, checkout = begun(self.world, self.world.place(principal=20_000), 4_000)
        assert self.tell(checkout, FIRST) == "recorded"

    def tell(self, checkout: str, charge: str) -> str:
        event = said(
            self.world, T.CHECKOUT_COMPLETED, 4_000, self.payment_id, checkout_id=checkout, charge_id=charge
        )
        return hear(self.world, event)

    def settles(self, *charges: str, minor: int = 4_000, name: str = "po-1") -> str:
        lines = [
            line(K.PAYMENT, minor, name=f"t-{charge}", payment_id=self.payment_id, charge_id=charge)
            for charge in charges
        ]
        return settle(self.world, payout(*lines, name=name)).outcome

    @property
    def psp(self) -> int:
        return on_account(self.world.ledger(20), "psp:stripe")

    def arrived_with(self, payout_id: str) -> list[bool]:
        """For each payment, oldest first, once that payout is on the bank account."""
        self.world.cases.commit(Change(guards=(Guard(PAYOUT_BOOKED, payout_id, "stripe"),)))
        payables = self.world.clients.payables(self.world.client.client_id)
        found = {p.payment_id: has_arrived(p, self.world.cases) for p in payables}
        return [found.pop(self.payment_id), *found.values()]


def test_a_second_charge_that_was_never_announced_is_booked_from_the_payout_once() -> None:
    paid = Paid()
    assert paid.settles(FIRST, SECOND) == "settled"
    assert paid.psp == 8_000
    assert paid.tell("cs_2", SECOND) == "repeated", "the announcement comes late"
    assert paid.settles(FIRST, SECOND) == "repeated"
    assert (paid.psp, paid.arrived_with("po-1")) == (8_000, [True, True])


def test_a_second_charge_that_was_announced_is_not_booked_again_by_the_payout() -> None:
    paid = Paid()
    assert [paid.tell("cs_2", SECOND) for _ in range(2)] == ["recorded", "repeated"]
    assert paid.settles(FIRST, SECOND) == "settled"
    assert (paid.psp, paid.arrived_with("po-1")) == (8_000, [True, True])


def test_each_charge_arrives_with_the_payout_that_has_its_line() -> None:
    paid = Paid()
    paid.tell("cs_2", SECOND)
    assert [paid.settles(FIRST), paid.settles(SECOND, name="po-2")] == ["settled", "settled"]
    assert paid.arrived_with("po-1") == [True, False]
    assert paid.arrived_with("po-2") == [True, True]


def test_a_page_that_is_missing_from_a_settled_payout_is_added_when_it_is_told_again() -> None:
    """As a run left it that did not know of the second charge: only the first one has its payout."""
    paid = Paid()
    paid.settles(FIRST)
    paid.tell("cs_2", SECOND)
    assert paid.settles(FIRST, SECOND) == "repeated"
    assert paid.arrived_with("po-1") == [True, True]


def test_a_payment_of_another_sum_than_in_the_books_holds_the_payout_with_the_difference() -> None:
    paid = Paid()
    held = settle(
        paid.world, payout(line(K.PAYMENT, 3_900, payment_id=paid.payment_id, charge_id=FIRST, name="t1"))
    )
    assert held.outcome == "held"
    assert "line t1" in held.reason and "-1.00 is not explained" in held.reason
    assert paid.settles(FIRST) == "settled"


def from_the_dashboard(over: Overpaid, minor: int) -> str:
    return told(over, T.CHARGE_REFUNDED, minor, "re_dash")


def told(over: Overpaid, kind: T, minor: int, cause: str) -> str:
    event = said(over.world, kind, minor, over.whole, cause_id=cause)
    return hear_gateway("sandbox", event, cases=over.world.cases, clock=over.world.clock)


@pytest.mark.parametrize("is_answered", [True, False])
def test_no_second_refund_is_ordered_while_one_is_on_its_way(is_answered: bool) -> None:
    over = Overpaid()
    if not is_answered:
        over.world.gateway.failures.append(OutcomeUnknown("no answer"))
    first = over.ask()
    made = len(over.world.gateway._refunds)
    assert from_the_dashboard(over, 100) == "reversed"
    assert [over.ask(), over.asked, len(over.world.gateway._refunds)] == [first, first, made]
    if is_answered:
        (refund,) = over.world.gateway._refunds.values()
        told(over, T.CHARGE_REFUNDED, 4_000, refund.refund_id)
    else:
        told(over, T.CHARGE_REFUNDED, 4_000, "re_found_later")
    assert over.asked is None


class _Fails(FakeGateway):
    """Takes the order, and says at once that it failed."""

    def order_refund(self, checkout_id: str, amount: Money, *, idempotency_key: str) -> Refund:
        return Refund("re_1", RefundState.FAILED, amount)


def test_a_refund_that_failed_at_once_moves_nothing_when_it_is_told() -> None:
    """The bank gives that money back: were the failed refund booked, its return would be owed again."""
    over = Overpaid()
    before = over.world.gateway
    over.world.gateway = _Fails()
    assert over.ask() is Asked.REFUSED
    over.world.gateway = before
    heard = [told(over, kind, 4_000, "re_1") for kind in (T.CHARGE_REFUNDED, T.REFUND_FAILED)]
    assert (heard, over.waits, over.asked) == (["ignored", "ignored"], 4_000, Asked.REFUSED)
    assert from_the_dashboard(over, 4_000) == "reversed", "another refund is booked as ever"
    assert over.waits == 0

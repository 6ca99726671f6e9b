"""A refund by the provider: asked once, booked when it is announced, never asked again on a guess."""

from __future__ import annotations

import pytest
from sovinto.domain.checkout import GatewayEventType, Refund, RefundState
from sovinto.domain.money import Money
from sovinto.domain.refund import waiting
from sovinto.errors import InvalidInput, NotFound, OutcomeUnknown, UpstreamRefused, UpstreamUnavailable
from sovinto.ids import PaymentId
from sovinto.ports import Change, Guard
from sovinto.usecases.refund_at_provider import ASKED, Asked, asked_of, refund_at_provider

from tests.support.fake_gateway import FakeGateway
from tests.support.moves import begin_card, hear, owed, pay
from tests.support.settled import hear as hear_as_provider
from tests.support.settled import said
from tests.support.world import World

BUSY = UpstreamUnavailable("the payment provider is busy; try again")


class Overpaid:
    """40 by card, then all that was owed by bank: 40 too much."""

    def __init__(self) -> None:
        self.world = World()
        self.world.gateway.now = int(self.world.clock.now().timestamp())
        self.case = self.world.place()
        debt = owed(self.world, self.case)
        self.checkout = begin_card(self.world, self.case, 4_000)
        self.payment_id = PaymentId(self.world.gateway.find_checkout(self.checkout).reference)
        second = begin_card(self.world, self.case, debt)
        self.whole = PaymentId(self.world.gateway.find_checkout(second).reference)
        hear(self.world, self.world.gateway.pay(self.checkout))
        hear(self.world, self.world.gateway.pay(second))

    @property
    def waits(self) -> int:
        file = self.world.cases.file(self.case.case_id)
        return waiting(file.case, file.entries).minor

    def ask(self, payment_id: PaymentId | None = None, provider: str = "sandbox") -> Asked:
        return refund_at_provider(
            self.case.case_id,
            payment_id or self.whole,
            provider=provider,
            gateway=self.world.gateway,
            cases=self.world.cases,
        )

    @property
    def asked(self) -> Asked | None:
        return asked_of(self.case.case_id, self.whole, cases=self.world.cases)


def test_the_provider_gives_it_back_and_tells() -> None:
    over = Overpaid()
    assert (over.waits, over.asked) == (4_000, None)
    told = len(over.world.gateway.told)
    assert [over.ask(), over.ask(), over.asked] == [Asked.ORDERED] * 3
    assert over.waits == 4_000, "nothing is booked before the provider tells"
    (announced,) = over.world.gateway.told[told:]
    assert [hear(over.world, announced), hear(over.world, announced)] == ["reversed", "repeated"]
    assert over.waits == 0
    assert over.asked is None
    with pytest.raises(InvalidInput, match="owed back"):
        over.ask()


def test_more_that_is_owed_later_is_another_refund() -> None:
    over = Overpaid()
    over.ask()
    hear(over.world, over.world.gateway.told[-1])
    pay(over.world, over.case, 700)
    with pytest.raises(NotFound, match="provider's page"):
        over.ask(PaymentId("pay_1"))
    assert over.asked is None


def test_what_never_arrived_is_asked_again() -> None:
    over = Overpaid()
    over.world.gateway.failures += [BUSY, BUSY]
    for _ in range(2):
        with pytest.raises(UpstreamUnavailable):
            over.ask()
        assert over.asked is None
    assert over.ask() is Asked.ORDERED


def test_what_may_be_on_its_way_is_never_asked_again() -> None:
    over = Overpaid()
    told = len(over.world.gateway.told)
    over.world.gateway.failures.append(OutcomeUnknown("no answer"))
    assert [over.ask(), over.ask(), over.asked] == [Asked.UNKNOWN] * 3
    assert len(over.world.gateway.told) == told


def test_a_run_that_died_over_it_does_not_ask_again() -> None:
    over = Overpaid()
    name = f"{over.case.case_id}/{over.whole}/0/1"
    over.world.cases.commit(Change(guards=(Guard(ASKED, name, "4000"),)))
    assert [over.asked, over.ask()] == [Asked.UNKNOWN, Asked.UNKNOWN]


def test_what_is_refused_goes_back_by_the_bank() -> None:
    over = Overpaid()
    over.world.gateway.failures.append(UpstreamRefused("too old"))
    assert [over.ask(), over.ask(), over.asked] == [Asked.REFUSED] * 3


class _Fails(FakeGateway):
    """Takes the order, and says at once that it failed."""

    def order_refund(self, checkout_id: str, amount: Money, *, idempotency_key: str) -> Refund:
        return Refund(idempotency_key, RefundState.FAILED, amount)


def test_a_refund_that_fails_at_once_is_refused() -> None:
    over = Overpaid()
    over.world.gateway = _Fails()
    assert [over.ask(), over.asked] == [Asked.REFUSED] * 2


def test_an_order_that_is_refused_later_goes_back_by_the_bank() -> None:
    over = Overpaid()
    assert over.ask() is Asked.ORDERED
    (made,) = over.world.gateway._refunds.values()
    for refund_id, outcome, state in (
        ("re_of_somebody", "ignored", Asked.ORDERED),
        ("", "ignored", Asked.ORDERED),
        (made.refund_id, "noted", Asked.REFUSED),
        (made.refund_id, "noted", Asked.REFUSED),
    ):
        told = said(over.world, GatewayEventType.REFUND_REFUSED, 4_000, over.whole, cause_id=refund_id)
        assert (hear_as_provider(over.world, told), over.asked) == (outcome, state)
    assert (over.ask(), over.waits) == (Asked.REFUSED, 4_000)


def test_only_what_came_by_this_provider_and_is_owed_back() -> None:
    over = Overpaid()
    with pytest.raises(InvalidInput, match="did not come by stripe"):
        over.ask(provider="stripe")
    with pytest.raises(InvalidInput, match="owed back"):
        over.ask(over.payment_id)
    with pytest.raises(NotFound):
        over.ask(PaymentId("pay_x"))

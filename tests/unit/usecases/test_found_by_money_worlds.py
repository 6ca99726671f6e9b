"""What the money worlds (tests/property/test_money_worlds.py) found, each made small and named."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from sovinto.domain.settlement import SettledKind as K
from sovinto.errors import InvalidInput
from sovinto.ids import PaymentId
from sovinto.usecases.refund_queue import record_payer, refund_queue, work_refunds

from tests.support.book_world import deliver, prove
from tests.support.money_world import PAYER_IBAN, PAYERS, SEK, MoneyWorld
from tests.support.moves import owed, pay, take_back
from tests.support.settled import begun, line, on_account, payout, settle
from tests.support.stored import all_events
from tests.support.world import World


@pytest.mark.parametrize("second", ["re_2", "re_0"])
@pytest.mark.parametrize("seed", range(6))
def test_a_payout_with_a_refund_that_failed_and_was_made_anew(seed: int, second: str) -> None:
    """In whatever order the provider lists and names them, also with a lost dispute on top."""
    world = World()
    payment_id, _ = begun(world, world.place(), 4_000)
    lines = [
        line(K.PAYMENT, 4_000, payment_id=payment_id),
        line(K.REFUND, -3_000, payment_id=payment_id, cause_id="re_1"),
        line(K.REFUND_RETURNED, 3_000, payment_id=payment_id, cause_id="re_1"),
        line(K.REFUND, -3_500, payment_id=payment_id, cause_id=second),
        line(K.CHARGEBACK, -500, payment_id=payment_id, cause_id="dp_1"),
    ]
    if seed:
        random.Random(seed).shuffle(lines)
    settled = settle(world, payout(*lines, amount=0))
    assert settled.outcome == "settled", settled.reason
    assert on_account(world.ledger(20), "psp:stripe") == 0
    assert prove(world).holds


def test_what_came_back_of_an_earlier_payout_may_go_back_in_this_one() -> None:
    world = World()
    payment_id, _ = begun(world, world.place(), 4_000)
    first = (
        line(K.PAYMENT, 4_000, payment_id=payment_id),
        line(K.REFUND, -3_000, payment_id=payment_id, cause_id="re_1"),
    )
    assert settle(world, payout(*first)).outcome == "settled"
    then = (
        line(K.REFUND, -2_500, payment_id=payment_id, cause_id="re_2"),
        line(K.REFUND_RETURNED, 3_000, payment_id=payment_id, cause_id="re_1"),
    )
    settled = settle(world, payout(*then, name="po-2"))
    assert settled.outcome == "settled", settled.reason
    assert prove(world).holds


def test_a_payment_that_goes_both_ways_twice_and_then_back() -> None:
    world = World()
    payment_id, _ = begun(world, world.place(), 4_000)
    lines = (
        line(K.PAYMENT, 4_000, payment_id=payment_id),
        line(K.REFUND, -4_000, payment_id=payment_id, cause_id="re_1"),
        line(K.REFUND_RETURNED, 4_000, payment_id=payment_id, cause_id="re_1"),
        line(K.CHARGEBACK, -4_000, payment_id=payment_id, cause_id="dp_1"),
        line(K.CHARGEBACK_RETURNED, 4_000, payment_id=payment_id, cause_id="dp_1"),
        line(K.REFUND, -4_000, payment_id=payment_id, cause_id="re_2"),
    )
    settled = settle(world, payout(*lines, amount=0))
    assert settled.outcome == "settled", settled.reason
    assert prove(world).holds


def test_a_line_that_nothing_explains_holds_the_payout_and_no_other_line() -> None:
    world = World()
    payment_id, _ = begun(world, world.place(), 4_000)
    unknown = line(K.PAYMENT, 900, payment_id=PaymentId("pay_x"))
    for _ in range(2):
        done = settle(world, payout(unknown, line(K.PAYMENT, 4_000, payment_id=payment_id)))
        assert done.outcome == "held" and "pay_x" in done.reason
        assert on_account(world.ledger(20), "psp:stripe") == 4_000


@pytest.mark.parametrize("is_announced_first", [True, False])
def test_a_payout_clears_the_provider_once_however_often_the_bank_books_its_name(
    is_announced_first: bool,
) -> None:
    """A second line of the same name and sum is other money: it waits for a person."""
    world = World()
    payment_id, _ = begun(world, world.place(), 4_000)
    found = payout(line(K.PAYMENT, 4_000, payment_id=payment_id))
    steps: list[Callable[[], object]] = [
        lambda: settle(world, found),
        lambda: deliver(world, "first", (4_000, ""), end_to_end="po-1"),
    ]
    for step in steps if is_announced_first else steps[::-1]:
        step()
    deliver(world, "second", (4_000, ""), end_to_end="po-1")
    settle(world, found)
    entries = world.ledger(20)
    assert [on_account(entries, name) for name in ("psp:stripe", "suspense")] == [0, -4_000]
    assert prove(world).holds


def test_two_lines_of_one_payout_that_both_waited_clear_it_once() -> None:
    world = World()
    payment_id, _ = begun(world, world.place(), 4_000)
    for name in ("first", "second"):
        deliver(world, name, (4_000, ""), end_to_end="po-1")
    for _ in range(2):
        settle(world, payout(line(K.PAYMENT, 4_000, payment_id=payment_id)))
    entries = world.ledger(20)
    assert [on_account(entries, name) for name in ("psp:stripe", "suspense")] == [0, -4_000]
    assert len(world.book.suspense()) == 1
    assert prove(world).holds


def test_a_surplus_that_pays_after_a_reversal_is_told_as_money_once() -> None:
    world = World()
    case = world.place()
    world.live(case.case_id, 5)
    minor = owed(world, case)
    pay(world, case, minor)
    pay(world, case, minor + 900, name="pay_2")
    world.clock.advance(days=3)
    take_back(world, case, "pay_1")
    told = [dict(e.data) for e in all_events(world.table) if e.type == "payment.allocated"]  # type: ignore[arg-type]
    sums = {one.pop("payment_id"): sum(map(int, one.values())) for one in told}
    assert sums == {"pay_1": minor, "pay_2": minor + 900, "pay_2-1": 0}
    (used,) = (one for one in told if int(one["over_minor"]) < 0)
    assert used["over_minor"] == str(-minor)
    for number, part in enumerate((900, 1_000, minor - 1_000)):
        take_back(world, case, "pay_2", part, name=f"b{number}")
    events = all_events(world.table)  # type: ignore[arg-type]
    overs = [
        sum(int(dict(event.data)["over_minor"]) for event in events if event.type == kind)
        for kind in ("payment.allocated", "payment.reversed")
    ]
    assert overs == [900, 900]


def test_a_payer_whose_account_the_bank_cannot_send_to_is_asked_for_another() -> None:
    """Kronor that came from a German account: the refund waits for one in Sweden, and no run fails."""
    m = MoneyWorld()
    world, case = m.world, m.cases[2]
    world.drive(case.case_id)
    minor = owed(world, case) + 5_000
    reference = (case.payment_reference,)
    m.deliver(m.book(minor, SEK, references=reference, payer=case.debtor.name, iban=PAYER_IBAN))
    means = {"agency": world.agency, "cases": world.cases, "orders": world.orders, "clock": world.clock}
    for _ in range(2):
        done = work_refunds(**means)  # type: ignore[arg-type]
        assert (done["refunds_asked"], done["refunds_ordered"]) == (1, 0)
    (item,) = refund_queue(**means)  # type: ignore[arg-type]
    (share,) = item.asks
    told = {"name": case.debtor.name, "by": "col_1", "cases": world.cases, "orders": world.orders}
    with pytest.raises(InvalidInput, match="account in SE; SEK is sent to no other country"):
        record_payer(case.case_id, share.payment_id, iban=PAYER_IBAN, **told)  # type: ignore[arg-type]
    record_payer(case.case_id, share.payment_id, iban=PAYERS[SEK], **told)  # type: ignore[arg-type]
    assert work_refunds(**means)["refunds_ordered"] == 1  # type: ignore[arg-type]
    (order,) = world.orders.open()
    assert (order.iban, order.amount.minor) == (PAYERS[SEK], 5_000)
    assert prove(world).holds

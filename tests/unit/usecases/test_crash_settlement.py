"""A settlement killed at every call in turn and told again: the same books, the same bank line let in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sovinto.domain.checkout import GatewayEventType as T
from sovinto.domain.settlement import SettledKind as K
from sovinto.usecases.import_inbox import import_inbox
from sovinto.usecases.payouts import has_arrived

from tests.support.books import check_books
from tests.support.crash import Fused, Items, Killed, back_to, fused_world, moment_of
from tests.support.settled import PROVIDER, begun, hear, line, on_account, payout, said, settle
from tests.support.statements import camt053
from tests.support.statements import line as bank_line
from tests.support.world import AGENCY

Act = Callable[[], object]


def storm(fused: Fused, act: Act) -> int:
    """Every kill of one act, then the act itself until it is done; the number of kills."""
    start, kills = moment_of(fused), 0
    fused.fuse.set(None)
    act()
    calls, calm = list(fused.fuse.calls), moment_of(fused).items
    for number, call in enumerate(calls, start=1):
        for is_after in (False, True) if call == "transact" else (False,):
            back_to(fused, start)
            fused.fuse.set(number, is_after=is_after)
            with pytest.raises(Killed):
                act()
            fused.fuse.set(None)
            act()
            check_same(calm, fused.table.copy(), f"killed at call {number} ({call})")
            act()
            check_same(calm, fused.table.copy(), f"told a third time after call {number} ({call})")
            kills += 1
    back_to(fused, start)
    act()
    return kills


def check_same(calm: Items, stormy: Items, where: str) -> None:
    assert stormy.keys() == calm.keys(), where
    assert {key for key in calm if calm[key] != stormy[key]} == set(), where


def test_a_settlement_with_everything_that_was_never_announced() -> None:
    """Payments, a refund that came back, a lost dispute, fees and a reserve: all of it from the payout."""
    fused = fused_world()
    world = fused.world
    first, _ = begun(world, world.place(), 4_000)
    second, _ = begun(world, world.place(reference="A-2"), 2_500)
    found = payout(
        line(K.PAYMENT, 4_000, 85, payment_id=first, charge_id="pi_1"),
        line(K.PAYMENT, 2_500, 60, payment_id=second, charge_id="pi_2"),
        line(K.REFUND, -500, payment_id=first, cause_id="re_1"),
        line(K.REFUND_RETURNED, 500, payment_id=first, cause_id="re_1"),
        line(K.CHARGEBACK, -2_500, 1_500, payment_id=second, cause_id="du_1"),
        line(K.RESERVE, -100, name="txn_hold"),
        line(K.CARRIED, 900, name="txn_old", cause_id="po-0"),
    )
    assert storm(fused, lambda: settle(world, found)) > 60
    net = found.net.minor
    assert on_account(world.ledger(20), f"psp:{PROVIDER}") == net - 900
    check_books(world.ledger(20))


def test_a_settlement_whose_bank_line_came_first() -> None:
    fused = fused_world()
    world = fused.world
    payment_id, checkout = begun(world, world.place(), 4_000)
    hear(world, said(world, T.CHECKOUT_COMPLETED, 4_000, payment_id, checkout_id=checkout))
    data = camt053(bank_line(3_915, end_to_end="po-1"), change=3_915, statement_id="S")
    world.bank.write("inbox/po-1.xml", data, "application/xml")
    import_inbox(bank=world.bank, agency=AGENCY, cases=world.cases, clock=world.clock)
    storm(fused, lambda: settle(world, payout(line(K.PAYMENT, 4_000, 85, payment_id=payment_id))))
    ledger = world.ledger(20)
    assert (on_account(ledger, f"psp:{PROVIDER}"), on_account(ledger, "suspense")) == (0, 0)
    assert all(has_arrived(p, world.cases) for p in world.clients.payables(world.client.client_id))


def test_a_payout_that_is_held_and_then_mended() -> None:
    fused = fused_world()
    world = fused.world
    payment_id, _ = begun(world, world.place(), 4_000)
    brought = line(K.PAYMENT, 4_000, 85, payment_id=payment_id)
    stranger = line(K.PAYMENT, 10, name="txn_x", charge_id="pi_x")
    storm(fused, lambda: settle(world, payout(brought, stranger)))
    storm(fused, lambda: settle(world, payout(brought)))
    assert on_account(world.ledger(20), f"psp:{PROVIDER}") == 3_915


def test_money_of_two_payments_goes_back_whenever_the_process_dies() -> None:
    fused = fused_world()
    world = fused.world
    payment_id, checkout = begun(world, world.place(), 4_000)
    hear(world, said(world, T.CHECKOUT_COMPLETED, 4_000, payment_id, checkout_id=checkout))
    refund = said(world, T.CHARGE_REFUNDED, 500, payment_id, cause_id="re_1")
    failed = said(world, T.REFUND_FAILED, 500, payment_id, cause_id="re_1")
    disputed = said(world, T.DISPUTE_CREATED, 4_000, payment_id, cause_id="du_1")
    won = said(world, T.DISPUTE_WON, 4_000, payment_id, cause_id="du_1")
    for event in (refund, failed, disputed, won):
        storm(fused, lambda event=event: hear(world, event))  # type: ignore[misc]
    assert on_account(world.ledger(20), f"psp:{PROVIDER}") == 4_000
    check_books(world.ledger(20))

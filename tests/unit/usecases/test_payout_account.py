"""A client's account is changed by a fresh sign-in, told to the old contact, and used only days later."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sovinto.domain.order import OrderState
from sovinto.domain.payout_account import ChangeState, PayoutChange, Proof
from sovinto.errors import InvalidInput, NotAllowed, RuleRefused, StaleVersion
from sovinto.rendering.press import SovintoPress
from sovinto.usecases.change_payout_account import (
    apply_payout_change,
    change_payout_account,
    stop_payout_change,
    tell_old_contact,
)
from sovinto.usecases.order_as_made import to_old_account
from sovinto.usecases.order_status import withdraw_order

from tests.support.moves import pay
from tests.support.orders import approve, check_payables, release, strict_world
from tests.support.people import CLIENT
from tests.support.world import World

NEW = "FI2112345600000785"


def ask(world: World, iban: str = NEW, *, minutes: int = 1, checked: bool = True) -> PayoutChange:
    proof = Proof(timedelta(minutes=minutes), checked)
    return change_payout_account(
        world.clients.load(CLIENT.client_id),
        iban,
        "",
        by="user_1",
        proof=proof,
        agency=world.agency,
        cases=world.cases,
        clients=world.clients,
        clock=world.clock,
    )


def tell(world: World) -> int:
    return tell_old_contact(
        CLIENT.client_id,
        agency=world.agency,
        press=world.press,
        mailer=world.mailer,
        cases=world.cases,
        clients=world.clients,
        clock=world.clock,
        stop_url=lambda change: f"https://pay.sovinto.example/client/stop/{change.change_id}",
    )


def iban_paid_to(world: World, name: str) -> str:
    pay(world, world.place(reference=name), 4_000, name=name)
    world.pay_clients()
    return next(o.iban for o in world.orders.open() if (o.covers[0][1]) == name)


@pytest.mark.parametrize(("minutes", "checked"), [(6, True), (1, False), (-1, True)])
def test_an_old_sign_in_or_none_changes_nothing(minutes: int, checked: bool) -> None:
    world = strict_world()
    with pytest.raises(NotAllowed, match="new sign-in"):
        ask(world, minutes=minutes, checked=checked)
    assert world.clients.payout_changes(CLIENT.client_id) == ()


def test_money_goes_to_the_old_account_until_three_banking_days_are_over() -> None:
    world = strict_world()
    world.clock.advance(days=3)  # a Thursday
    change = ask(world)
    assert change.effective_on == date(2026, 1, 13), "Friday, Monday, Tuesday"
    assert tell(world) == 1
    assert tell(world) == 0
    assert iban_paid_to(world, "pay_a") == CLIENT.iban
    world.clock.advance(days=4)
    assert iban_paid_to(world, "pay_b") == CLIENT.iban
    world.clock.advance(days=1)
    assert iban_paid_to(world, "pay_c") == NEW
    assert world.clients.load(CLIENT.client_id).iban == NEW
    (done,) = world.clients.payout_changes(CLIENT.client_id)
    assert done.state is ChangeState.EFFECTIVE


def changed_after_an_order() -> tuple[World, str]:
    """An order to the old account waits for people while the new one becomes good; its id."""
    world = strict_world()
    pay(world, world.place(), 4_000)
    world.pay_clients()
    (order,) = world.orders.open()
    ask(world)
    tell(world)
    world.clock.advance(days=20)
    world.pay_clients()
    assert world.clients.load(CLIENT.client_id).iban == NEW
    return world, order.order_id


@pytest.mark.parametrize("is_told", [True, False])
def test_the_new_account_is_good_from_the_beginning_of_its_day_on(is_told: bool) -> None:
    world = strict_world()
    pay(world, world.place(), 4_000)
    world.pay_clients()
    (order,) = world.orders.open()
    change = ask(world)
    if is_told:
        tell(world)
    approve(world, order.order_id)
    while world.clock.now().date() < change.effective_on:
        assert to_old_account([order], clients=world.clients, clock=world.clock) == ()
        world.clock.advance(days=1)
    # No run of that day yet.
    assert world.clients.load(CLIENT.client_id).iban == CLIENT.iban
    if not is_told:
        assert release(world, order.order_id)
        return
    with pytest.raises(RuleRefused, match="has no more; withdraw it"):
        release(world, order.order_id)


def test_an_order_to_the_old_account_is_not_released_once_the_new_one_is_good() -> None:
    world, order_id = changed_after_an_order()
    approve(world, order_id)
    with pytest.raises(RuleRefused, match="has no more; withdraw it"):
        release(world, order_id)
    by = {"by": "col_1", "reason": "old account"}
    withdraw_order(order_id, **by, cases=world.cases, orders=world.orders, clock=world.clock)
    world.pay_clients()
    (again,) = world.orders.open()
    assert (again.iban, again.amount.minor) == (NEW, 4_000)
    approve(world, again.order_id)
    release(world, again.order_id)
    check_payables(world)


def test_the_limit_frees_no_order_to_the_old_account() -> None:
    world, order_id = changed_after_an_order()
    world.agency = replace(world.agency, release_limit_minor=1_000_000)
    world.pay_clients()
    assert world.orders.load(order_id).state is OrderState.PROPOSED


def test_the_old_contact_is_told_without_the_number() -> None:
    world = strict_world()
    world.press = SovintoPress()
    ask(world)
    world.clients.save(replace(world.clients.load(CLIENT.client_id), email="thief@posti.example"))
    tell(world)
    (mail,) = world.mailer.sent
    assert mail.to == CLIENT.email
    assert NEW not in mail.text
    assert "FI..0785" in mail.text and world.agency.contact.phone in mail.text


def test_an_account_that_nobody_was_told_of_is_never_used() -> None:
    world = strict_world()
    ask(world)
    world.clock.advance(days=30)
    assert iban_paid_to(world, "pay_a") == CLIENT.iban


def test_a_stopped_change_is_never_used() -> None:
    world = strict_world()
    change = ask(world)
    tell(world)
    for _ in range(2):
        stopped = stop_payout_change(
            CLIENT.client_id,
            change.change_id,
            by="client",
            cases=world.cases,
            clients=world.clients,
            clock=world.clock,
        )
        assert stopped.state is ChangeState.STOPPED
    world.clock.advance(days=30)
    assert iban_paid_to(world, "pay_a") == CLIENT.iban


def test_what_is_good_already_is_not_stopped() -> None:
    world = strict_world()
    change = ask(world)
    tell(world)
    world.clock.advance(days=5)
    world.pay_clients()
    with pytest.raises(InvalidInput, match="good already"):
        stop_payout_change(
            CLIENT.client_id,
            change.change_id,
            by="client",
            cases=world.cases,
            clients=world.clients,
            clock=world.clock,
        )


def test_a_newer_wish_stops_the_one_that_waits_and_the_same_twice_is_one() -> None:
    world = strict_world()
    first = ask(world)
    assert ask(world) == first
    world.clock.advance(minutes=10)
    ask(world, "DE89370400440532013000")
    states = [c.state for c in world.clients.payout_changes(CLIENT.client_id)]
    assert states == [ChangeState.STOPPED, ChangeState.COOLING]


def test_the_account_of_today_and_a_wrong_number_are_refused() -> None:
    world = strict_world()
    for iban, said in ((CLIENT.iban, "already"), ("FI0012345600000785", "check digits")):
        with pytest.raises(InvalidInput, match=said):
            ask(world, iban)


def test_no_event_carries_the_number() -> None:
    world = strict_world()
    ask(world)
    rows = [str(item["body"]) for item in world.table.query(f"CLIENT#{CLIENT.client_id}", "OUTBOX#")]
    assert len(rows) == 1
    assert "payout_account.asked" in rows[0] and NEW not in rows[0]


def test_a_client_that_changes_meanwhile_is_not_overwritten() -> None:
    world = strict_world()
    ask(world)
    tell(world)
    world.clock.advance(days=5)
    seen = world.clients.load(CLIENT.client_id)
    world.clients.save(replace(seen, phone="+358 9 2"))
    with pytest.raises(StaleVersion):
        apply_payout_change(seen, cases=world.cases, clients=world.clients, clock=world.clock)
    assert world.clients.load(CLIENT.client_id).phone == "+358 9 2"


def test_a_late_notice_moves_the_day_and_names_the_new_one() -> None:
    world = strict_world()
    world.clock.advance(days=3)  # a Thursday
    ask(world)
    world.clock.advance(days=21)  # a Thursday
    tell(world)
    (change,) = world.clients.payout_changes(CLIENT.client_id)
    assert change.is_told and change.effective_on == date(2026, 2, 3), "Friday, Monday, Tuesday"
    assert "effective_on=2026-02-03" in world.mailer.sent[0].text
    assert iban_paid_to(world, "pay_a") == CLIENT.iban
    world.clock.advance(days=5)
    assert iban_paid_to(world, "pay_b") == NEW

"""Whatever is paid, remitted, refused and sent back: the payable account is the open payables."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from sovinto.domain.order import OrderState

from tests.support import orders as bank
from tests.support.moves import pay, take_back
from tests.support.orders import check_payables, status_report, strict_world
from tests.support.power import examples

ACTS = st.lists(
    st.sampled_from(["pay", "back", "run", "send", "release", "refuse", "debit", "return"]),
    min_size=12,
    max_size=25,
)


@settings(max_examples=examples(25), deadline=None)
@given(ACTS, st.integers(1, 4_000))
def test_the_payable_account_is_the_open_payables(acts: list[str], minor: int) -> None:
    world = strict_world()
    case = world.place(principal=1_000_000)
    paid: list[str] = []
    for number, act in enumerate(acts):
        world.clock.advance(minutes=1)
        found = list(world.orders.open())
        in_state = {state: [o for o in found if o.state is state] for state in OrderState}
        if act == "pay":
            paid.append(f"pay_{number}")
            pay(world, case, minor + number, name=paid[-1])
        elif act == "back" and paid:
            take_back(world, case, paid.pop(), name=f"back_{number}")
        elif act == "run":
            world.pay_clients()
        elif act in ("send", "release"):
            for order in in_state[OrderState.PROPOSED]:
                bank.approve(world, order.order_id)
                bank.release(world, order.order_id)
            if act == "send":
                world.pay_clients()
        elif act == "refuse" and in_state[OrderState.INSTRUCTED]:
            order = in_state[OrderState.INSTRUCTED][0]
            bank.hear(world, status_report(order.batch_id, (order.order_id, "RJCT", "AC04")))
        elif act in ("debit", "return") and in_state[OrderState.INSTRUCTED]:
            order = in_state[OrderState.INSTRUCTED][0]
            bank.debit(world, order, f"D{number}")
            assert act == "debit" or bank.come_back(world, order, name=f"R{number}")
        check_payables(world)

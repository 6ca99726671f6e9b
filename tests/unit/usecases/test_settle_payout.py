"""Payouts explained to zero: what the provider took, kept and gave back is the money on the bank line."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sovinto.domain.checkout import GatewayEventType
from sovinto.domain.money import Money
from sovinto.domain.settlement import SettledKind, SettledLine, Settlement, explained, why_held
from sovinto.errors import InvalidInput, NotFound
from sovinto.ids import PaymentId
from sovinto.usecases.import_inbox import import_inbox
from sovinto.usecases.payouts import PAYOUT, expected, has_arrived
from sovinto.usecases.settle_payout import PAYOUT_HELD, PAYOUT_SETTLED

from tests.support.moves import owed
from tests.support.power import examples
from tests.support.settled import begun, eur, hear, line, on_account, payout, said, settle
from tests.support.statements import camt053
from tests.support.statements import line as bank_line
from tests.support.world import AGENCY, World

PSP = "psp:stripe"
T = GatewayEventType
K = SettledKind


def balance(world: World, account: str) -> int:
    return on_account(world.ledger(20), account)


def paid(world: World, minor: int = 4_000, *, charge: str = "pi_1", reference: str = "A-1") -> PaymentId:
    payment_id, checkout = begun(world, world.place(reference=reference), minor)
    event = said(world, T.CHECKOUT_COMPLETED, minor, payment_id, checkout_id=checkout, charge_id=charge)
    assert hear(world, event) == "recorded"
    return payment_id


def arrives(world: World, payout_id: str, minor: int) -> dict[str, int]:
    data = camt053(
        bank_line(minor, end_to_end=payout_id, bank_id=payout_id), change=minor, statement_id=payout_id
    )
    world.bank.write(f"inbox/{payout_id}.xml", data, "application/xml")
    return import_inbox(bank=world.bank, agency=AGENCY, cases=world.cases, clock=world.clock)


def test_a_payout_with_fees_comes_to_zero() -> None:
    world = World()
    first = paid(world)
    second = paid(world, 2_500, charge="pi_2", reference="A-2")
    done = settle(
        world,
        payout(line(K.PAYMENT, 4_000, 85, payment_id=first), line(K.PAYMENT, 2_500, 60, charge_id="pi_2")),
    )
    assert done.outcome == "settled" and done.sums is not None
    assert (done.sums.gross, done.sums.fees, done.sums.net) == (6_500, 145, 6_355)
    assert balance(world, PSP) == 6_355
    assert arrives(world, "po-1", 6_355)["transfers"] == 1
    assert (balance(world, PSP), balance(world, "expense:psp_fees")) == (0, 145)
    assert all(has_arrived(p, world.cases) for p in world.clients.payables(world.client.client_id))
    assert {first, second} == {p.payment_id for p in world.clients.payables(world.client.client_id)}
    assert settle(world, payout(line(K.PAYMENT, 4_000, 85, payment_id=first))).outcome == "repeated"


def held(world: World) -> list[str]:
    """What is told of payouts that are held: one event for each reason that is kept."""
    kept = list(world.table.query(PAYOUT_HELD))
    told = [e for e in world.table.query("PAYOUT#po-1") if "payout.held" in str(e["body"])]
    assert len(kept) == len(told)
    return [str(row["sk"]) for row in kept]


def test_each_reason_to_hold_a_payout_is_told_once() -> None:
    world = World()
    payment_id = paid(world)
    brought = line(K.PAYMENT, 4_000, 85, payment_id=payment_id)
    unknown = line(K.PAYMENT, 100, name="txn_x", charge_id="pi_x")
    for found in (payout(brought, amount=1), payout(brought, amount=1), payout(brought, unknown)):
        assert settle(world, found).outcome == "held"
    assert len(held(world)) == 2
    assert settle(world, payout(brought)).outcome == "settled"


def test_a_payout_that_does_not_add_up_is_held_and_its_bank_line_waits() -> None:
    world = World()
    payment_id = paid(world)
    found = payout(line(K.PAYMENT, 4_000, 85, payment_id=payment_id), amount=3_900)
    done = settle(world, found)
    assert done.outcome == "held" and "-0.15 is not explained" in done.reason
    assert world.cases.guard(PAYOUT, "po-1") is None and len(held(world)) == 1
    assert arrives(world, "po-1", 3_900)["suspense"] == 1
    assert (balance(world, PSP), balance(world, "expense:psp_fees")) == (4_000, 0)
    # The provider explains the rest: the same payout is told again, and the line that waited is found.
    whole = payout(*found.lines, line(K.ADJUSTMENT, -15, name="txn_adj"), amount=3_900)
    assert settle(world, whole).outcome == "settled"
    assert (balance(world, PSP), balance(world, "suspense")) == (0, 0)
    assert balance(world, "expense:psp_adjustments") == 15


def test_what_was_never_announced_is_booked_from_the_payout() -> None:
    """The webhook of a payment, and of a refund made in the dashboard, were lost."""
    world = World()
    payment_id, _ = begun(world, world.place(), 4_000)
    lines = [
        line(K.REFUND, -500, name="txn_2", charge_id="pi_1", payment_id=payment_id, cause_id="re_1"),
        line(K.PAYMENT, 4_000, 85, charge_id="pi_1", payment_id=payment_id),
    ]
    assert settle(world, payout(*lines)).outcome == "settled"
    assert balance(world, PSP) == 3_415
    refunded = said(world, T.CHARGE_REFUNDED, 500, payment_id, cause_id="re_1")
    assert hear(world, refunded) == "repeated"
    assert balance(world, PSP) == 3_415


def test_a_payment_that_is_not_ours_holds_the_payout() -> None:
    world = World()
    done = settle(world, payout(line(K.PAYMENT, 4_000, name="txn_1", payment_id=PaymentId("pay_x"))))
    assert done.outcome == "held" and "line txn_1" in done.reason
    unknown = settle(world, payout(line(K.PAYMENT, 4_000, charge_id="pi_x"), name="po-2"))
    assert unknown.outcome == "held" and "pi_x" in unknown.reason


def test_refunds_disputes_and_their_fee_over_two_payouts() -> None:
    world = World()
    payment_id = paid(world)
    assert settle(world, payout(line(K.PAYMENT, 4_000, 85, payment_id=payment_id))).outcome == "settled"
    assert arrives(world, "po-1", 3_915)["transfers"] == 1
    hear(world, said(world, T.DISPUTE_CREATED, 4_000, charge_id="pi_1", cause_id="du_1"))
    assert balance(world, PSP) == -4_000
    hear(world, said(world, T.DISPUTE_WON, 4_000, charge_id="pi_1", cause_id="du_1"))
    second = paid(world, 3_000, charge="pi_2", reference="A-2")
    done = settle(
        world,
        payout(
            line(K.CHARGEBACK_RETURNED, 4_000, charge_id="pi_1", cause_id="du_1"),
            line(K.CHARGEBACK, -4_000, 1_500, charge_id="pi_1", cause_id="du_1"),
            line(K.PAYMENT, 3_000, 70, payment_id=second),
            name="po-2",
        ),
    )
    assert done.outcome == "settled" and done.sums is not None
    assert (done.sums.chargebacks, done.sums.fees, done.sums.net) == (0, 1_570, 1_430)
    assert arrives(world, "po-2", 1_430)["transfers"] == 1
    assert (balance(world, PSP), balance(world, "expense:psp_fees")) == (0, 1_655)


def test_money_that_came_again_can_go_back_again() -> None:
    world = World()
    case = world.place()
    payment_id, checkout = begun(world, case, 4_000)
    hear(
        world, said(world, T.CHECKOUT_COMPLETED, 4_000, payment_id, checkout_id=checkout, charge_id="pi_1")
    )
    debt = owed(world, case)
    refund: dict[str, Any] = {"charge_id": "pi_1"}
    assert hear(world, said(world, T.CHARGE_REFUNDED, 4_000, cause_id="re_1", **refund)) == "reversed"
    assert hear(world, said(world, T.REFUND_FAILED, 4_000, cause_id="re_1", **refund)) == "recorded"
    assert owed(world, case) == debt
    assert hear(world, said(world, T.REFUND_FAILED, 4_000, cause_id="re_1", **refund)) == "repeated"
    assert hear(world, said(world, T.DISPUTE_CREATED, 4_000, cause_id="du_1", **refund)) == "reversed"
    assert hear(world, said(world, T.DISPUTE_CREATED, 4_000, cause_id="du_1", **refund)) == "repeated"
    assert (balance(world, PSP), owed(world, case)) == (0, debt + 4_000)


def test_a_refund_that_fails_before_it_is_told_comes_later() -> None:
    world = World()
    paid(world)
    with pytest.raises(NotFound, match="not in the books"):
        hear(world, said(world, T.REFUND_FAILED, 500, charge_id="pi_1", cause_id="re_1"))
    with pytest.raises(NotFound, match="pi_9"):
        hear(world, said(world, T.CHARGE_REFUNDED, 500, charge_id="pi_9", cause_id="re_9"))
    with pytest.raises(InvalidInput):
        hear(world, said(world, T.CHARGE_REFUNDED, 500, PaymentId("pay_x"), cause_id="re_9"))
    assert balance(world, PSP) == 4_000


@pytest.mark.parametrize(
    "kind",
    [
        T.CHECKOUT_PENDING,
        T.CHECKOUT_FAILED,
        T.CHECKOUT_EXPIRED,
        T.DISPUTE_OPENED,
        T.DISPUTE_CLOSED,
        T.REFUND_REFUSED,
        T.PAYOUT_FAILED,
    ],
)
def test_what_moves_no_money_is_not_booked(kind: GatewayEventType) -> None:
    world = World()
    payment_id = paid(world)
    before = world.ledger(20)
    assert hear(world, said(world, kind, 4_000, payment_id)) == "ignored"
    assert world.ledger(20) == before


def test_a_slow_payment_is_booked_when_it_is_final() -> None:
    world = World()
    payment_id, checkout = begun(world, world.place(), 4_000)
    assert (
        hear(world, said(world, T.CHECKOUT_PENDING, 4_000, payment_id, checkout_id=checkout)) == "ignored"
    )
    assert balance(world, PSP) == 0
    done = [
        hear(world, said(world, T.CHECKOUT_COMPLETED, 4_000, payment_id, checkout_id=checkout))
        for _ in range(2)
    ]
    assert (done, balance(world, PSP)) == (["recorded", "repeated"], 4_000)


def test_two_pages_of_one_payment_that_are_both_paid_are_two_payments() -> None:
    world = World()
    payment_id, checkout = begun(world, world.place(), 4_000)
    words = [
        said(world, T.CHECKOUT_COMPLETED, 4_000, payment_id, checkout_id=page, event_id=page)
        for page in (checkout, "t-2", checkout, "t-2")
    ]
    assert [hear(world, one) for one in words] == ["recorded", "recorded", "repeated", "repeated"]
    assert balance(world, PSP) == 8_000


def test_a_payout_that_failed_is_paid_with_the_next() -> None:
    world = World()
    payment_id = paid(world)
    settle(world, payout(line(K.PAYMENT, 4_000, 85, payment_id=payment_id)))
    second = paid(world, 3_000, charge="pi_2", reference="A-2")
    lines = [
        line(K.CARRIED, 3_915, cause_id="po-1"),
        line(K.RESERVE, -1_000, name="txn_hold"),
        line(K.PAYMENT, 3_000, 70, payment_id=second),
    ]
    done = settle(world, payout(*lines, name="po-2"))
    assert done.sums is not None and (done.sums.adjustments, done.sums.net) == (2_915, 5_845)
    assert not any(has_arrived(p, world.cases) for p in world.clients.payables(world.client.client_id))
    assert arrives(world, "po-2", 5_845)["transfers"] == 1
    assert (balance(world, PSP), balance(world, f"{PSP}:reserve")) == (0, 1_000)
    assert all(has_arrived(p, world.cases) for p in world.clients.payables(world.client.client_id))


def test_a_payout_that_is_not_final_is_only_noted() -> None:
    world = World()
    early = Settlement("po-1", "EUR", eur(1), payout().paid_on, (), is_final=False)
    assert settle(world, early).outcome == "noted"
    assert expected("po-1", world.cases) is None and world.cases.guard(PAYOUT_SETTLED, "po-1") is None


def test_why_a_payout_is_held_is_said() -> None:
    other = SettledLine("txn_1", K.PAYMENT, Money(1, "SEK"), Money(0, "SEK"))
    twice = line(K.FEE, -5, name="txn_2")
    assert "txn_1 is in SEK" in why_held(Settlement("p", "EUR", None, payout().paid_on, (other,)))
    assert "twice" in why_held(payout(twice, twice))
    assert "payment of -0.05" in why_held(payout(line(K.PAYMENT, -5)))
    assert "refund of 0.05" in why_held(payout(line(K.REFUND, 5)))
    assert why_held(payout(twice)) == ""
    assert explained(payout(twice)).text() == (
        "gross=0 fees=5 refunds=0 chargebacks=0 adjustments=0 net=-5 EUR"
    )


MOVES = st.lists(
    st.tuples(
        st.integers(100, 5_000),
        st.integers(0, 90),
        st.sampled_from(["kept", "refunded", "part", "charged back", "won", "returned"]),
        st.booleans(),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=examples(25), deadline=None)
@given(moves=MOVES, reserve=st.integers(0, 50), before=st.booleans(), twice=st.booleans())
def test_after_a_settled_payout_nothing_of_its_members_is_left(
    moves: list[tuple[int, int, str, bool]], reserve: int, before: bool, twice: bool
) -> None:
    """Whatever was announced or lost, before or after the bank line, once or twice."""
    world = World()
    lines: list[SettledLine] = []
    for number, (minor, fee, what, is_told) in enumerate(moves):
        payment_id, checkout = begun(world, world.place(reference=f"R-{number}"), minor)
        charge, cause = f"pi_{number}", f"x_{number}"
        names = {"payment_id": payment_id, "charge_id": charge}
        lines.append(line(K.PAYMENT, minor, fee, f"p{number}", **names))
        told = [
            said(world, T.CHECKOUT_COMPLETED, minor, payment_id, checkout_id=checkout, charge_id=charge)
        ]
        back = minor // 2 if what == "part" else minor
        if what in ("refunded", "part", "returned"):
            lines.append(line(K.REFUND, -back, 0, f"r{number}", cause_id=cause, **names))
            told.append(said(world, T.CHARGE_REFUNDED, back, charge_id=charge, cause_id=cause))
        if what == "returned":
            lines.append(line(K.REFUND_RETURNED, back, 0, f"f{number}", cause_id=cause, **names))
        if what in ("charged back", "won"):
            lines.append(line(K.CHARGEBACK, -back, 1_500, f"c{number}", cause_id=cause, **names))
            told.append(said(world, T.DISPUTE_CREATED, back, charge_id=charge, cause_id=cause))
        if what == "won":
            lines.append(line(K.CHARGEBACK_RETURNED, back, 0, f"w{number}", cause_id=cause, **names))
            told.append(said(world, T.DISPUTE_WON, back, charge_id=charge, cause_id=cause))
        for event in told if is_told else ():
            hear(world, event)
    if reserve:
        lines.append(line(K.RESERVE, -reserve, 0, "hold"))
    found = payout(*reversed(lines))
    net = found.net.minor
    if net > 0 and before:
        arrives(world, "po-1", net)
    for _ in range(2 if twice else 1):
        assert settle(world, found).outcome in ("settled", "repeated")
    assert balance(world, PSP) == (0 if net > 0 and before else net)
    if net > 0 and not before:
        arrives(world, "po-1", net)
        assert balance(world, PSP) == 0
    assert balance(world, "suspense") == 0
    sums = explained(found)
    assert sums.net == net
    assert balance(world, "expense:psp_fees") == sums.fees
    assert sum(on_account(world.ledger(20), account) for account in _accounts(world)) == 0


def _accounts(world: World) -> set[str]:
    return {leg.account for entry in world.ledger(20) for leg in entry.lines}

"""Suspense at the desk: listed, posted, split and sent back by a collector, or refused with a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from sovinto.domain.assignment import Collector
from sovinto.domain.checkout import GatewayEventType
from sovinto.domain.settlement import SettledKind
from sovinto.entry import desk_money
from sovinto.entry.desk import read_request
from sovinto.entry.desk_rights import Rights
from sovinto.errors import NotAllowed

from tests.support.moves import take_back
from tests.support.people import COLLECTORS
from tests.support.settled import begun, hear, line, payout, said, settle
from tests.support.suspense import check_suspense, into_suspense
from tests.support.world import AGENCY, World
from tests.unit.usecases.test_refund_short import ordered


def rights_of(world: World, staff: Sequence[Collector]) -> Rights:
    return Rights(staff, world.cases, world.clients, world.orders, world.book)


def ask(world: World, action: str, **given: Any) -> Any:
    request = read_request({"action": action, "by": "col_1", **given}, desk_money.REQUESTS)
    ports: Any = {"book": world.book, "cases": world.cases, "clock": world.clock, "orders": world.orders}
    return desk_money.answer(request, AGENCY, **ports)


def test_the_list_and_its_ways_out() -> None:
    world = World()
    one, two = world.place(), world.place(reference="A-2")
    rows = [into_suspense(world, 3_000, key=f"K{n}", payer="Tiina Testinen") for n in range(3)]
    ids = [row.payment.payment_id for row in rows]
    told = ask(world, "suspense")["suspense"]
    assert {row["payment_id"] for row in told["rows"]} == set(ids)
    assert told["ages"] == {"0-7 days": {"EUR": {"count": 3, "minor": 9_000}}}
    assert "the payer has the debtor's name" in told["rows"][0]["suggestions"][0]["reasons"]
    posted = ask(world, "post_suspense", payment_id=ids[0], case_id=one.case_id)
    assert posted["settled"]["posted"] == [one.case_id]
    shares = [{"case_id": c.case_id, "amount_minor": 1_500, "currency": "EUR"} for c in (one, two)]
    assert len(ask(world, "split_suspense", payment_id=ids[1], shares=shares)["settled"]["posted"]) == 2
    assert ask(world, "return_suspense", payment_id=ids[2])["orders"]
    assert ask(world, "suspense")["suspense"]["rows"] == []
    check_suspense(world)


def test_the_cases_of_a_split_are_asked_for_conflicts() -> None:
    shares = [{"case_id": c, "amount_minor": 1, "currency": "EUR"} for c in ("case_1", "case_2")]
    request = {"action": "split_suspense", "by": "col_1", "payment_id": "pay_1", "shares": shares}
    assert desk_money.cases_of(read_request(request, desk_money.REQUESTS)) == ("case_1", "case_2")


def test_a_debit_is_explained_at_the_desk() -> None:
    world = World()
    rows = [into_suspense(world, minor, key=f"D{n}") for n, minor in enumerate((700, -700, -20, -30))]
    credit, back, own, charge = (row.payment.payment_id for row in rows)
    told = ask(world, "undo_suspense", payment_id=back, taken=credit)["settled"]
    assert told == {"posted": [], "waiting": [], "is_repeat": False}
    ask(world, "own_suspense", payment_id=own)
    ask(world, "expense_suspense", payment_id=charge)
    assert ask(world, "expense_suspense", payment_id=charge)["settled"]["is_repeat"]
    assert ask(world, "suspense")["suspense"]["rows"] == []
    check_suspense(world)


def test_only_who_may_release_tells_what_a_debit_is() -> None:
    world = World()
    others = tuple(replace(one, may_release=False) for one in COLLECTORS)
    for action in ("own_suspense", "expense_suspense"):
        request = read_request({"action": action, "by": "col_1", "payment_id": "p"}, desk_money.REQUESTS)
        rights_of(world, COLLECTORS).check_right(request)
        with pytest.raises(NotAllowed, match="may tell what a debit is"):
            rights_of(world, others).check_right(request)


@pytest.mark.parametrize(("action", "more"), [("expense_suspense", {}), ("undo_suspense", {"taken": "p"})])
def test_who_has_a_conflict_in_the_case_ends_no_debit_of_it(action: str, more: dict[str, str]) -> None:
    world, case, _ = ordered()
    take_back(world, case, "pay_1")
    (row,) = world.book.suspense()
    given = {"action": action, "by": "col_1", "payment_id": row.payment.payment_id, **more}
    request = read_request(given, desk_money.REQUESTS)
    rights_of(world, COLLECTORS).check_conflict(request)
    barred = tuple(replace(one, conflicts=(case.client_id,)) for one in COLLECTORS)
    with pytest.raises(NotAllowed, match="conflict of interest in this case"):
        rights_of(world, barred).check_conflict(request)


def test_the_case_of_a_return_is_asked_for_conflicts() -> None:
    request = {"action": "undo_suspense", "by": "col_1", "payment_id": "pay_1", "taken": "pay_2"}
    assert desk_money.cases_of(read_request(request, desk_money.REQUESTS)) == ()
    request["case_id"] = "case_1"
    assert desk_money.cases_of(read_request(request, desk_money.REQUESTS)) == ("case_1",)


def test_a_payment_that_is_held_for_its_sum_is_taken_at_the_desk() -> None:
    world = World()
    case = world.place()
    payment_id, checkout = begun(world, case, 4_000)
    told = said(world, GatewayEventType.CHECKOUT_COMPLETED, 3_900, payment_id, checkout_id=checkout)
    assert hear(world, told) == "held"
    sum_told = {"amount_minor": 3_900, "currency": "EUR"}
    done = ask(world, "take_payment", payment_id=payment_id, case_id=case.case_id, **sum_told)
    assert done["settled"]["is_repeat"] is False
    assert hear(world, told) == "recorded"


def test_a_line_is_told_as_a_payout_at_the_desk() -> None:
    world = World()
    row = into_suspense(world, 3_915, key="P")
    payment_id, checkout = begun(world, world.place(), 4_000)
    hear(world, said(world, GatewayEventType.CHECKOUT_COMPLETED, 4_000, payment_id, checkout_id=checkout))
    settle(world, payout(line(SettledKind.PAYMENT, 4_000, 85, payment_id=payment_id), name="po_1"))
    wish = {"payment_id": row.payment.payment_id, "payout_id": "po_1"}
    assert [ask(world, "payout_suspense", **wish)["settled"]["is_repeat"] for _ in range(2)] == [
        False,
        True,
    ]
    assert ask(world, "suspense")["suspense"]["rows"] == []

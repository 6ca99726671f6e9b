"""Money in that looks like money seen before: paid out already, told again, or another sum of that day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from sovinto.domain.reversal import Reason
from sovinto.errors import NotFound
from sovinto.ids import PaymentId
from sovinto.ports import Guard
from sovinto.usecases import import_inbox as inbox
from sovinto.usecases.partly import PartlyFailed
from sovinto.usecases.reverse_payment import reverse_payment

from tests.support.books import by_account, check_books
from tests.support.moves import owed
from tests.support.orders import approve, release, strict_world
from tests.support.outside import MemoryFiles, MemoryOpened
from tests.support.people import AGENCY
from tests.support.statements import camt, camt053, itemised, line
from tests.support.world import World
from tests.unit.usecases.test_import_formats import books, cases, deliver, ktl
from tests.unit.usecases.test_refund_queue import pay_from, refunding, work

DAY = date(2026, 1, 5)


def test_a_surplus_that_was_refunded_does_not_pay_the_debt_again() -> None:
    world = strict_world()
    case = world.place(principal=10_000)
    pay_from(world, case, owed(world, case), name="pay_1")
    pay_from(world, case, 5_000, name="pay_2")
    work(world)
    (order,) = refunding(world)
    approve(world, order.order_id)
    release(world, order.order_id)
    world.pay_clients()
    before = owed(world, case)
    paid = by_account(world.ledger(60))[f"client:{case.client_id}:claims"]
    reverse_payment(
        PaymentId("pay_1"),
        case.case_id,
        amount=None,
        on=world.clock.now().date(),
        reason=Reason.RETURNED,
        guard=Guard("SEEN#bank", "back-1"),
        cases=world.cases,
        clock=world.clock,
    )
    sums = by_account(world.ledger(60))
    assert owed(world, case) - before == paid - sums[f"client:{case.client_id}:claims"] > 10_000
    assert not sums.get("suspense"), "nobody is out of pocket by the refund"
    used = [e for e in world.cases.entries(case.case_id) if e.source.startswith("pay_2-")]
    assert used == []


@pytest.mark.parametrize("word", ["NOTPROVIDED", "nonref"])
def test_equal_lines_of_two_statements_without_a_bank_reference_are_two_payments(word: str) -> None:
    world = World()
    told = line(1_000, bank_id=word, payer="Matti")
    first = camt053(told, change=1_000, statement_id="S1")
    second = camt053(told, change=2_000, statement_id="S2").replace(b">10000.00<", b">10010.00<")
    for name, data in (("s1", first), ("s2", second)):
        assert deliver(world, data, name=name) == {"suspense": 1}
    assert books(world) == {"bank:collection": 2_000, "suspense": -2_000}


def test_a_line_that_names_its_payer_is_not_the_sum_of_a_detail_file() -> None:
    world = World()
    (one, minor), _ = cases(world)
    deliver(world, ktl((minor, one.payment_reference)))
    named = line(minor, payer="Matti Muukalainen", text="something else", bank_id="Q", on=DAY)
    assert deliver(world, camt053(named, change=minor), name="s") == {"suspense": 1}
    assert books(world) == {"bank:collection": minor, "bank:details": minor, "suspense": -minor}


@pytest.mark.parametrize(("own", "other"), [("I1", "I2"), ("I1", "")])
def test_a_notice_of_another_sum_of_that_day_tells_something_new(own: str, other: str) -> None:
    world = World()
    (one, first), (two, second) = cases(world)
    total = first + second
    strangers = itemised(total, (total - 100, "1232"), (100, "12345672"), bank_id=own, on=DAY)
    deliver(world, camt053(strangers, itemised(total, bank_id=other, on=DAY), change=2 * total), name="s")
    parts = ((first, one.payment_reference), (second, two.payment_reference))
    notice = camt("054", itemised(total, *parts, bank_id=other, on=DAY))
    assert deliver(world, notice, name="n") == {"matched": 2}
    assert books(world) == {"bank:collection": 2 * total, "suspense": -total}
    check_books(world.ledger())


@dataclass(slots=True)
class Denied(MemoryFiles):
    """A bucket in which some files cannot be read."""

    def open(self, key: str, version: str = "") -> MemoryOpened:
        if key.startswith("inbox/a"):
            raise OSError("access denied")
        return MemoryFiles.open(self, key, version)


def test_files_that_fail_do_not_keep_out_those_behind_them() -> None:
    bank, world = Denied(), World()
    for number in range(inbox.MAX_FILES + 5):
        bank.write(f"inbox/a{number:03d}.xml", b"x", "application/xml")
    bank.write("inbox/b.xml", camt053(line(1_000, payer="Matti"), change=1_000), "application/xml")
    with pytest.raises(PartlyFailed):
        inbox.import_inbox(bank=bank, agency=AGENCY, cases=world.cases, clock=world.clock)
    assert books(world) == {"bank:collection": 1_000, "suspense": -1_000}
    with pytest.raises(NotFound):
        bank.read("inbox/b.xml")

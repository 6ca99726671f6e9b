"""Bank files: every line finds its place once; a file that cannot be trusted is held whole."""

from __future__ import annotations

import pytest
from sovinto.usecases.import_inbox import import_inbox

from tests.support.books import by_account, check_books
from tests.support.moves import begin_card, hear, owed, pay
from tests.support.race import RacingTable
from tests.support.statements import camt053, line
from tests.support.world import AGENCY, World


def deliver(world: World, data: bytes, name: str = "day.xml") -> dict[str, int]:
    world.bank.write(f"inbox/{name}", data, "application/xml")
    return run(world)


def run(world: World) -> dict[str, int]:
    return import_inbox(bank=world.bank, agency=AGENCY, cases=world.cases, clock=world.clock)


def counts(**named: int) -> dict[str, int]:
    zero = {"files": 1, "held": 0, "matched": 0, "repeated": 0, "suspense": 0, "transfers": 0}
    return zero | named


def test_a_line_with_our_reference_pays_its_case() -> None:
    world = World()
    case = world.place()
    world.clock.advance(days=4)
    data = camt053(line(2_500, reference=case.payment_reference), change=2_500)
    assert deliver(world, data) == counts(matched=1)
    assert by_account(world.ledger())["bank:collection"] == 2_500
    assert world.bank.keys("") == ("processed/day.xml",)
    check_books(world.ledger())


def test_the_same_line_in_another_file_is_not_booked_again() -> None:
    world = World()
    case = world.place()
    world.clock.advance(days=4)
    one = line(2_500, reference=case.payment_reference)
    two = line(700, reference=case.payment_reference, bank_id="A2")
    deliver(world, camt053(one, change=2_500))
    again = deliver(world, camt053(one, two, change=3_200, statement_id="S2"), "again.xml")
    assert again == counts(matched=1, repeated=1)
    assert deliver(world, camt053(one, change=2_500), "third.xml") == counts(repeated=1)
    assert by_account(world.ledger())["bank:collection"] == 3_200


@pytest.mark.parametrize(
    ("reference", "reason"), [("", "no reference"), ("12345672", "could not be posted")]
)
def test_money_of_unknown_owner_waits_in_suspense(reference: str, reason: str) -> None:
    world = World()
    assert deliver(world, camt053(line(999, reference=reference), change=999)) == counts(suspense=1)
    (waiting,) = world.book.suspense()
    assert waiting.payment.amount.minor == 999
    assert reason in waiting.reason
    assert by_account(world.ledger())["suspense"] == -999
    check_books(world.ledger())


def test_a_twin_run_books_a_line_once() -> None:
    table = RacingTable()
    world = World(table=table)
    data = camt053(line(999), change=999)
    world.bank.write("inbox/twin.xml", data, "application/xml")
    table.before = [lambda: deliver(world, data)]
    world.bank.write("inbox/day.xml", data, "application/xml")
    report = run(world)
    assert report["suspense"] + report["repeated"] == report["files"]
    assert by_account(world.ledger())["suspense"] == -999


def test_our_own_remittance_leaving_clears_the_transit_account() -> None:
    world = World()
    case = world.place()
    pay(world, case, 4_000)
    world.pay_clients()
    sums = by_account(world.ledger())
    on_its_way = -sums["bank:in_transit"]
    (file,) = world.bank.keys("outgoing/")
    name = file.removeprefix("outgoing/").removesuffix(".xml")
    data = camt053(line(-on_its_way, end_to_end=name), change=-on_its_way)
    assert deliver(world, data) == counts(transfers=1)
    after = by_account(world.ledger())
    assert after["bank:in_transit"] == 0
    assert after["bank:collection"] == 4_000 - on_its_way
    check_books(world.ledger())


def test_a_transfer_of_another_sum_is_not_ours() -> None:
    world = World()
    pay(world, world.place(), 4_000)
    world.pay_clients()
    (file,) = world.bank.keys("outgoing/")
    name = file.removeprefix("outgoing/").removesuffix(".xml")
    assert deliver(world, camt053(line(-1, end_to_end=name), change=-1)) == counts(suspense=1)


def test_a_payout_of_the_card_provider_clears_its_account() -> None:
    world = World()
    case = world.place()
    hear(world, world.gateway.pay(begin_card(world, case, 4_000)))
    payout = world.gateway.close_day()
    hear(world, payout)
    name = world.gateway.parse_event(
        payout.body, payout.signature, secret=world.gateway.secret, now=world.gateway.now
    ).payout_id
    assert deliver(world, camt053(line(4_000, end_to_end=str(name)), change=4_000)) == counts(transfers=1)
    sums = by_account(world.ledger())
    assert (sums["psp:sandbox"], sums["bank:collection"]) == (0, 4_000)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"not xml at all", ""),
        (camt053(line(100), change=5), "balance"),
        (camt053(line(100), change=100, iban="FI7944052020036082"), "not our collection account"),
    ],
    ids=["unreadable", "balances do not chain", "a stranger's account"],
)
def test_a_file_that_cannot_be_trusted_is_held_whole(data: bytes, reason: str) -> None:
    world = World()
    assert deliver(world, data) == counts(held=1)
    assert world.bank.keys("") == ("held/day.xml", "held/day.xml.reason.txt")
    assert reason in world.bank.read("held/day.xml.reason.txt").decode()
    assert world.ledger() == []


def test_a_full_payment_by_bank_closes_the_case() -> None:
    world = World()
    case = world.place()
    world.live(case.case_id, 3)
    minor = owed(world, case)
    deliver(world, camt053(line(minor, reference=case.payment_reference), change=minor))
    assert not world.cases.load(case.case_id).is_open


def test_an_empty_inbox_is_nothing_to_do() -> None:
    assert run(World()) == counts(files=0)

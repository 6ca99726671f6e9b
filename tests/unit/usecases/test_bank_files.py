"""Bank files: every line finds its place once; a file that cannot be trusted is held whole."""

from __future__ import annotations

import re

import pytest
from sovinto.domain.case import Case
from sovinto.errors import NotFound, StaleVersion
from sovinto.usecases.import_inbox import LINES, import_inbox
from sovinto.usecases.partly import PartlyFailed

from tests.support.books import by_account, check_books
from tests.support.fake_gateway import Webhook
from tests.support.moves import begin_card, hear, owed, pay
from tests.support.outside import MemoryFiles, MemoryOpened
from tests.support.race import RacingTable
from tests.support.statements import batch, camt053, line
from tests.support.world import AGENCY, DEBTOR, World


def deliver(world: World, data: bytes, name: str = "day.xml") -> dict[str, int]:
    world.bank.write(f"inbox/{name}", data, "application/xml")
    return run(world)


def run(world: World) -> dict[str, int]:
    return import_inbox(
        bank=world.bank,
        agency=AGENCY,
        cases=world.cases,
        clock=world.clock,
        orders=world.orders,
        clients=world.clients,
    )


def counts(**named: int) -> dict[str, int]:
    return {"files": 1, **dict.fromkeys(("held", "rejected", "failed", "unfinished", *LINES), 0), **named}


def keys_of(world: World) -> list[str]:
    """What the bank bucket holds, without the digests."""
    return [re.sub(r"-[0-9a-f]{12}(?=\.)", "", key) for key in world.bank.keys("")]


def test_a_line_with_our_reference_pays_its_case() -> None:
    world = World()
    case = world.place()
    world.clock.advance(days=4)
    data = camt053(line(2_500, reference=case.payment_reference, payer=DEBTOR.name), change=2_500)
    assert deliver(world, data) == counts(matched=1)
    assert by_account(world.ledger())["bank:collection"] == 2_500
    assert keys_of(world) == ["processed/day.xml"]
    check_books(world.ledger())


def test_the_same_line_in_another_file_is_not_booked_again() -> None:
    world = World()
    case = world.place()
    world.clock.advance(days=4)
    one = line(2_500, reference=case.payment_reference, payer=DEBTOR.name)
    two = line(700, reference=case.payment_reference, payer=DEBTOR.name, bank_id="A2")
    deliver(world, camt053(one, change=2_500))
    again = deliver(world, camt053(one, two, change=3_200, statement_id="S2"), "again.xml")
    assert again == counts(matched=1, repeated=1)
    assert deliver(world, camt053(one, change=2_500), "third.xml") == counts(repeated=1)
    assert by_account(world.ledger())["bank:collection"] == 3_200


@pytest.mark.parametrize(
    ("reference", "reason"), [("", "no reference"), ("12345672", "no case has this reference")]
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
    (order,) = world.orders.open()
    data = camt053(line(-on_its_way, end_to_end=order.order_id), change=-on_its_way)
    assert deliver(world, data) == counts(transfers=1)
    after = by_account(world.ledger())
    assert after["bank:in_transit"] == 0
    assert after["bank:collection"] == 4_000 - on_its_way
    check_books(world.ledger())


def test_a_transfer_of_another_sum_is_not_ours() -> None:
    world = World()
    pay(world, world.place(), 4_000)
    world.pay_clients()
    (order,) = world.orders.open()
    name = order.order_id
    assert deliver(world, camt053(line(-1, end_to_end=name), change=-1)) == counts(suspense=1)


def payout_id(world: World, payout: Webhook) -> str:
    event = world.gateway.parse_event(
        payout.body, payout.signature, secret=world.gateway.secret, now=world.gateway.now
    )
    return str(event.payout_id)


def test_a_payout_of_the_card_provider_clears_its_account() -> None:
    world = World()
    case = world.place()
    hear(world, world.gateway.pay(begin_card(world, case, 4_000)))
    payout = world.gateway.close_day()
    hear(world, payout)
    name = payout_id(world, payout)
    assert deliver(world, camt053(line(4_000, end_to_end=name), change=4_000)) == counts(transfers=1)
    sums = by_account(world.ledger())
    assert (sums["psp:sandbox"], sums["bank:collection"]) == (0, 4_000)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"not xml at all", ""),
        (camt053(line(100), change=5), "balance"),
        (camt053(line(100), change=100, iban="FI7944052020036082"), "not one of our collection accounts"),
    ],
    ids=["unreadable", "balances do not chain", "a stranger's account"],
)
def test_a_file_that_cannot_be_trusted_is_held_whole(data: bytes, reason: str) -> None:
    world = World()
    assert deliver(world, data) == counts(held=1)
    assert keys_of(world) == ["held/day.xml", "held/day.xml.reason.txt"]
    assert reason in world.bank.read(world.bank.keys("held/")[1]).decode()
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


def test_a_line_of_nothing_is_passed_over_and_the_rest_is_booked() -> None:
    world = World()
    data = camt053(line(0, bank_id="Z"), line(999), change=999)
    assert deliver(world, data) == counts(ignored=1, suspense=1)
    assert keys_of(world) == ["processed/day.xml"]


class OneBroken(MemoryFiles):
    """One file that cannot be fetched today."""

    def open(self, key: str, version: str = "") -> MemoryOpened:
        if key == "inbox/a.xml":
            raise OSError("as the test wishes")
        return super().open(key, version)


def test_a_file_that_fails_stays_and_stops_no_other() -> None:
    world = World(bank=OneBroken())
    world.bank.write("inbox/a.xml", b"", "application/xml")
    with pytest.raises(PartlyFailed, match="1 of the run failed") as told:
        deliver(world, camt053(line(999), change=999), "b.xml")
    assert told.value.done == counts(failed=1, suspense=1)
    assert keys_of(world) == ["inbox/a.xml", "processed/b.xml"]


def two_cases(world: World) -> tuple[Case, Case]:
    return world.place(reference="A-1"), world.place(reference="A-2")


@pytest.mark.parametrize(
    ("second", "outcome"),
    [("ours", "matched"), ("another", "suspense"), ("unknown", "suspense"), ("none", "suspense")],
)
def test_a_batch_without_amounts_has_an_owner_only_where_all_of_it_names_one(
    second: str, outcome: str
) -> None:
    world = World()
    case, other = two_cases(world)
    world.clock.advance(days=3)
    references = {
        "ours": (case.payment_reference,),
        "another": (other.payment_reference,),
        "unknown": ("12345672",),
        "none": (),
    }
    minor = owed(world, case)
    entry = batch(minor, (case.payment_reference,), references[second])
    assert deliver(world, camt053(entry, change=minor)) == counts(**{outcome: 1})


def test_one_payment_with_a_reference_that_is_not_ours_waits() -> None:
    world = World()
    case, _ = two_cases(world)
    world.clock.advance(days=4)
    entry = batch(2_500, (case.payment_reference, "12345672"))
    assert deliver(world, camt053(entry, change=2_500)) == counts(suspense=1)


class Overwritten(MemoryFiles):
    """The bank writes another file under the name right after it was opened."""

    later: bytes = b""

    def open(self, key: str, version: str = "") -> MemoryOpened:
        opened = super().open(key, version)
        if self.later:
            self.write(key, self.later, "application/xml")
            self.later = b""
        return opened


def test_a_file_that_is_overwritten_meanwhile_is_read_too() -> None:
    bank = Overwritten()
    world = World(bank=bank)
    bank.later = camt053(line(700, bank_id="A2"), change=700, statement_id="S2")
    assert deliver(world, camt053(line(999), change=999)) == counts(suspense=1)
    assert run(world) == counts(suspense=1)
    assert keys_of(world) == ["processed/day.xml", "processed/day.xml"]
    assert by_account(world.ledger())["suspense"] == -1_699


def test_a_file_that_a_twin_has_moved_is_passed_over() -> None:
    class Gone(MemoryFiles):
        def open(self, key: str, version: str = "") -> MemoryOpened:
            raise NotFound(f"there is no file {key}")

    world = World(bank=Gone())
    assert deliver(world, b"") == counts(files=0)


def paid_by_card(world: World, minor: int = 4_000) -> tuple[Webhook, str]:
    """The provider's payout, not heard of yet, and its id."""
    hear(world, world.gateway.pay(begin_card(world, world.place(), minor)))
    payout = world.gateway.close_day()
    return payout, payout_id(world, payout)


def test_a_payout_that_is_announced_late_takes_its_money_out_of_suspense() -> None:
    world = World()
    payout, name = paid_by_card(world)
    data = camt053(line(4_000, end_to_end=name), change=4_000)
    assert deliver(world, data) == counts(suspense=1)
    assert [hear(world, payout) for _ in range(2)] == ["noted", "repeated"]
    sums = by_account(world.ledger())
    assert (sums["psp:sandbox"], sums["suspense"], sums["bank:collection"]) == (0, 0, 4_000)
    assert world.book.suspense() == ()
    assert world.pay_clients()["remittances"] == 1
    check_books(world.ledger())


def test_a_late_payout_of_another_sum_leaves_suspense_alone() -> None:
    world = World()
    payout, name = paid_by_card(world)
    deliver(world, camt053(line(3_999, end_to_end=name), change=3_999))
    hear(world, payout)
    assert len(world.book.suspense()) == 1
    assert by_account(world.ledger())["psp:sandbox"] == 4_000


def test_a_payout_that_is_announced_while_its_line_is_read_is_seen() -> None:
    table = RacingTable()
    world = World(table=table)
    payout, name = paid_by_card(world)
    table.before = [lambda: hear(world, payout)]
    assert deliver(world, camt053(line(4_000, end_to_end=name), change=4_000)) == counts(transfers=1)
    assert world.book.suspense() == ()
    assert by_account(world.ledger())["psp:sandbox"] == 0


def test_an_announcement_that_died_before_suspense_was_cleared_is_made_good() -> None:
    table = RacingTable()
    world = World(table=table)
    payout, name = paid_by_card(world)
    deliver(world, camt053(line(4_000, end_to_end=name), change=4_000))

    def die() -> None:
        raise StaleVersion("as the test wishes")

    table.before = [lambda: None, lambda: None, *[die] * 5]
    with pytest.raises(StaleVersion):
        hear(world, payout)
    assert len(world.book.suspense()) == 1
    assert hear(world, payout) == "repeated"
    assert world.book.suspense() == ()


def test_the_same_payout_in_two_lines_clears_the_provider_once() -> None:
    world = World()
    payout, name = paid_by_card(world)
    hear(world, payout)
    data = camt053(line(4_000, end_to_end=name), line(4_000, end_to_end=name, bank_id="A2"), change=8_000)
    assert deliver(world, data) == counts(transfers=1, suspense=1)
    sums = by_account(world.ledger())
    assert (sums["psp:sandbox"], sums["suspense"]) == (0, -4_000)


def test_card_money_is_paid_on_only_when_it_is_on_our_account() -> None:
    world = World()
    payout, name = paid_by_card(world)
    assert world.pay_clients()["remittances"] == 0
    hear(world, payout)
    assert world.pay_clients()["remittances"] == 0
    deliver(world, camt053(line(4_000, end_to_end=name), change=4_000))
    assert world.pay_clients()["remittances"] == 1
    check_books(world.ledger())

"""docs/money.md tells the life of EUR 100 as the books have it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sovinto.domain import accounts
from sovinto.domain.claim_class import ClaimClass
from sovinto.domain.ledger import Entry, debtor_account, fold
from sovinto.ids import CaseId, ClientId
from sovinto.usecases.import_inbox import import_inbox

from tests.docs.reading import code, page, rows
from tests.support.moves import owed
from tests.support.people import AGENCY
from tests.support.statements import camt053, line
from tests.support.world import World

ORDER = ("claim_placed", "interest_accrued", "fee_charged", "payment_allocated")


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    """Placed, reminded, demanded, paid by bank transfer, remitted, debited, invoiced."""
    world = World()
    case = world.place(principal=10_000)
    world.live(case.case_id, 20)
    deliver(world, line(sum_ := owed(world, case), reference=case.payment_reference, on=today(world)), sum_)
    world.pay_clients()
    (order,) = world.orders.open()
    world.clock.advance(days=3)
    net = next(e for e in world.ledger(60) if e.kind == "remitted").amount_on(accounts.IN_TRANSIT, "EUR")
    debit = line(net.minor, end_to_end=order.order_id, bank_id="A2", on=today(world))
    deliver(world, debit, net.minor, "second")
    world.clock.at = datetime(2026, 2, 2, 8, tzinfo=UTC)
    world.pay_clients()
    return sorted(world.ledger(60), key=lambda e: (e.posted_at, (*ORDER, e.kind).index(e.kind)))


def today(world: World):  # type: ignore[no-untyped-def]
    return world.clock.now().date()


def deliver(world: World, booked: str, change: int, name: str = "first") -> None:
    data = camt053(booked, change=change, statement_id=name)
    world.bank.write(f"inbox/{name}.xml", data, "application/xml")
    done = import_inbox(bank=world.bank, agency=AGENCY, cases=world.cases, clock=world.clock)
    assert done["matched"] + done["transfers"] == 1


def told(entries: list[Entry]) -> Iterator[str]:
    """The page's table: one row per account of an entry, its lines taken together."""
    for entry in entries:
        sums = fold([entry])
        for number, ((account, _), minor) in enumerate(sums.items()):
            name = account.replace("case_000001", "<case>").replace("cli_demo", "<id>")
            first = (entry.value_on.isoformat(), f"`{entry.kind}`") if number == 0 else ("", "")
            yield f"| {first[0]} | {first[1]} | `{name}` | {minor} |"


def test_the_page_has_the_entries_of_the_story(entries: list[Entry]) -> None:
    expected = list(told(entries))
    shown = [line for line in page("docs/money.md").splitlines() if line.endswith(" |") and "` | " in line]
    assert [line for line in shown if line.split(" | ")[-1].strip(" |").lstrip("-").isdigit()] == expected


def test_the_story_ends_with_nothing_owed_and_nothing_held(entries: list[Entry]) -> None:
    sums = {account: minor for (account, _), minor in fold(entries).items()}
    assert {name for name, minor in sums.items() if minor} == {
        "bank:collection",
        "client:cli_demo:invoiced",
        "income:collection_fees",
        "income:setup_fees",
        "vat:output",
    }


def test_every_account_of_the_chart_is_on_the_page() -> None:
    case, client = CaseId("<case>"), ClientId("<id>")
    chart = {
        *(debtor_account(case, claim_class) for claim_class in ClaimClass),
        *(function(client) for function in CLIENT_ACCOUNTS),
        accounts.psp("<name>"),
        accounts.psp_reserve("<name>"),
        accounts.refunds(case),
        *(value for name, value in vars(accounts).items() if name.isupper()),
    }
    listed = {name for row in rows(page("docs/money.md"), "## Accounts") for name in _names(row[0])}
    assert listed == chart


CLIENT_ACCOUNTS = (accounts.client_claims, accounts.client_payable, accounts.client_invoiced)


def _names(cell: str) -> Iterator[str]:
    """`a:b`, `:c` means a:b and a:c."""
    first = code(cell)
    for part in cell.split(", "):
        name = part.strip("`")
        yield first.rsplit(":", 1)[0] + name if name.startswith(":") else name

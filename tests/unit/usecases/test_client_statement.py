"""The statement of account: what we held, each movement down to the bank's line, and nobody else's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sovinto.adapters.dynamo.writes import entry_keys
from sovinto.countries import load_calendar
from sovinto.domain.accounts import held_for
from sovinto.domain.movement import moved_by
from sovinto.errors import InvalidInput
from sovinto.ids import ClientId
from sovinto.usecases.client_statement import ClientStatement, client_statement

from tests.support.book_world import lived
from tests.support.invoicing import ten_percent, world_with
from tests.support.moves import pay, take_back
from tests.support.world import World

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def statement(
    world: World, days: tuple[date, date] = YEAR, *, after: str = "", most: int | None = None
) -> ClientStatement:
    calendar = load_calendar("FI")
    return client_statement(
        world.client, *days, book=world.book, cases=world.cases, calendar=calendar, after=after, most=most
    )


def held(world: World) -> int:
    """By the whole ledger, whatever any index says."""
    account = f"client:{world.client.client_id}:payable"
    return -sum(entry.amount_on(account, "EUR").minor for entry in world.ledger(400))


def paid_twice() -> World:
    world = world_with(ten_percent())
    case = world.place()
    pay(world, case, 3_000, name="pay_a")
    world.clock.advance(days=1)
    pay(world, case, 2_000, name="pay_b")
    world.clock.advance(minutes=1)
    return world


def test_it_is_the_ledger_to_the_cent_and_lines_come_to_the_closing() -> None:
    world = lived()
    made = statement(world)
    (account,) = made.accounts
    assert account.opening.minor + sum(line.amount.minor for line in made.lines) == account.closing.minor
    assert account.closing.minor == held(world) != 0
    assert {line.kind for line in made.lines} == {"payment_allocated", "remitted"}
    assert all(sum(part.minor for _, part in line.parts) == line.amount.minor for line in made.lines)


def test_a_line_tells_the_payment_its_split_the_rules_and_the_line_of_the_bank() -> None:
    made = statement(lived())
    first = made.lines[0]
    assert (first.client_reference, first.way, first.received.minor) == ("A-1", "bank", 3_000)
    assert dict(first.parts)["interest"].minor > 0
    assert first.rule is not None and "in this order" in first.rule.formula and first.rule.statute
    assert first.matched is not None and first.matched.rule == "reference"
    assert first.matched.because and "reference" in dict(first.matched.facts)
    assert first.bank_line and first.debtor_name
    over = next(line for line in made.lines if line.surplus)
    assert over.amount + over.surplus == over.received
    remitted = next(line for line in made.lines if line.kind == "remitted")
    assert remitted.document_id == remitted.payment and (remitted.matched, remitted.way) == (None, "")
    assert {"paid_out", "our_fees", "vat"} >= {name for name, _ in remitted.parts}


def test_what_was_before_is_the_opening_and_a_day_is_one_where_we_are() -> None:
    world = paid_twice()
    one, two = statement(world).lines
    later = statement(world, (two.on, two.on))
    assert (later.accounts[0].opening, later.lines) == (one.amount, (two,))
    earlier = statement(world, (one.on, one.on))
    assert (earlier.accounts[0].closing, earlier.lines) == (one.amount, (one,))
    assert statement(world, (date(2025, 1, 1), date(2025, 12, 31))).accounts[0].closing.minor == 0


def test_money_that_went_back_says_of_which_line_it_was() -> None:
    world = paid_twice()
    case = world.cases.load(next(iter(world.cases.of_client(world.client.client_id))).case_id)
    take_back(world, case, "pay_a")
    *_, back = statement(world).lines
    assert (back.kind, back.amount.minor, back.received.minor) == ("payment_reversed", -3_000, -3_000)
    assert back.bank_line == "line-pay_a" and back.rule is not None
    assert statement(world).accounts[0].came_in.minor == 5_000
    assert statement(world).accounts[0].went_out.minor == -3_000


def test_pages_have_each_line_once_and_the_sums_of_the_whole() -> None:
    world = paid_twice()
    first = statement(world, most=1)
    second = statement(world, after=first.after, most=1)
    assert first.after and not second.after
    assert [*first.lines, *second.lines] == list(statement(world).lines)
    assert first.accounts == second.accounts == statement(world).accounts


def test_nothing_of_another_client_is_in_it() -> None:
    world = paid_twice()
    other = replace(world.client, client_id=ClientId("cli_other"))
    made = client_statement(other, *YEAR, book=world.book, cases=world.cases, calendar=load_calendar("FI"))
    assert made.lines == () and made.accounts[0].closing.minor == 0


@pytest.mark.parametrize(
    ("days", "field"),
    [((date(2026, 2, 1), date(2026, 1, 1)), "from"), ((date(2026, 1, 1), date(2027, 1, 2)), "to")],
)
def test_days_out_of_order_or_too_many_are_refused(days: tuple[date, date], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        statement(world_with(), days)
    assert refused.value.field == field


def test_only_entries_that_move_its_money_lie_with_the_client() -> None:
    world = lived()
    for entry in world.ledger(60):
        touches = any(held_for(line.account) for line in entry.lines)
        assert (moved_by(entry) is not None) == touches == ("client_key" in entry_keys(entry))
    assert held_for("client:cli_1:claims") is None and held_for("payable") is None

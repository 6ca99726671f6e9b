"""BgMax and OCR giro from the inbox to the books of Swedish and Norwegian cases; KTL beside them.

A Finnish agency with accounts abroad: what a bank's check of the reference does for a part payment, and
what it does not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import pytest
from sovinto.countries import load_pack
from sovinto.domain.case import Case
from sovinto.domain.client import Client
from sovinto.domain.debtor import Address
from sovinto.domain.money import Money
from sovinto.usecases.suspense import post_suspense

from tests.support.books import check_books
from tests.support.moves import owed
from tests.support.people import CLIENT
from tests.support.statements import camt053, itemised
from tests.support.world import World
from tests.unit.formats.statement import test_bgmax as bgmax
from tests.unit.formats.statement import test_ocr_giro as giro
from tests.unit.formats.statement.published_files import lines
from tests.unit.usecases.test_import_formats import NORDIC, NORWEGIAN, SWEDISH, books, deliver

DAY, LATER = date(2026, 1, 5), date(2026, 1, 8)
STREETS = {
    "SE": Address("Storgatan 1", "903 26", "Umeå", "SE"),
    "NO": Address("Gata 1", "0150", "Oslo", "NO"),
}
BY_RULE = "matching.reference_checked_by_bank"


@dataclass(frozen=True)
class Giro:
    """One payment in a file of that country; `who` is a name in BgMax, an account in OCR giro."""

    country: str
    iban: str
    build: Callable[..., bytes]


def by_bgmax(
    case: Case, minor: int, *, who: str = "", is_checked: bool = True, number: int = 7, on: date = DAY
) -> bytes:
    paid = bgmax.payment(case.payment_reference, minor, sender="0" * 10)
    paid = paid if is_checked else paid[:55] + "5" + paid[56:]
    named = (f"26{who}",) if who else ()
    end = bgmax.closing(minor, 1, day=f"{on:%Y%m%d}").replace("00007", f"{number:05d}", 1)
    return lines(bgmax.OPEN, bgmax.BEGIN, paid, *named, end, bgmax.FINAL.format(1, 0, 0, 1))


def by_ocr(
    case: Case, minor: int, *, who: str = "", is_checked: bool = True, number: int = 1, on: date = DAY
) -> bytes:
    kind, day = "10" if is_checked else "21", f"{on:%d%m%y}"
    return lines(
        giro.OPEN,
        giro.BEGIN.replace("0001767676", f"{number:010d}"),
        giro.item(kind, number, minor, case.payment_reference, day=day),
        giro.second(kind, number, payer=who or "0" * 11, day=day).replace("6000432261", f"{number:010d}"),
        giro.end("090088", 1, 4, minor),
        giro.end("000089", 1, 6, minor),
    )


SWEDEN, NORWAY = Giro("SE", SWEDISH, by_bgmax), Giro("NO", NORWEGIAN, by_ocr)
BOTH = pytest.mark.parametrize("at", [SWEDEN, NORWAY], ids=["BgMax", "OCR giro"])


def client_in(country: str) -> Client:
    currency = load_pack(country).currency
    return replace(CLIENT, country=country, currency=currency, setup_fee=Money(10_000, currency))


def placed(at: Giro, world: World, **given: object) -> Case:
    language = load_pack(at.country).languages[0]
    home: dict[str, object] = {"address": STREETS[at.country], "language": language, "principal": 100_000}
    return world.place(**(home | given))  # type: ignore[arg-type]


def world_of(at: Giro) -> World:
    return World(client=client_in(at.country))


def arrive(world: World, data: bytes, name: str = "file") -> dict[str, int]:
    return deliver(world, data, agency=NORDIC, name=name)


def sum_on_statement(at: Giro, minor: int) -> bytes:
    currency = load_pack(at.country).currency
    told = camt053(itemised(minor, on=DAY), change=minor, iban=at.iban).decode()
    return told.replace('"EUR"', f'"{currency}"').replace("<Ccy>EUR", f"<Ccy>{currency}").encode()


def post_by_hand(world: World, case: Case) -> None:
    """The first part is posted by a person, and days pass."""
    (row,) = world.book.suspense()
    post_suspense(
        row.payment.payment_id,
        case.case_id,
        by="col_1",
        book=world.book,
        cases=world.cases,
        clock=world.clock,
    )
    world.clock.advance(days=3)


def rules_used(world: World, case: Case) -> list[str]:
    """How the payments of the case were found."""
    found = []
    for entry in world.cases.entries(case.case_id):
        if entry.kind == "payment_allocated" and entry.explanation is not None:
            found.append(dict(entry.explanation.inputs)["matched_by"])
    return sorted(found)


@BOTH
def test_a_payment_by_the_reference_closes_its_case_and_the_statement_moves_its_sum(at: Giro) -> None:
    world = world_of(at)
    case = placed(at, world)
    minor = owed(world, case)
    paid = at.build(case, minor)
    assert arrive(world, paid) == {"matched": 1}
    assert not world.cases.load(case.case_id).is_open
    assert books(world) == {"bank:details": minor}
    assert rules_used(world, case) == ["matching.reference_and_sum"]
    assert arrive(world, sum_on_statement(at, minor), "s") == {"transfers": 1}
    assert books(world) == {"bank:collection": minor}
    assert arrive(world, paid, "again") == {"repeated": 1}
    check_books(world.ledger())


@BOTH
def test_the_first_part_of_an_unknown_payer_waits_and_the_next_are_posted(at: Giro) -> None:
    world = world_of(at)
    case = placed(at, world)
    assert arrive(world, at.build(case, 12_300)) == {"suspense": 1}
    (row,) = world.book.suspense()
    assert row.suggestions[0].case_id == case.case_id
    post_by_hand(world, case)
    again = at.build(case, 12_300, number=8)
    assert arrive(world, again, "same day") == {"suspense": 1}, "it may be the same payment told again"
    assert arrive(world, at.build(case, 12_300, number=9, on=LATER), "later") == {"matched": 1}
    assert rules_used(world, case) == ["matching.by_hand", BY_RULE]
    assert arrive(world, at.build(case, 12_400, number=10, on=LATER), "other sum") == {"suspense": 1}
    check_books(world.ledger())


@BOTH
def test_a_reference_that_the_bank_did_not_check_needs_more(at: Giro) -> None:
    world = world_of(at)
    case = placed(at, world)
    arrive(world, at.build(case, 12_300))
    post_by_hand(world, case)
    unchecked = at.build(case, 12_300, number=8, is_checked=False, on=LATER)
    assert arrive(world, unchecked, "second") == {"suspense": 1}


@BOTH
def test_more_than_is_owed_needs_more_than_the_same_sum(at: Giro) -> None:
    world = world_of(at)
    case = placed(at, world)
    part = owed(world, case) * 3 // 5
    arrive(world, at.build(case, part))
    post_by_hand(world, case)
    assert arrive(world, at.build(case, part, number=8, on=LATER), "second") == {"suspense": 1}
    assert "neither payer, account nor sum" in world.book.suspense()[0].reason


def test_a_swedish_part_is_posted_by_the_name_beside_its_reference() -> None:
    world = world_of(SWEDEN)
    case = placed(SWEDEN, world)
    assert arrive(world, by_bgmax(case, 12_300, who="Testinen, Tiina")) == {"matched": 1}
    assert rules_used(world, case) == ["matching.reference"]


def test_a_norwegian_account_that_paid_another_case_of_the_debtor() -> None:
    """The closed case was paid in full from it; a part for the next one names nobody else."""
    world, account = world_of(NORWAY), "88881011128"
    first, other = placed(NORWAY, world), placed(NORWAY, world, reference="A-2", principal=200_000)
    arrive(world, by_ocr(first, owed(world, first), who=account))
    assert not world.cases.load(first.case_id).is_open
    assert arrive(world, by_ocr(other, 12_300, who=account, number=2), "part") == {"matched": 1}
    assert rules_used(world, other) == [BY_RULE]
    stranger = by_ocr(other, 12_400, who="88881011136", number=3)
    assert arrive(world, stranger, "stranger") == {"suspense": 1}


@BOTH
def test_the_other_case_of_a_debtor_abroad_is_seen(at: Giro) -> None:
    """A part of the named case may be the sum of the debtor's other one: both are of that country."""
    world = world_of(at)
    case, other = placed(at, world), placed(at, world, reference="A-2", principal=20_000)
    assert arrive(world, at.build(case, owed(world, other))) == {"suspense": 1}
    assert "another case of the payer" in world.book.suspense()[0].reason

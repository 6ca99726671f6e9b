"""Several claims in one case: interest each from its own due date, and one fee for the case."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from sovinto.countries import load_pack
from sovinto.domain.case import Case, Claim
from sovinto.domain.client import Client
from sovinto.domain.debtor import Address
from sovinto.domain.ledger import Entry, balance_of
from sovinto.domain.money import Money
from sovinto.usecases.place_case import Request

from tests.support.outside import HandClock
from tests.support.world import CLIENT, World

OLD, NEW = date(2025, 6, 2), date(2025, 11, 3)
HOMES = {
    "FI": Address("Kotikatu 3", "00200", "Helsinki", "FI"),
    "NL": Address("Voorbeeldstraat 2", "1011 AA", "Amsterdam", "NL"),
}


def client_in(country: str) -> Client:
    return replace(CLIENT, country=country, is_vat_deductible=True)


def placed(country: str, *claims: tuple[int, date]) -> tuple[World, Case]:
    """A consumer's case of these principals in cents, with their due dates."""
    monday = HandClock(datetime(2026, 1, 5, 10, tzinfo=UTC))
    world = World(clock=monday, client=client_in(country))
    language = load_pack(country).languages[0]
    placement = replace(
        world.placement(address=HOMES[country], language=language, phone=None),
        claims=tuple(
            Claim(f"I-{at}", due_on, Money(minor, "EUR")) for at, (minor, due_on) in enumerate(claims)
        ),
    )
    return world, world.cases.load(world.hand_over(placement, Request("key", "digest")).case_id)


def lived(country: str, *claims: tuple[int, date], days: int = 45) -> tuple[Entry, ...]:
    world, case = placed(country, *claims)
    world.live(case.case_id, days)
    return world.cases.entries(case.case_id)


def total(entries: tuple[Entry, ...], kind: str, label: str = "") -> int:
    """What entries of a kind made the debtor owe, in cents."""
    return sum(
        line.amount.minor
        for entry in entries
        if entry.kind == kind and label in ("", entry.label)
        for line in entry.lines
        if line.account.startswith("debtor:")
    )


def test_each_claim_bears_interest_from_its_own_due_date() -> None:
    """As much as if each were the only one of its case, over the same days."""
    both = lived("FI", (100_000, OLD), (40_000, NEW))
    first, second = lived("FI", (100_000, OLD)), lived("FI", (40_000, NEW))
    assert total(both, "interest_accrued", "I-0") == total(first, "interest_accrued") > 0
    assert total(both, "interest_accrued", "I-1") == total(second, "interest_accrued") > 0


def test_the_letters_of_two_claims_charge_one_fee() -> None:
    for country in HOMES:
        fees = [
            entry for entry in lived(country, (10_000, OLD), (10_000, NEW)) if "fee_charged" in entry.kind
        ]
        assert len({entry.label for entry in fees}) == len(fees) > 0


def test_the_dutch_fee_is_worked_out_from_the_sum_of_the_principals() -> None:
    """15 % of the sum up to EUR 2,500, not twice the least of EUR 40 (Besluit BIK, article 2)."""
    together = total(lived("NL", (60_000, OLD), (40_000, NEW)), "fee_charged")
    assert together == total(lived("NL", (100_000, OLD)), "fee_charged") == 15_000
    small = total(lived("NL", (10_000, OLD), (10_000, NEW)), "fee_charged")
    assert small == 4_000


def test_the_finnish_fee_is_the_same_for_one_claim_and_for_two_of_the_same_sum() -> None:
    one, two = lived("FI", (100_000, OLD)), lived("FI", (60_000, OLD), (40_000, NEW))
    assert total(one, "fee_charged") == total(two, "fee_charged") > 0


def test_a_claim_too_young_for_a_fee_keeps_the_whole_case_without() -> None:
    """The least that any claim of the case allows: a letter asks for all of them at once."""
    young = date(2026, 1, 2)
    mixed = lived("FI", (60_000, OLD), (40_000, young), days=1)
    assert total(mixed, "fee_charged") <= total(lived("FI", (60_000, OLD), days=1), "fee_charged")


def test_the_balance_is_the_fold_of_all_claims() -> None:
    world, case = placed("FI", (60_000, OLD), (40_000, NEW))
    world.live(case.case_id, 20)
    entries = world.cases.entries(case.case_id)
    assert balance_of(case.case_id, "EUR", entries).principal == Money(100_000, "EUR")
    assert case.due_on == NEW

"""What changes between two days, and from when a pack cannot calculate any more."""

from __future__ import annotations

from datetime import date
from typing import Any

from sovinto.countries.loader import build_pack
from sovinto.domain.debtor import DebtorType
from sovinto.domain.law.compare import changes
from sovinto.domain.law.coverage import rates_missing_from
from sovinto.domain.law.model import Pack

IDENTITY: dict[str, Any] = {
    "country": "FI",
    "currency": "EUR",
    "languages": ["fi"],
    "zone": "Europe/Helsinki",
    "ladder": {"consumer": ["reminder"], "business": ["reminder"]},
    "calendar": {"first_on": date(2022, 1, 1), "last_on": date(2030, 12, 31)},
}
BOTH = ["consumer", "business"]
FIRST, TURN = date(2025, 1, 1), date(2025, 7, 1)
BEFORE = date(2025, 6, 30)


def row(rule_id: str, begins: date = FIRST, ends: date | None = None, **values: Any) -> dict[str, Any]:
    cited = {
        "rule_id": f"fi.{rule_id}",
        "valid_from": begins,
        "unit": "a unit",
        "statute": "a statute",
        "source": "a source",
        "certainty": "assumed",
        "debtor_types": BOTH,
    }
    return {**cited, **({"valid_to": ends} if ends else {}), **values}


def terms(**values: Any) -> dict[str, Any]:
    return row("terms", day_count="act/365", compounding="simple", movement="floating", **values)


def pack(**tables: list[dict[str, Any]]) -> Pack:
    return build_pack(IDENTITY, tables)


def told(found: Pack) -> list[tuple[str, str, set[str], bool]]:
    return [
        (
            change.old.citation.rule_id if change.old else "",
            change.new.citation.rule_id if change.new else "",
            {kind.value for kind in change.debtor_types},
            change.is_same_value,
        )
        for change in changes(found, before=BEFORE, after=TURN)
    ]


def test_a_rule_that_holds_on_both_days_is_no_change() -> None:
    assert told(pack(margin=[row("margin", percent="7")])) == []


def test_one_rule_for_all_may_become_one_for_each() -> None:
    margins = [
        row("old", ends=BEFORE, percent="7"),
        row("consumer", TURN, percent="7", debtor_types=["consumer"]),
        row("business", TURN, percent="8", debtor_types=["business"]),
    ]

    assert told(pack(margin=margins)) == [
        ("fi.old", "fi.business", {"business"}, False),
        ("fi.old", "fi.consumer", {"consumer"}, True),
    ]


def test_rules_with_the_same_keys_belong_together() -> None:
    waits = [
        row("reminder.old", ends=BEFORE, letter="reminder", calendar_days=14),
        row("demand.old", ends=BEFORE, letter="demand", calendar_days=14),
        row("demand.new", TURN, letter="demand", calendar_days=15),
        row("second.new", TURN, letter="second_demand", calendar_days=15),
    ]

    assert told(pack(wait=waits)) == [
        ("fi.reminder.old", "", {"consumer", "business"}, False),
        ("fi.demand.old", "fi.demand.new", {"consumer", "business"}, False),
        ("", "fi.second.new", {"consumer", "business"}, False),
    ]


def test_a_rule_for_several_letters_is_told_once() -> None:
    (change,) = changes(
        pack(content=[row("all", TURN, letters=["reminder", "demand"], items=["total"])]),
        before=BEFORE,
        after=TURN,
    )

    assert change.about == (frozenset({"reminder", "demand"}),)
    assert change.debtor_types == frozenset(DebtorType)


def test_a_rate_is_missing_from_the_first_hole() -> None:
    margin = [row("margin", percent="7")]
    rates = [row("h1", ends=BEFORE, percent="2"), row("h2", date(2025, 8, 1), percent="2")]
    holed = pack(interest_terms=[terms()], margin=margin, reference_rate=rates)

    assert rates_missing_from(holed) == TURN


def test_no_rate_is_missing_where_all_is_open_or_by_contract_only() -> None:
    rates = {"margin": [row("margin", percent="7")], "reference_rate": [row("rate", percent="2")]}

    assert rates_missing_from(pack(interest_terms=[terms()], **rates)) is None
    assert rates_missing_from(pack(interest_terms=[terms(basis="contract_only")])) is None


def test_interest_terms_that_end_or_are_not_there_leave_a_hole_too() -> None:
    rates = {"margin": [row("margin", percent="7")], "reference_rate": [row("rate", percent="2")]}

    assert rates_missing_from(pack(interest_terms=[terms(ends=BEFORE)], **rates)) == TURN
    assert rates_missing_from(pack(**rates)) == FIRST
    one = [terms(debtor_types=["consumer"])]
    assert rates_missing_from(pack(interest_terms=one, **rates)) == FIRST

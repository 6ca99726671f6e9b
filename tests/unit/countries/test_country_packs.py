"""Loading country packs: cited, dated, free of twins, and closed to everything else."""

from __future__ import annotations

import copy
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from sovinto.countries import load_calendar, load_pack
from sovinto.countries.files import country_folder, read_toml, rule_files
from sovinto.countries.loader import build_pack
from sovinto.domain.debtor import DebtorType
from sovinto.domain.law.kinds import Certainty, FeeKind
from sovinto.domain.law.rows import (
    FeeRow,
    InvoiceNoticeRow,
    LumpSumRow,
    MarginRow,
    ReferenceRateRow,
    VatRow,
)
from sovinto.errors import InvalidInput, LawMissing

# Finland gives lump sums between businesses only, asks invoices to consumers only for notice, and
# our own invoices go to businesses.
FOR_ONE_KIND = {InvoiceNoticeRow, LumpSumRow, VatRow}

IDENTITY: dict[str, Any] = {
    "country": "FI",
    "currency": "EUR",
    "languages": ["fi"],
    "zone": "Europe/Helsinki",
    "ladder": {"consumer": ["reminder"]},
    "calendar": {"first_on": date(2022, 1, 1), "last_on": date(2030, 12, 31)},
}
CITED: dict[str, Any] = {
    "rule_id": "fi.margin.consumer",
    "valid_from": date(2022, 1, 1),
    "unit": "percent a year",
    "statute": "Korkolaki 633/1982 4 §",
    "source": "a source",
    "certainty": "assumed",
    "debtor_types": ["consumer"],
}


def margin(**changes: Any) -> dict[str, Any]:
    row = {**CITED, "percent": "7", **changes}
    return {key: value for key, value in row.items() if value is not None}


def test_the_finnish_pack_is_read_once() -> None:
    pack = load_pack("FI")
    assert pack is load_pack("FI")
    assert (pack.country, pack.currency, pack.zone) == ("FI", "EUR", "Europe/Helsinki")
    assert pack.languages == ("fi", "sv", "en")


@pytest.mark.parametrize("code", ["XX", "fi", "", "..", "FIN", "F/"])
def test_an_unknown_country_is_refused(code: str) -> None:
    with pytest.raises(LawMissing, match="no country pack"):
        load_pack(code)


def test_every_finnish_rule_is_cited_and_none_is_signed_off() -> None:
    rows = load_pack("FI").rows
    assert len(rows) > 40
    for row in rows:
        assert row.citation.statute.strip()
        assert row.citation.source.strip()
        assert row.citation.signed_off_by is None
    assert {row.citation.certainty for row in rows} == set(Certainty)


@pytest.mark.parametrize("debtor_type", list(DebtorType))
def test_every_question_has_a_finnish_answer(debtor_type: DebtorType) -> None:
    pack = load_pack("FI")
    for group in pack.rules.values():
        assert any(row.is_for(debtor_type) for row in group) or type(group[0]) in FOR_ONE_KIND
    kinds = {row.kind for row in pack.of(FeeRow) if row.is_for(debtor_type)}
    not_in_finland = {FeeKind.LUMP_SUM, FeeKind.NOTICE_FEE}
    of_businesses = {FeeKind.TRATTA_FEE} if debtor_type is DebtorType.CONSUMER else set()
    assert kinds == set(FeeKind) - not_in_finland - of_businesses


def test_half_years_follow_each_other_without_a_hole() -> None:
    rates = load_pack("FI").of(ReferenceRateRow)
    for earlier, later in pairwise(rates):
        assert earlier.citation.valid_to is not None
        assert (later.citation.valid_from - earlier.citation.valid_to).days == 1


@pytest.mark.parametrize(
    "field", ["statute", "source", "rule_id", "valid_from", "certainty", "unit", "debtor_types"]
)
def test_a_row_without_its_citation_does_not_load(field: str) -> None:
    with pytest.raises(InvalidInput, match=field):
        build_pack(IDENTITY, {"margin": [margin(**{field: None})]})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"statute": " "}, "citation"),
        ({"percent": 7.0}, "percentage is text"),
        ({"percent": "7,0"}, "percentage is text"),
        ({"valid_to": date(2021, 1, 1)}, "valid_to"),
        ({"signed_off_by": "A Lawyer"}, "signed_off"),
        ({"debtor_types": []}, "debtor_types"),
        ({"certainty": "sure"}, "certainty"),
        ({"surprise": 1}, "surprise"),
        ({"rule_id": "no spaces"}, "rule_id"),
        ({"rule_id": "se.margin"}, "begin with fi"),
    ],
)
def test_a_faulty_row_is_refused_with_its_field(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        build_pack(IDENTITY, {"margin": [margin(**changes)]})


def test_a_signed_row_loads() -> None:
    pack = build_pack(
        IDENTITY, {"margin": [margin(signed_off_by="A Lawyer", signed_off_on=date(2026, 1, 2))]}
    )
    assert pack.of(MarginRow)[0].citation.signed_off_by == "A Lawyer"


def test_an_unknown_table_is_refused() -> None:
    with pytest.raises(InvalidInput, match="marginn"):
        build_pack(IDENTITY, {"marginn": [margin()]})


def test_a_repeated_id_is_refused() -> None:
    with pytest.raises(InvalidInput, match="unique"):
        build_pack(IDENTITY, {"margin": [margin(), margin(debtor_types=["business"])]})


@pytest.mark.parametrize(
    ("first_to", "second_from", "is_refused"),
    [
        (None, date(2023, 1, 1), True),
        (date(2023, 1, 1), date(2023, 1, 1), True),
        (date(2022, 12, 31), date(2023, 1, 1), False),
    ],
)
def test_twin_rules_for_one_day_are_refused(
    first_to: date | None, second_from: date, is_refused: bool
) -> None:
    rows = [margin(valid_to=first_to), margin(rule_id="fi.margin.later", valid_from=second_from)]
    if is_refused:
        with pytest.raises(InvalidInput, match="same day"):
            build_pack(IDENTITY, {"margin": rows})
    else:
        assert len(build_pack(IDENTITY, {"margin": rows}).of(MarginRow)) == 2


def finnish_tables() -> dict[str, list[Any]]:
    merged: dict[str, list[Any]] = {}
    for file in rule_files(country_folder("FI"), frozenset({"pack.toml", "policy.toml"})):
        for name, items in read_toml(file).items():
            merged.setdefault(name, []).extend(items)
    return copy.deepcopy(merged)


@pytest.mark.parametrize(
    "table", ["fee", "fee_count", "fee_cap", "wait", "response", "form", "contact", "invoice_notice"]
)
def test_a_twin_of_a_shipped_rule_is_refused(table: str) -> None:
    data = finnish_tables()
    data[table].append({**data[table][0], "rule_id": "fi.twin"})
    with pytest.raises(InvalidInput, match=r"fi\.twin"):
        build_pack(IDENTITY, data)


@pytest.mark.parametrize(
    ("table", "changes", "message"),
    [
        ("fee", {"bands": [{"up_to": "100", "amount": "1"}]}, "last band"),
        ("fee", {"bands": []}, "bands"),
        ("fee", {"bands": [{"amount": 5.0}]}, "amount"),
        ("fee_cap", {"bands": [{"amount": "-1"}]}, "amount"),
        ("allocation", {"order": ["principal", "interest", "fee"]}, "order"),
        ("contact", {"windows": [{"weekdays": ["mon"], "opens": "20:00", "closes": "08:00"}]}, "closes"),
        (
            "contact",
            {"windows": [{"weekdays": ["monday"], "opens": "08:00", "closes": "20:00"}]},
            "weekday",
        ),
        ("contact", {"windows": [{"weekdays": ["mon"], "opens": "8", "closes": "20:00"}]}, "time"),
        ("interest_terms", {"day_count": "30/360"}, "day_count"),
        ("interest_terms", {"compounding": "daily"}, "compounding"),
        ("wait", {"calendar_days": -1}, "calendar_days"),
    ],
)
def test_figures_the_engine_cannot_use_are_refused(
    table: str, changes: dict[str, Any], message: str
) -> None:
    data = finnish_tables()
    data[table][0].update(changes)
    with pytest.raises(InvalidInput, match=message):
        build_pack(IDENTITY, data)


@pytest.mark.parametrize("changes", [{"country": "Finland"}, {"currency": "eur"}, {"languages": []}])
def test_a_faulty_identity_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match=next(iter(changes))):
        build_pack({**IDENTITY, **changes}, {})


def test_the_calendar_covers_its_years_and_is_built_once() -> None:
    calendar = load_calendar("FI")
    assert calendar is load_calendar("FI")
    for year in range(calendar.first_on.year, calendar.last_on.year + 1):
        assert date(year, 12, 6) in calendar.holidays
        assert date(year, 12, 24) in calendar.holidays

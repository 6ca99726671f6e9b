"""What the loader refuses, so that no principal meets a wrong band and no letter a missing rule."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sovinto.countries import load_pack
from sovinto.countries.checks import check_ladders
from sovinto.countries.loader import build_pack
from sovinto.domain.law.kinds import FeeKind, LetterKind
from sovinto.domain.law.rows import FeeRow, Row, ScaleRow, WaitRow
from sovinto.errors import InvalidInput

from tests.support.packs import with_rows
from tests.unit.domain.law.test_law_tariff import IDENTITY, fee, pack, row

STEP = {"amount": "1"}


@pytest.mark.parametrize(
    ("table", "fields", "message"),
    [
        ("fee", fee(bands=[{"up_to": "9", "amount": "2"}, {"up_to": "5", "amount": "1"}, STEP]), "rise"),
        ("fee", fee(bands=[{"up_to": "9", "amount": "2"}, {"up_to": "9", "amount": "1"}, STEP]), "rise"),
        ("fee", fee(bands=[STEP, {"up_to": "5", "amount": "1"}, STEP]), "rise"),
        ("fee", fee(bands=[STEP], minimum="5", maximum="4.99"), "minimum"),
        ("fee", fee(bands=[{"percent_of_excess": "-1"}]), "negative"),
        ("lump_sum", row("fi.lump", bands=[{"up_to": "5", "amount": "1"}], offsets=True), "last band"),
        ("lump_sum", row("fi.lump", bands=[{"factor": "2"}], offsets=True), "amount by principal"),
        ("scale", row("fi.s", name="x", steps=[STEP | {"add": "1"}]), "belong together"),
        ("scale", row("fi.s", name="x", steps=[STEP | {"add": "1", "per": "0"}]), "above zero"),
        (
            "scale",
            row("fi.s", name="x", steps=[STEP | {"up_to": "9"}, STEP | {"up_to": "5"}, STEP]),
            "rise",
        ),
    ],
)
def test_an_unsound_table_does_not_load(table: str, fields: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        pack(**{table: [fields]})


def test_a_scale_may_stand_at_zero() -> None:
    steps = [{"up_to": "5", "amount": "3"}, {"amount": "0"}]
    (scale,) = pack(scale=[row("fi.s", name="x", steps=steps)]).of(ScaleRow)
    assert [step.amount.minor for step in scale.steps] == [300, 0]


def test_a_misspelt_zone_is_a_refusal_not_a_crash() -> None:
    with pytest.raises(InvalidInput, match="no IANA time zone"):
        build_pack({**IDENTITY, "zone": "Europe/Helsingfors"}, {})


def without(kind: type[Row], **same: object) -> tuple[Row, ...]:
    rows = load_pack("FI").of(kind)
    return tuple(r for r in rows if any(getattr(r, name) != value for name, value in same.items()))


def test_a_letter_of_the_ladder_needs_a_waiting_rule() -> None:
    check_ladders(load_pack("FI"))
    holed = with_rows(load_pack("FI"), WaitRow, *without(WaitRow, letter=LetterKind.DEMAND))
    with pytest.raises(InvalidInput, match="no wait row for a demand"):
        check_ladders(holed)


def test_a_letter_earns_one_kind_of_fee() -> None:
    finnish = load_pack("FI")
    demand = next(r for r in finnish.of(FeeRow) if r.kind is FeeKind.DEMAND_FEE)
    twice = replace(demand, kind=FeeKind.NOTICE_FEE)
    with pytest.raises(InvalidInput, match="earned by one letter"):
        check_ladders(with_rows(finnish, FeeRow, *finnish.of(FeeRow), twice))


def test_a_tariff_names_a_scale_that_is_there() -> None:
    with pytest.raises(InvalidInput, match="scale inkassosats has no row"):
        check_ladders(with_rows(load_pack("NO"), ScaleRow))

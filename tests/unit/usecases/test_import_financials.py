"""Figures of a company reach every open case against it, once, and say what became of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sovinto.adapters.codec import decode
from sovinto.domain.agreement import Financials
from sovinto.domain.case import Case, Closure
from sovinto.domain.company import CompanyFigures
from sovinto.domain.debtor import DebtorType
from sovinto.errors import InvalidInput
from sovinto.usecases.import_financials import Imported, import_financials
from sovinto.usecases.stop_case import stop_case

from tests.support.world import World

COMPANY = {"debtor_type": DebtorType.BUSINESS, "registration_id": "0112038-9"}
FIGURES = CompanyFigures(
    "FI 0112038-9".removeprefix("FI "),
    "FI",
    date(2025, 12, 31),
    "credit register",
    year=2025,
    turnover="1000.00",
    profit="-20.50",
    employees=3,
)


def given(world: World, figures: CompanyFigures = FIGURES, barred: Case | None = None) -> Imported:
    return import_financials(
        figures,
        by="col_1",
        cases=world.cases,
        clock=world.clock,
        is_barred=lambda case: barred is not None and case.case_id == barred.case_id,
    )


def known(world: World, case: Case) -> Financials:
    found = world.cases.load(case.case_id).financials
    assert found is not None
    return found


def test_every_open_case_of_the_company_gets_them_once() -> None:
    world = World()
    one, two, closed = (world.place(reference=f"A-{number}", **COMPANY) for number in range(3))
    other = world.place(reference="B-1", **COMPANY | {"registration_id": "0737546-2"})
    stop_case(closed.case_id, Closure.WITHDRAWN, by="col_1", cases=world.cases, clock=world.clock)
    done = given(world)
    assert set(done.recorded) == {one.case_id, two.case_id}
    assert done.words == "recorded in 2 cases"
    told = known(world, one)
    assert (told.turnover_minor, told.profit_minor, told.year, told.has_default_entry) == (
        100_000,
        -2_050,
        2025,
        None,
    )
    assert world.cases.load(other.case_id).financials is None
    assert given(world).words == "nothing new for 2 cases"


def test_a_company_nobody_collects_from() -> None:
    world = World()
    assert given(world).words == "no open case is against this company; nothing to record"
    with pytest.raises(InvalidInput, match="registration_id must name the company"):
        given(world, replace(FIGURES, registration_id="--"))


def test_the_year_before_comes_from_the_row_before() -> None:
    world = World()
    case = world.place(**COMPANY)
    given(world, replace(FIGURES, year=2024, turnover="5000.00", as_of=date(2024, 12, 31)))
    given(world)
    assert (known(world, case).turnover_minor, known(world, case).turnover_before_minor) == (
        100_000,
        500_000,
    )
    older = given(world, replace(FIGURES, year=2024))
    assert "year must not lie before that of the figures we have, 2025" in older.words
    given(world, replace(FIGURES, year=2026, turnover=None, as_of=date(2026, 1, 2)))
    assert known(world, case).turnover_minor is None, "last year's turnover is not this year's"


def test_not_to_know_of_an_entry_takes_none_back() -> None:
    world = World()
    case = world.place(**COMPANY)
    given(world, replace(FIGURES, has_default_entry=True))
    given(world, replace(FIGURES, source="another register"))
    assert known(world, case).has_default_entry is True
    given(world, replace(FIGURES, has_default_entry=False))
    assert known(world, case).has_default_entry is False


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"currency": "SEK"}, "currency must be that of the case, EUR, not SEK"),
        ({"turnover": "1.005"}, "turnover must be an amount in EUR"),
        ({"as_of": date(2026, 3, 1)}, "as_of must not lie after today"),
        ({"assets": "-1"}, "assets_minor must be zero or more"),
        ({"year": 1066}, "year must be from 1900 to 2100"),
    ],
)
def test_what_a_case_refuses_is_told(changes: dict[str, object], said: str) -> None:
    world = World()
    case = world.place(**COMPANY)
    done = given(world, replace(FIGURES, **changes))  # type: ignore[arg-type]
    assert done.words.startswith(f"not in {case.case_id} (")
    assert said in done.words


def test_a_case_with_a_conflict_is_left_out() -> None:
    world = World()
    case = world.place(**COMPANY)
    assert "conflict of interest" in given(world, barred=case).words
    assert world.cases.load(case.case_id).financials is None


def test_figures_stored_before_a_default_entry_could_be_unknown() -> None:
    stored = '{"as_of":"2025-01-01","source":"register","has_default_entry":false}'
    assert decode(Financials, stored).has_default_entry is False
    assert decode(Financials, '{"as_of":"2025-01-01","source":"x"}').has_default_entry is None

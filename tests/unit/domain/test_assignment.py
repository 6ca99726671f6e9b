"""Assignment: local, in the debtor's language, even by share, never with a conflict, always somebody."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sovinto.domain.agreement import Owner
from sovinto.domain.assignment import AGENCY, Collector, Matter, assign, collector_name
from sovinto.ids import CaseId

AINO = Collector("col_1", "Aino", ("FI",), ("fi", "en"))
ERIK = Collector("col_2", "Erik", ("FI", "SE"), ("sv", "en"))
JANA = Collector("col_3", "Jana", ("DE",), ("de",))
ALL = (JANA, AINO, ERIK)
MATTER = Matter(CaseId("case_1"), "FI", "fi", frozenset({"cli_1", "0737546-2"}))

CODES = st.sampled_from(["FI", "SE", "DE", "NL"])
WORDS = st.sampled_from(["fi", "sv", "de", "en"])
PARTIES = st.sampled_from(["cli_1", "cli_2", "0737546-2", "1234567-1"])
COLLECTORS = st.lists(
    st.builds(
        Collector,
        collector_id=st.integers(1, 99).map(lambda number: f"col_{number}"),
        name=st.just("Somebody"),
        countries=st.lists(CODES, max_size=3).map(tuple),
        languages=st.lists(WORDS, max_size=3).map(tuple),
        share=st.integers(1, 9),
        conflicts=st.lists(PARTIES, max_size=2).map(tuple),
    ),
    max_size=6,
    unique_by=lambda one: one.collector_id,
)
MATTERS = st.builds(
    Matter,
    case_id=st.integers().map(lambda number: CaseId(f"case_{number}")),
    country=CODES,
    language=WORDS,
    parties=st.frozensets(PARTIES, max_size=3),
)


def owner(matter: Matter = MATTER, collectors: tuple[Collector, ...] = ALL) -> Owner:
    return assign(matter, collectors, "Maija")


def test_the_language_of_the_debtor_comes_first() -> None:
    assert owner() == Owner("col_1", "Maija", "language fi")
    assert owner(replace(MATTER, language="sv")).collector_id == "col_2"


def test_where_nobody_speaks_it_anyone_of_the_country_is_next() -> None:
    found = owner(replace(MATTER, language="et"))
    assert found.collector_id in {"col_1", "col_2"}
    assert found.reason == "any of FI"


def test_where_nobody_is_local_the_lead_has_it() -> None:
    assert owner(replace(MATTER, country="NL")) == Owner("col_3", "Maija", "lead")


def test_a_conflict_with_either_side_goes_before_everything() -> None:
    for side in ("cli_1", "0737546-2"):
        partial = replace(AINO, conflicts=(side,))
        assert owner(collectors=(JANA, partial, ERIK)).collector_id == "col_2"
    lead = replace(JANA, conflicts=("cli_1",))
    assert owner(replace(MATTER, country="NL"), (lead, AINO)) == Owner("col_1", "Maija", "lead")


def test_where_everybody_has_a_conflict_the_agency_itself_answers() -> None:
    everybody = tuple(replace(one, conflicts=("cli_1",)) for one in ALL)
    assert owner(collectors=everybody).collector_id == AGENCY
    assert owner(collectors=()).collector_id == AGENCY


@pytest.mark.parametrize("shares", [(1, 1), (1, 2), (1, 1, 1), (3, 2, 5)])
def test_cases_are_split_by_share(shares: tuple[int, ...]) -> None:
    """Each within a tenth of their part of 2,000 cases."""
    staff = tuple(replace(AINO, collector_id=f"col_{at}", share=share) for at, share in enumerate(shares))
    drawn = (owner(replace(MATTER, case_id=CaseId(f"case_{n}")), staff) for n in range(2_000))
    counted = Counter(found.collector_id for found in drawn)
    for collector in staff:
        expected = 2_000 * collector.share / sum(shares)
        assert abs(counted[collector.collector_id] - expected) <= expected / 10


def test_one_who_leaves_moves_only_their_own_cases() -> None:
    staff = tuple(replace(AINO, collector_id=f"col_{at}") for at in range(4))
    for number in range(300):
        matter = replace(MATTER, case_id=CaseId(f"case_{number}"))
        before = owner(matter, staff).collector_id
        if before != "col_3":
            assert owner(matter, staff[:3]).collector_id == before


@given(MATTERS, COLLECTORS)
def test_there_always_is_an_owner_and_never_one_with_a_conflict(
    matter: Matter, collectors: list[Collector]
) -> None:
    found = assign(matter, collectors, "Maija")
    chosen = [one for one in collectors if one.collector_id == found.collector_id]
    assert found.reason
    assert chosen or found.collector_id == AGENCY
    assert all(matter.parties.isdisjoint(one.conflicts) for one in chosen)
    if found.collector_id == AGENCY:
        assert all(not matter.parties.isdisjoint(one.conflicts) for one in collectors)


@given(MATTERS, COLLECTORS)
def test_a_repeat_gives_the_same_owner_whatever_the_order_of_locals(
    matter: Matter, collectors: list[Collector]
) -> None:
    found = assign(matter, collectors, "Maija")
    if found.reason != "lead":
        assert assign(matter, collectors[::-1], "Maija") == found


def test_people_see_a_name_also_of_one_who_left() -> None:
    assert collector_name(owner(), ALL, "Sovinto Oy") == "Aino"
    assert collector_name(owner(), (), "Sovinto Oy") == "Sovinto Oy"

"""Limitation, what stops collection, legal steps, what letters must say, how long records are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sovinto.countries import load_pack
from sovinto.domain.debtor import DebtorType
from sovinto.domain.law.contents import kept_until, required_content
from sovinto.domain.law.kinds import (
    Circumstance,
    Content,
    Effect,
    Interruption,
    LetterKind,
    LimitationStart,
    Precondition,
    RecordKind,
)
from sovinto.domain.law.legal_steps import legal_steps
from sovinto.domain.law.limitation import limitation_on
from sovinto.domain.law.model import Pack
from sovinto.domain.law.rows import EffectRow, LegalStepRow, LimitationRow
from sovinto.domain.law.stops import is_stopped, stop_for
from sovinto.domain.money import Money
from sovinto.errors import LawMissing

from tests.support.packs import with_rows

PACK = load_pack("FI")
CONSUMER, BUSINESS = DebtorType.CONSUMER, DebtorType.BUSINESS


def with_limitation(start: LimitationStart) -> Pack:
    row = PACK.of(LimitationRow)[0]
    return with_rows(PACK, LimitationRow, replace(row, start=start, restart_years=2, absolute_years=None))


@pytest.mark.parametrize(
    ("start", "due_on", "last_on"),
    [
        (LimitationStart.DUE_DATE, date(2022, 3, 15), date(2025, 3, 15)),
        (LimitationStart.DUE_DATE, date(2024, 2, 29), date(2027, 2, 28)),
        (LimitationStart.YEAR_END, date(2022, 3, 15), date(2025, 12, 31)),
        (LimitationStart.YEAR_END, date(2022, 12, 31), date(2025, 12, 31)),
        (LimitationStart.YEAR_END, date(2023, 1, 1), date(2026, 12, 31)),
    ],
)
def test_the_last_day_of_the_period(start: LimitationStart, due_on: date, last_on: date) -> None:
    found = limitation_on(with_limitation(start), debtor_type=CONSUMER, due_on=due_on)
    assert found.last_on == last_on
    assert (found.is_time_barred(last_on), found.rules[0].rule_id) == (False, "fi.limitation.consumer")
    assert found.is_time_barred(date.fromordinal(last_on.toordinal() + 1))


@pytest.mark.parametrize(
    ("on", "last_on"),
    [
        (date(2025, 3, 15), date(2027, 3, 15)),
        (date(2025, 3, 16), date(2025, 3, 15)),
        (date(2022, 3, 14), date(2025, 3, 15)),
        (date(2022, 4, 1), date(2025, 3, 15)),
    ],
)
def test_an_interruption_in_time_begins_anew_and_never_shortens(on: date, last_on: date) -> None:
    found = limitation_on(
        with_limitation(LimitationStart.DUE_DATE),
        debtor_type=CONSUMER,
        due_on=date(2022, 3, 15),
        interruptions=[(Interruption.ACKNOWLEDGEMENT, on)],
    )
    assert found.last_on == last_on


def test_nothing_reaches_beyond_the_absolute_end_of_a_natural_person() -> None:
    every_other_year = [(Interruption.WRITTEN_DEMAND, date(year, 6, 1)) for year in range(2006, 2026, 2)]
    ends = [
        limitation_on(
            PACK, debtor_type=kind, due_on=date(2004, 6, 1), interruptions=every_other_year
        ).last_on
        for kind in (CONSUMER, BUSINESS)
    ]
    assert ends == [date(2024, 6, 1), date(2027, 6, 1)]


def test_what_the_law_does_not_know_interrupts_nothing() -> None:
    row = replace(PACK.of(LimitationRow)[0], interrupted_by=frozenset({Interruption.LEGAL_STEP}))
    found = limitation_on(
        with_rows(PACK, LimitationRow, row),
        debtor_type=CONSUMER,
        due_on=date(2022, 3, 15),
        interruptions=[(Interruption.WRITTEN_DEMAND, date(2023, 1, 1))],
    )
    assert found.last_on == date(2025, 3, 15)


def test_interruptions_are_taken_in_the_order_of_their_days() -> None:
    found = limitation_on(
        with_limitation(LimitationStart.DUE_DATE),
        debtor_type=CONSUMER,
        due_on=date(2022, 3, 15),
        interruptions=[
            (Interruption.ACKNOWLEDGEMENT, date(2027, 1, 1)),
            (Interruption.PART_PAYMENT, date(2025, 3, 1)),
        ],
    )
    assert found.last_on == date(2029, 1, 1)


def test_a_disputed_consumer_claim_stops_letters_fees_and_publication() -> None:
    stop = stop_for(PACK, Circumstance.DISPUTE, debtor_type=CONSUMER, since=date(2025, 6, 1))
    assert stop.explanation.statute == "Perintälaki 513/1999 4 b §"
    for effect in (Effect.NO_DEMAND, Effect.NO_FEES, Effect.NO_PUBLICATION):
        assert is_stopped([stop], effect, date(2030, 1, 1))
    assert not is_stopped([stop], Effect.NO_INTEREST, date(2025, 6, 1))


@pytest.mark.parametrize(("on", "holds"), [(date(2025, 7, 30), True), (date(2025, 7, 31), False)])
def test_an_effect_with_an_end_holds_through_its_last_day(on: date, holds: bool) -> None:
    row = replace(PACK.of(EffectRow)[0], calendar_days=60)
    pack = with_rows(PACK, EffectRow, row)
    stop = stop_for(pack, Circumstance.DISPUTE, debtor_type=CONSUMER, since=date(2025, 6, 1))
    assert stop.last_on == date(2025, 7, 30)
    assert is_stopped([stop], Effect.NO_FEES, on) is holds


def test_an_unknown_circumstance_is_refused_not_ignored() -> None:
    with pytest.raises(LawMissing, match="moratorium"):
        stop_for(PACK, Circumstance.MORATORIUM, debtor_type=BUSINESS, since=date(2025, 6, 1))


def test_a_tratta_is_open_to_businesses_only_and_tells_what_it_lacks() -> None:
    most = frozenset(Precondition) - {Precondition.CONTACT_ATTEMPTED}
    found = legal_steps(
        PACK, debtor_type=BUSINESS, principal=Money(1, "EUR"), met=most, on=date(2025, 6, 1)
    )
    by_name = {step.step: step for step in found}
    assert by_name["tratta"].lacking == {Precondition.CONTACT_ATTEMPTED}
    assert (by_name["tratta"].is_open, by_name["summary_claim"].is_open) == (False, True)
    assert "contact_attempted" in dict(by_name["tratta"].explanation.inputs)["lacking"]
    steps = legal_steps(
        PACK, debtor_type=CONSUMER, principal=Money(1, "EUR"), met=most, on=date(2025, 6, 1)
    )
    assert [step.step for step in steps] == ["summary_claim"]


@pytest.mark.parametrize(("minor", "is_open"), [(9_99, True), (10_00, True), (10_01, False)])
def test_a_legal_step_ends_at_its_limit(minor: int, is_open: bool) -> None:
    row = replace(PACK.of(LegalStepRow)[1], max_principal=Money(10_00, "EUR"))
    (found,) = legal_steps(
        with_rows(PACK, LegalStepRow, row),
        debtor_type=CONSUMER,
        principal=Money(minor, "EUR"),
        met=frozenset(Precondition),
        on=date(2025, 6, 1),
    )
    assert found.is_open is is_open


def test_a_demand_to_a_consumer_must_say_how_to_object() -> None:
    items, why = required_content(PACK, kind=LetterKind.DEMAND, debtor_type=CONSUMER, on=date(2025, 6, 1))
    assert {Content.RIGHT_TO_OBJECT, Content.OBJECT_BY, Content.COSTS_ITEMISED} <= items
    assert why.rule_id == "fi.content.demand.consumer"


@pytest.mark.parametrize(
    ("ended_on", "until"),
    [(date(2024, 2, 29), date(2030, 2, 28)), (date(2025, 12, 31), date(2031, 12, 31))],
)
def test_records_are_kept_for_whole_months(ended_on: date, until: date) -> None:
    found, why = kept_until(PACK, RecordKind.CASE_FILE, debtor_type=CONSUMER, ended_on=ended_on)
    assert (found, why.rule_id) == (until, "fi.retention.case_file")
    with pytest.raises(LawMissing):
        kept_until(PACK, RecordKind.CALL_RECORDING, debtor_type=CONSUMER, ended_on=ended_on)

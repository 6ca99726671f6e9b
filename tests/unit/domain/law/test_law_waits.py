"""First lawful days, response times, and the form of letters."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sovinto.countries import load_pack
from sovinto.domain.communication import Channel
from sovinto.domain.debtor import DebtorType
from sovinto.domain.law.forms import lawful_channels
from sovinto.domain.law.kinds import LetterKind
from sovinto.domain.law.rows import ResponseRow, WaitRow
from sovinto.domain.law.waits import SentLetter, earliest_on, response_days
from sovinto.errors import LawMissing, RuleRefused

from tests.support.packs import with_rows

PACK = load_pack("FI")
DUE = date(2025, 3, 15)
CONSUMER, BUSINESS = DebtorType.CONSUMER, DebtorType.BUSINESS


def sent(kind: LetterKind, day: str) -> SentLetter:
    return SentLetter(kind, date.fromisoformat(day))


@pytest.mark.parametrize(
    ("debtor_type", "reminder", "demand", "second"),
    [
        (CONSUMER, "2025-03-30", "2025-04-14", "2025-04-29"),
        (BUSINESS, "2025-03-25", "2025-04-04", "2025-04-14"),
    ],
)
def test_the_ladder_on_its_first_lawful_days(
    debtor_type: DebtorType, reminder: str, demand: str, second: str
) -> None:
    letters: list[SentLetter] = []
    for kind, day in zip(PACK.ladder(debtor_type), (reminder, demand, second), strict=True):
        found = earliest_on(PACK, kind=kind, debtor_type=debtor_type, due_on=DUE, sent=letters)
        assert found.on == date.fromisoformat(day)
        assert found.explanation.rule_id == f"fi.wait.{kind.value}.{debtor_type.value}"
        letters.append(SentLetter(kind, found.on))


def test_the_last_letter_counts_even_when_sent_late() -> None:
    letters = [sent(LetterKind.REMINDER, "2025-05-02")]
    found = earliest_on(PACK, kind=LetterKind.DEMAND, debtor_type=CONSUMER, due_on=DUE, sent=letters)
    assert found.on == date(2025, 5, 17)


def test_a_repeated_reminder_moves_the_demand() -> None:
    letters = [sent(LetterKind.REMINDER, "2025-03-30"), sent(LetterKind.REMINDER, "2025-04-20")]
    found = earliest_on(PACK, kind=LetterKind.DEMAND, debtor_type=CONSUMER, due_on=DUE, sent=letters)
    assert found.on == date(2025, 5, 5)


@pytest.mark.parametrize("kind", [LetterKind.DEMAND, LetterKind.SECOND_DEMAND])
def test_a_milder_letter_is_never_skipped(kind: LetterKind) -> None:
    with pytest.raises(RuleRefused, match="first") as caught:
        earliest_on(PACK, kind=kind, debtor_type=CONSUMER, due_on=DUE, sent=())
    assert not isinstance(caught.value, LawMissing)


def test_a_business_may_be_sent_a_demand_at_once() -> None:
    found = earliest_on(PACK, kind=LetterKind.DEMAND, debtor_type=BUSINESS, due_on=DUE, sent=())
    assert found.on == date(2025, 3, 25)


def test_no_letter_leaves_before_its_rule_is_in_force() -> None:
    found = earliest_on(
        PACK, kind=LetterKind.REMINDER, debtor_type=CONSUMER, due_on=date(2022, 1, 1), sent=()
    )
    assert found.on == date(2022, 5, 1)


def test_the_rule_of_the_day_the_letter_leaves_decides() -> None:
    old = next(r for r in PACK.of(WaitRow) if r.citation.rule_id == "fi.wait.reminder.consumer")
    ended = replace(old, citation=replace(old.citation, valid_to=date(2025, 3, 29)))
    longer = replace(
        old,
        citation=replace(old.citation, rule_id="fi.later", valid_from=date(2025, 3, 30)),
        calendar_days=20,
    )
    pack = with_rows(PACK, WaitRow, longer, ended)
    found = earliest_on(pack, kind=LetterKind.REMINDER, debtor_type=CONSUMER, due_on=DUE, sent=())
    assert (found.on, found.explanation.rule_id) == (date(2025, 4, 4), "fi.later")
    before = earliest_on(
        pack, kind=LetterKind.REMINDER, debtor_type=CONSUMER, due_on=date(2025, 3, 14), sent=()
    )
    assert (before.on, before.explanation.rule_id) == (date(2025, 3, 29), "fi.wait.reminder.consumer")


def test_a_letter_without_a_rule_is_refused() -> None:
    with pytest.raises(LawMissing, match="reminder"):
        earliest_on(
            with_rows(PACK, WaitRow), kind=LetterKind.REMINDER, debtor_type=CONSUMER, due_on=DUE, sent=()
        )


@pytest.mark.parametrize(
    ("debtor_type", "channel", "days"),
    [
        (CONSUMER, Channel.POST, 14),
        (CONSUMER, Channel.EMAIL, 10),
        (BUSINESS, Channel.POST, 10),
        (BUSINESS, Channel.EMAIL, 10),
    ],
)
def test_time_to_pay_or_object(debtor_type: DebtorType, channel: Channel, days: int) -> None:
    found, why = response_days(PACK, LetterKind.DEMAND, debtor_type, on=DUE, channel=channel)
    assert found == days
    assert why.rule_id == f"fi.response.{debtor_type.value}"


def test_the_time_to_pay_has_run_before_the_next_letter_to_a_consumer_may_leave() -> None:
    days, _ = response_days(PACK, LetterKind.DEMAND, CONSUMER, on=DUE)
    first = date(2025, 4, 14)
    letters = [sent(LetterKind.REMINDER, "2025-03-30"), SentLetter(LetterKind.DEMAND, first)]
    second = earliest_on(
        PACK, kind=LetterKind.SECOND_DEMAND, debtor_type=CONSUMER, due_on=DUE, sent=letters
    )
    assert (second.on - first).days > days


def test_response_time_fails_closed() -> None:
    with pytest.raises(LawMissing):
        response_days(with_rows(PACK, ResponseRow), LetterKind.DEMAND, CONSUMER, on=DUE)
    with pytest.raises(LawMissing):
        response_days(PACK, LetterKind.DEMAND, CONSUMER, on=date(2022, 4, 30))


@pytest.mark.parametrize(
    ("kind", "debtor_type", "has_consent", "channels"),
    [
        (LetterKind.REMINDER, CONSUMER, False, {Channel.EMAIL, Channel.POST}),
        (LetterKind.DEMAND, CONSUMER, False, {Channel.POST}),
        (LetterKind.DEMAND, CONSUMER, True, {Channel.EMAIL, Channel.POST}),
        (LetterKind.SECOND_DEMAND, CONSUMER, False, {Channel.POST}),
        (LetterKind.DEMAND, BUSINESS, False, {Channel.EMAIL, Channel.POST}),
    ],
)
def test_form_and_consent(
    kind: LetterKind, debtor_type: DebtorType, has_consent: bool, channels: set[Channel]
) -> None:
    found, why = lawful_channels(
        PACK, kind=kind, debtor_type=debtor_type, has_electronic_consent=has_consent, on=DUE
    )
    assert found == channels
    assert why.rule_id.startswith("fi.form.")

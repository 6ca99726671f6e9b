"""The first lawful day of a letter, and the time it must leave to pay or object."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sovinto.domain.communication import Channel
from sovinto.domain.debtor import DebtorType
from sovinto.domain.explanation import Explanation
from sovinto.domain.law.kinds import LetterKind
from sovinto.domain.law.model import Pack, explain, find_unless_ended, in_force, missing
from sovinto.domain.law.rows import Citation, InvoiceNoticeRow, ResponseRow, WaitRow
from sovinto.errors import RuleRefused


@dataclass(frozen=True, slots=True)
class SentLetter:
    """A letter that really left, on its local day."""

    kind: LetterKind
    on: date


@dataclass(frozen=True, slots=True)
class EarliestDay:
    """The first day on which the letter is lawful, and the rule that says so."""

    on: date
    explanation: Explanation
    rules: tuple[Citation, ...]


def earliest_on(
    pack: Pack,
    *,
    kind: LetterKind,
    debtor_type: DebtorType,
    due_on: date,
    sent: Sequence[SentLetter],
) -> EarliestDay:
    """When `kind` may leave: counted from the due date and from every earlier letter that matters.

    The rule is the one in force on the day found, so a change of the law between two letters is
    honoured. Raises RuleRefused when a milder letter that must come first has not been sent, and
    LawMissing when no rule covers the day.
    """
    for row in _rows_oldest_first(pack, kind, debtor_type):
        base = _base(row, due_on, sent)
        on = max(base + timedelta(days=row.calendar_days), row.citation.valid_from)
        if row.citation.covers(on):
            _check_required(row, sent)
            why = explain(row.citation, "base + days", base=base, days=row.calendar_days, earliest_on=on)
            return EarliestDay(on, why, (row.citation,))
    newest = max((letter.on for letter in sent), default=due_on)
    raise missing(
        pack,
        WaitRow,
        what=f"the waiting time of a {kind.value} ({debtor_type.value})",
        on=_after(pack, kind, newest),
    )


def _after(pack: Pack, kind: LetterKind, base: date) -> date:
    """The day that lacks a rule: after the last one that has, or the base itself."""
    ends = [row.citation.valid_to for row in pack.of(WaitRow) if row.letter is kind]
    last = max((end for end in ends if end is not None), default=base)
    return max(base, last + timedelta(days=1)) if ends else base


def response_days(
    pack: Pack,
    kind: LetterKind,
    debtor_type: DebtorType,
    *,
    on: date,
    channel: Channel = Channel.POST,
) -> tuple[int, Explanation]:
    """Days from sending to the last day to pay or object.

    Days in the post count only for letters by post. Raises LawMissing when there is no rule.
    """
    row = in_force(
        pack,
        ResponseRow,
        debtor_type=debtor_type,
        on=on,
        what=f"the time to answer a {kind.value}",
        where=lambda row: kind in row.letters,
    )
    delivery = row.delivery_days if channel is Channel.POST else 0
    days = row.calendar_days + delivery
    formula = "days from receipt + days in the post"
    return days, explain(row.citation, formula, days=row.calendar_days, delivery=delivery)


def broken_invoice_notice(
    pack: Pack, *, kind: LetterKind, debtor_type: DebtorType, on: date, invoiced_on: date, due_on: date
) -> Explanation | None:
    """None when the invoice left its debtor enough time before the due date, else the rule it broke."""
    row = find_unless_ended(
        pack,
        InvoiceNoticeRow,
        debtor_type=debtor_type,
        on=on,
        what="the notice an invoice gives",
        where=lambda row: row.letter is kind,
    )
    if row is None or (due_on - invoiced_on).days >= row.calendar_days:
        return None
    return explain(
        row.citation,
        "invoice sent + days <= due date",
        days=row.calendar_days,
        invoiced_on=invoiced_on,
        due_on=due_on,
    )


def _rows_oldest_first(pack: Pack, kind: LetterKind, debtor_type: DebtorType) -> list[WaitRow]:
    rows = [row for row in pack.of(WaitRow) if row.letter is kind and row.is_for(debtor_type)]
    return sorted(rows, key=lambda row: row.citation.valid_from)


def _base(row: WaitRow, due_on: date, sent: Sequence[SentLetter]) -> date:
    """The due date, or the last letter that matters; one of its own kind always does."""
    behind = row.after | {row.letter}
    return max([due_on, *(letter.on for letter in sent if letter.kind in behind)])


def _check_required(row: WaitRow, sent: Sequence[SentLetter]) -> None:
    lacking = sorted(row.requires - {letter.kind for letter in sent})
    if lacking:
        raise RuleRefused(
            f"A {row.letter.value} must follow a {lacking[0].value} ({row.citation.statute}); "
            f"send the {lacking[0].value} first.",
            field="sent",
        )

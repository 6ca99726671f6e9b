"""One walk up the ladder from a due date, noting every comparison of days that it rests on."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sovinto.domain.debt import fee_of_letter
from sovinto.domain.debts.curve import FeeStep
from sovinto.domain.debts.steps import StepTable
from sovinto.domain.law.fee_facts import ChargedFee, FeeQuestion, tariff_row
from sovinto.domain.law.fee_limits import refused_by_count, refused_by_wait
from sovinto.domain.law.kinds import FeeKind, LetterKind, Sender
from sovinto.domain.law.rows import Row, WaitRow
from sovinto.domain.law.waits import SentLetter, earliest_on
from sovinto.domain.money import Money
from sovinto.errors import SovintoError

BEFORE_ALL = -(10**9)
AFTER_ALL = 10**9


@dataclass(frozen=True, slots=True)
class Rung:
    """A letter on `on`. That day moves with the due date unless `is_fixed`, as on a law's first day.

    `is_open` where only the explained engine can tell what follows.
    """

    letter: LetterKind | None
    on: int
    is_fixed: bool = False
    kind: FeeKind | None = None
    step: FeeStep | None = None
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Walk:
    """`moving` are days after the due date, `fixed` ordinals: which came first decided the course."""

    steps: StepTable
    due_on: date
    fee_marks: Sequence[int]
    rungs: list[Rung] = field(default_factory=list)
    moving: set[int] = field(default_factory=lambda: {0})
    fixed: set[int] = field(default_factory=set)
    fee_days: set[int] = field(default_factory=set)

    @property
    def due(self) -> int:
        return self.due_on.toordinal()

    def go(self) -> None:
        """All letters, up to the first one that the law leaves open."""
        ladder = self.steps.pack.ladders.get(self.steps.facts.debtor_type)
        if ladder is None:
            self.rungs.append(Rung(None, BEFORE_ALL, is_fixed=True, is_open=True))
        for letter in ladder or ():
            self.rungs.append(self._rung(letter))
            if self.rungs[-1].is_open:
                return

    def alike(self) -> tuple[int, int]:
        """The due dates around this one whose walk is the same; the end is left out."""
        fixed = sorted(self.fixed)
        compared = [(shift, fixed) for shift in self.moving]
        return alike(self.due, [*compared, *((shift, self.fee_marks) for shift in self.fee_days)])

    @property
    def _sent(self) -> list[SentLetter]:
        return [
            SentLetter(rung.letter, date.fromordinal(rung.on))
            for rung in self.rungs
            if rung.letter is not None
        ]

    def _rung(self, letter: LetterKind) -> Rung:
        pack, debtor_type = self.steps.pack, self.steps.facts.debtor_type
        rows = [row for row in pack.of(WaitRow) if row.letter is letter and row.is_for(debtor_type)]
        self._note(rows)
        try:
            found = earliest_on(
                pack, kind=letter, debtor_type=debtor_type, due_on=self.due_on, sent=self._sent
            )
        except SovintoError:
            return Rung(None, BEFORE_ALL, is_fixed=True, is_open=True)
        row = next(row for row in rows if row.citation is found.rules[0])
        on = found.on.toordinal()
        bases = {self.due: False} | {
            rung.on: rung.is_fixed for rung in reversed(self.rungs) if rung.letter in row.after
        }
        base = max(bases)
        is_fixed = bases[base] or on != base + row.calendar_days
        if is_fixed:
            self.fixed.add(on)
        else:
            self.moving.add(on - self.due)
            self.fee_days.add(on - self.due)
        return self._earning(letter, found.on, is_fixed)

    def _note(self, rows: Iterable[WaitRow]) -> None:
        """Every day that waiting for this letter may come to, whichever letters it is counted from."""
        moving = {0, *(rung.on - self.due for rung in self.rungs if not rung.is_fixed)}
        fixed = {rung.on for rung in self.rungs if rung.is_fixed}
        for row in rows:
            self.moving.update(shift + row.calendar_days for shift in moving)
            self.fixed.update(day + row.calendar_days for day in fixed)
            self.fixed.update(marks_of([row]))

    def _earning(self, letter: LetterKind, day: date, is_fixed: bool) -> Rung:
        pack, facts, on = self.steps.pack, self.steps.facts, day.toordinal()
        kind = fee_of_letter(pack, facts, letter, day)
        if kind is None:
            return Rung(letter, on, is_fixed)
        nothing = Money.zero(pack.currency)
        earlier = [(rung.kind, rung.on) for rung in self.rungs if rung.kind is not None]
        question = FeeQuestion(
            pack=pack,
            kind=kind,
            facts=facts,
            sender=Sender.AGENCY,
            on=day,
            charged=tuple(ChargedFee(each, date.fromordinal(when), nothing) for each, when in earlier),
            due_on=self.due_on,
            invoiced_on=None,
            sent=tuple(self._sent),
        )
        try:
            row = tariff_row(pack, facts, kind, Sender.AGENCY, day)
            if refused_by_count(question) or refused_by_wait(question, row, letter):
                return Rung(letter, on, is_fixed, kind)
            before = [rung.kind for rung in self.rungs if rung.step is not None]
            step = self.steps.step(row, day, before)
        except SovintoError:
            return Rung(letter, on, is_fixed, kind, is_open=True)
        return Rung(letter, on, is_fixed, kind, step, is_open=step is None or kind is FeeKind.LUMP_SUM)


def marks_of(rows: Iterable[Row]) -> tuple[int, ...]:
    """The days (ordinals) on which one of the rows begins or no longer holds, ascending."""
    citations = [row.citation for row in rows]
    days = {citation.valid_from.toordinal() for citation in citations}
    ended = {citation.valid_to.toordinal() + 1 for citation in citations if citation.valid_to is not None}
    return tuple(sorted(days | ended))


def alike(due: int, compared: Iterable[tuple[int, Sequence[int]]]) -> tuple[int, int]:
    """The due dates around `due` for which due + shift lies between the same marks; end left out."""
    begin, end = BEFORE_ALL, AFTER_ALL
    for shift, marks in compared:
        at = bisect_right(marks, due + shift)
        begin = max(begin, marks[at - 1] - shift) if at else begin
        end = min(end, marks[at] - shift) if at < len(marks) else end
    return begin, end

"""The fees of one day for any due date: one curve for each run of due dates that are treated alike."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate

from sovinto.domain.debts.curve import Curve, FeeStep
from sovinto.domain.debts.steps import StepTable
from sovinto.domain.debts.walk import AFTER_ALL, BEFORE_ALL, Rung, Walk, alike, marks_of
from sovinto.domain.law.fee_caps import cap_for, lump_sum_row
from sovinto.domain.law.fee_facts import FeeFacts
from sovinto.domain.law.model import Pack
from sovinto.domain.law.rows import FeeCapRow, FeeCountRow, FeeRow, FeeVatRow, LumpSumRow, Row, ScaleRow
from sovinto.errors import SovintoError

_FEE_ROWS: tuple[type[Row], ...] = (FeeRow, FeeCountRow, FeeCapRow, FeeVatRow, ScaleRow)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Course:
    """What the due dates from `begin` to before `end` have in common.

    A letter is reached `shifts` days after the due date; it waits for those before it, so they never
    fall.
    """

    begin: int
    end: int
    rungs: tuple[Rung, ...]
    shifts: tuple[int, ...]
    lump: LumpSumRow | None


@dataclass(frozen=True, slots=True)
class FeeRun:
    """Due dates from `begin` to before `end`; no curve where only the explained engine can tell."""

    begin: int
    end: int
    curve: Curve | None


@dataclass(frozen=True, slots=True)
class LadderTable:
    """The courses and curves found so far, for claims that differ from the facts in the principal only."""

    steps: StepTable
    until: date
    fee_marks: tuple[int, ...]
    lump_marks: tuple[int, ...]
    courses: list[Course] = field(default_factory=list)
    curves: dict[tuple[object, ...], Curve] = field(default_factory=dict)

    def run(self, due: int) -> FeeRun:
        """What holds for a debt due that day (an ordinal), and for which due dates beside it."""
        course = self._course(due)
        until = self.until.toordinal()
        late = until - due
        count = bisect_right(course.shifts, late)
        begin, end = course.begin, course.end
        if count:
            end = min(end, until - course.shifts[count - 1] + 1)
        if count < len(course.shifts):
            begin = max(begin, until - course.shifts[count] + 1)
        if late > 0:
            return FeeRun(begin, min(end, until), self._curve(course, count, self.until, course.lump))
        capped_from, capped_to = alike(due, [(1, self.fee_marks)])
        begin, end = max(begin, until, capped_from), min(end, capped_to)
        return FeeRun(begin, end, self._curve(course, count, date.fromordinal(due) + _DAY, None))

    def _curve(self, course: Course, count: int, cap_on: date, lump: LumpSumRow | None) -> Curve | None:
        reached = course.rungs[:count]
        if any(rung.is_open for rung in reached) or not self._has_total(cap_on):
            return None
        steps = tuple(rung.step for rung in reached if rung.step is not None)
        key = (id(lump), *(_key(step) for step in steps))
        if key not in self.curves:
            self.curves[key] = Curve(steps, lump)
        return self.curves[key]

    def _has_total(self, on: date) -> bool:
        """Whether the law of the day says what all fees may come to: `debt_on` asks, so do we."""
        try:
            cap_for(self.steps.pack, self.steps.facts, on=on)
        except SovintoError:
            return False
        return True

    def _course(self, due: int) -> Course:
        known = next((course for course in self.courses if course.begin <= due < course.end), None)
        if known is not None:
            return known
        due_on = date.fromordinal(due)
        walk = Walk(self.steps, due_on, self.fee_marks)
        walk.go()
        (begin, end), lumps = walk.alike(), alike(due, [(1, self.lump_marks)])
        shifts = accumulate((self._shift(rung, due) for rung in walk.rungs), max)
        lump = lump_sum_row(self.steps.pack, self.steps.facts, due_on)
        course = Course(max(begin, lumps[0]), min(end, lumps[1]), tuple(walk.rungs), tuple(shifts), lump)
        self.courses.append(course)
        return course

    def _shift(self, rung: Rung, due: int) -> int:
        if rung.is_fixed:
            return BEFORE_ALL if rung.on <= self.until.toordinal() else AFTER_ALL
        return rung.on - due


def ladder_table(pack: Pack, facts: FeeFacts, until: date) -> LadderTable:
    """An empty table of the fees owed on `until`."""
    fee_rows = [row for kind in _FEE_ROWS for row in pack.of(kind) if row.is_for(facts.debtor_type)]
    lump_rows = [row for row in pack.of(LumpSumRow) if row.is_for(facts.debtor_type)]
    return LadderTable(StepTable(pack, facts), until, marks_of(fee_rows), marks_of(lump_rows))


def _key(step: FeeStep) -> tuple[object, ...]:
    cap = None if step.cap is None else tuple((id(table), times) for table, times in step.cap)
    return (id(step.tariff), step.includes, cap)

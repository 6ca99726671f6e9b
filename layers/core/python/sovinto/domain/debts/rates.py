"""The interest of one day for any due date: the rates' stretches cut once, as integer weights."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import lcm
from typing import TypeVar

from sovinto.domain.debtor import DebtorType
from sovinto.domain.debts.walk import AFTER_ALL, BEFORE_ALL
from sovinto.domain.law.interest import Rate, anniversaries
from sovinto.domain.law.kinds import Compounding, InterestBasis, RateMovement
from sovinto.domain.law.model import Pack
from sovinto.domain.law.rows import InterestTermsRow, MarginRow, ReferenceRateRow, Row

R = TypeVar("R", bound=Row)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RateRun:
    """The interest of the due dates from `begin` to before `end` (ordinals).

    The first segment weighs `per_day` for each day from the day after the due date to `last`, the
    others weigh `rest`. `is_yearly`: ask `RateTable.years`; `is_open`: ask the explained engine.
    """

    begin: int
    end: int
    per_day: int = 0
    last: int = 0
    rest: tuple[int, ...] = ()
    is_yearly: bool = False
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `begin` on (an ordinal) without a change. `per_day` is a day's share, None if unknown."""

    begin: int
    terms: InterestTermsRow | None
    per_day: Fraction | None


@dataclass(frozen=True, slots=True)
class RateTable:
    """A segment's interest is (base x weight + half) // (2 x half), rounded half up as in a letter.

    `begins`, `spans`, `ends` (counted in) and `weights` of whole spans go together; `rest` are the
    weights of all later spans, None where one has no rate or another way to compound.
    """

    until: int
    half: int
    begins: tuple[int, ...]
    spans: tuple[Span, ...]
    ends: tuple[int, ...]
    per_day: tuple[int, ...]
    rest: tuple[tuple[int, ...] | None, ...]

    def run(self, due: int) -> RateRun:
        """What holds for a debt due that day, and for which due dates beside it."""
        if due >= self.until:
            return RateRun(self.until, AFTER_ALL)
        at = bisect_right(self.begins, due + 1) - 1
        if at < 0:
            end = self.begins[0] - 1 if self.begins else self.until
            return RateRun(BEFORE_ALL, min(end, self.until), is_open=True)
        begin, end = self.begins[at] - 1, min(self.ends[at], self.until)
        span = self.spans[at]
        if span.terms is not None and span.terms.basis is not InterestBasis.STATUTORY:
            return RateRun(begin, end)
        is_frozen = span.terms is not None and span.terms.movement is RateMovement.FROZEN
        rest = () if is_frozen else self.rest[at]
        if span.terms is None or span.per_day is None or rest is None:
            return RateRun(begin, end, is_open=True)
        if span.terms.compounding is Compounding.YEARLY:
            return RateRun(begin, end, is_yearly=True)
        return RateRun(begin, end, self.per_day[at], self.until if is_frozen else self.ends[at], rest)

    def years(self, due_on: date) -> tuple[tuple[int, ...], ...]:
        """The weights of each year's segments where each full year's interest joins the base."""
        at = bisect_right(self.begins, due_on.toordinal() + 1) - 1
        terms = self.spans[at].terms
        is_frozen = terms is not None and terms.movement is RateMovement.FROZEN
        return tuple(self._by_year(due_on + _DAY, at, is_frozen))

    def _by_year(self, first: date, at: int, is_frozen: bool) -> Iterator[tuple[int, ...]]:
        later = [day.toordinal() for day in anniversaries(first, date.fromordinal(self.until))]
        begins = [first.toordinal(), *later]
        for begin, end in zip(begins, [*later, self.until + 1], strict=True):
            if is_frozen:
                yield (self.per_day[at] * (end - begin),)
            else:
                yield tuple(self._between(begin, end))

    def _between(self, begin: int, end: int) -> Iterator[int]:
        """The weights from `begin` up to `end`, which is left out."""
        at = bisect_right(self.begins, begin) - 1
        while begin < end:
            following = min(self.ends[at] + 1, end)
            yield self.per_day[at] * (following - begin)
            begin, at = following, at + 1


def rate_table(pack: Pack, debtor_type: DebtorType, until: date) -> RateTable:
    """The stretches of this debtor's rates up to `until`, which is counted in."""
    rates = _Rates(
        [row for row in pack.of(ReferenceRateRow) if row.is_for(debtor_type)],
        [row for row in pack.of(MarginRow) if row.is_for(debtor_type)],
        [row for row in pack.of(InterestTermsRow) if row.is_for(debtor_type)],
    )
    spans = [rates.span(day) for day in rates.changes(until)]
    shares = [span.per_day for span in spans if span.per_day is not None]
    half = lcm(*(share.denominator for share in shares))
    per_day = [0 if span.per_day is None else int(span.per_day * 2 * half) for span in spans]
    begins = tuple(span.begin for span in spans)
    ends = (*(begin - 1 for begin in begins[1:]), until.toordinal())[: len(begins)]
    whole = [each * (end - begin + 1) for each, begin, end in zip(per_day, begins, ends, strict=True)]
    rest = tuple(_rest(spans, whole, at) for at in range(len(spans)))
    return RateTable(until.toordinal(), half, begins, tuple(spans), ends, tuple(per_day), rest)


def _rest(spans: list[Span], whole: list[int], at: int) -> tuple[int, ...] | None:
    compounding = {None if span.terms is None else span.terms.compounding for span in spans[at:]}
    is_known = all(span.per_day is not None for span in spans[at + 1 :])
    return tuple(whole[at + 1 :]) if is_known and len(compounding) == 1 else None


@dataclass(frozen=True, slots=True)
class _Rates:
    """The rows for one kind of debtor."""

    references: list[ReferenceRateRow]
    margins: list[MarginRow]
    terms: list[InterestTermsRow]

    def changes(self, until: date) -> list[date]:
        """The days on which a row begins or has ended: a letter has a new line from each of them."""
        citations = [row.citation for row in (*self.references, *self.margins, *self.terms)]
        days = {citation.valid_from for citation in citations}
        days |= {citation.valid_to + _DAY for citation in citations if citation.valid_to is not None}
        return sorted(day for day in days if day <= until)

    def span(self, begin: date) -> Span:
        reference, margin = _covering(self.references, begin), _covering(self.margins, begin)
        terms = _covering(self.terms, begin)
        if reference is None or margin is None or terms is None:
            return Span(begin.toordinal(), terms, None)
        rate = Rate(reference, margin, terms)
        share = rate.percent / (100 * rate.year_days)
        # A negative rate rounds the other way: the explained engine keeps such days.
        return Span(begin.toordinal(), terms, share if share >= 0 else None)


def _covering(rows: Sequence[R], on: date) -> R | None:
    return next((row for row in rows if row.citation.covers(on)), None)

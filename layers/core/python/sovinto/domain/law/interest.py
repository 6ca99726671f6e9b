"""Late-payment interest: simple, by calendar day, split wherever the rate or the principal changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from sovinto.domain.debtor import DebtorType
from sovinto.domain.explanation import Explanation
from sovinto.domain.law.figures import figure_text, percent_text
from sovinto.domain.law.kinds import Certainty, DayCount
from sovinto.domain.law.model import Pack, in_force
from sovinto.domain.law.rows import Citation, RateRow
from sovinto.domain.money import Money, exponent, total
from sovinto.errors import InvalidInput

_DAY = timedelta(days=1)
_YEAR_DAYS = {DayCount.ACT_365: 365}
_CERTAINTY_ORDER = (Certainty.STATUTE, Certainty.SECONDARY, Certainty.ASSUMED)


@dataclass(frozen=True, slots=True)
class Segment:
    """Interest of days on which neither rate nor principal changed.

    Both ends are counted. `rate` is a yearly percentage as text; `exact` is the amount in major
    units before the one rounding.
    """

    from_on: date
    to_on: date
    days: int
    rate: str
    base: Money
    amount: Money
    exact: Fraction
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class InterestResult:
    """`total` is the sum of the rounded segments, just as a letter itemises them."""

    total: Money
    segments: tuple[Segment, ...]

    @property
    def exact(self) -> Fraction:
        """The sum before any rounding, in major units."""
        return sum((segment.exact for segment in self.segments), Fraction(0))


def accrue(
    pack: Pack,
    *,
    debtor_type: DebtorType,
    due_on: date,
    principal_history: Sequence[tuple[date, Money]],
    until: date,
) -> InterestResult:
    """Interest from the day after `due_on` to `until`, both counted.

    `principal_history` is (day, principal outstanding from that day on), ascending; the day of a
    payment still bears interest on the old principal, so a payment on the 5th changes it from the
    6th. Each segment is rounded half up, once. Raises LawMissing where a day has no rate row and
    InvalidInput for a history that does not cover the first interest day.
    """
    first = due_on + _DAY
    _check_history(principal_history, first)
    segments = tuple(
        _segment(pack, debtor_type, begin, end, base)
        for begin, end, base in _stretches(_change_days(pack, debtor_type), first, until, principal_history)
        if base
    )
    return InterestResult(total((segment.amount for segment in segments), pack.currency), segments)


def rate_on(pack: Pack, debtor_type: DebtorType, on: date) -> tuple[RateRow, RateRow]:
    """The reference and the margin row in force. Raises LawMissing."""
    return (
        in_force(pack.reference_rates, debtor_type=debtor_type, on=on, what="the reference rate"),
        in_force(pack.margins, debtor_type=debtor_type, on=on, what="the interest margin"),
    )


def _check_history(history: Sequence[tuple[date, Money]], first: date) -> None:
    days = [day for day, _ in history]
    if not days or days[0] > first:
        raise InvalidInput(
            f"principal_history must begin on {first.isoformat()}, the first interest day, or earlier.",
            field="principal_history",
        )
    if any(later <= earlier for earlier, later in pairwise(days)):
        raise InvalidInput(
            "principal_history must name each day once, in ascending order.", field="principal_history"
        )
    if any(principal.minor < 0 for _, principal in history):
        raise InvalidInput(
            "principal_history must not hold a negative principal; what is over is refunded.",
            field="principal_history",
        )


def _change_days(pack: Pack, debtor_type: DebtorType) -> frozenset[date]:
    """Days on which a rule for this debtor begins, or the day after it ends."""
    rows = (*pack.reference_rates, *pack.margins, *pack.interest_terms)
    citations = [row.citation for row in rows if row.is_for(debtor_type)]
    ended = {citation.valid_to + _DAY for citation in citations if citation.valid_to is not None}
    return frozenset({citation.valid_from for citation in citations} | ended)


def _stretches(
    changes: frozenset[date], first: date, until: date, history: Sequence[tuple[date, Money]]
) -> Iterator[tuple[date, date, Money]]:
    """(first day, last day, principal) between the days on which something may change."""
    if until < first:
        return
    days = changes | {day for day, _ in history}
    begins = [first, *sorted(day for day in days if first < day <= until)]
    for begin, following in zip(begins, [*begins[1:], until + _DAY], strict=True):
        yield begin, following - _DAY, _principal_on(history, begin)


def _principal_on(history: Sequence[tuple[date, Money]], on: date) -> Money:
    return [principal for day, principal in history if day <= on][-1]


def _segment(pack: Pack, debtor_type: DebtorType, begin: date, end: date, base: Money) -> Segment:
    terms = in_force(pack.interest_terms, debtor_type=debtor_type, on=begin, what="interest terms")
    reference, margin = rate_on(pack, debtor_type, begin)
    percent = reference.percent + margin.percent
    days = (end - begin).days + 1
    year_days = _YEAR_DAYS[terms.day_count]
    exact_minor = base.minor * percent * days / (100 * year_days)
    exact = exact_minor / 10 ** exponent(base.currency)
    explanation = Explanation(
        rule_id=reference.citation.rule_id,
        statute=f"{margin.citation.statute}; {reference.citation.statute}",
        formula=f"base x (reference + margin) / 100 x days / {year_days}",
        inputs=(
            ("base", base.decimal()),
            ("reference", percent_text(reference.percent)),
            ("margin", percent_text(margin.percent)),
            ("days", str(days)),
            ("from_on", begin.isoformat()),
            ("to_on", end.isoformat()),
        ),
        unrounded=figure_text(exact),
        certainty=_least_certain(reference.citation, margin.citation, terms.citation),
    )
    amount = Money.rounded(exact_minor, base.currency)
    return Segment(begin, end, days, percent_text(percent), base, amount, exact, explanation)


def _least_certain(*citations: Citation) -> str:
    return max((citation.certainty for citation in citations), key=_CERTAINTY_ORDER.index).value

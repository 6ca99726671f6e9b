"""Late-payment interest by calendar day, split wherever the rate, the principal or the base changes."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from sovinto.domain.debtor import DebtorType
from sovinto.domain.explanation import Explanation
from sovinto.domain.law.figures import figure_text, percent_text
from sovinto.domain.law.kinds import Compounding, DayCount, InterestBasis, RateMovement
from sovinto.domain.law.model import Pack, in_force, least_certain
from sovinto.domain.law.rows import Citation, InterestTermsRow, MarginRow, ReferenceRateRow
from sovinto.domain.money import Money, exponent, total
from sovinto.errors import InvalidInput

_DAY = timedelta(days=1)
_YEAR_DAYS = {DayCount.ACT_365: 365}


@dataclass(frozen=True, slots=True)
class Segment:
    """Interest of days on which neither rate nor base changed.

    Both ends are counted. `rate` is a yearly percentage as text; `exact` is the amount in major
    units before the one rounding; `base` the principal, with earlier years' interest where the law
    compounds; `rules` all rows behind it.
    """

    from_on: date
    to_on: date
    days: int
    rate: str
    base: Money
    amount: Money
    exact: Fraction
    explanation: Explanation
    rules: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class InterestResult:
    """`total` is the sum of the rounded segments, just as a letter itemises them.

    `terms` is the rule that says whether there is interest at all.
    """

    total: Money
    segments: tuple[Segment, ...]
    terms: Citation | None = None

    @property
    def rules(self) -> tuple[Citation, ...]:
        """All rows behind the result, as often as they were used."""
        of_segments = tuple(rule for segment in self.segments for rule in segment.rules)
        return of_segments or (() if self.terms is None else (self.terms,))

    @property
    def exact(self) -> Fraction:
        """The sum before any rounding, in major units."""
        return sum((segment.exact for segment in self.segments), Fraction(0))


@dataclass(frozen=True, slots=True)
class Rate:
    """The yearly rate of a stretch of days and the rows it comes from."""

    reference: ReferenceRateRow
    margin: MarginRow
    terms: InterestTermsRow

    @property
    def percent(self) -> Fraction:
        return self.reference.percent + self.margin.percent

    @property
    def year_days(self) -> int:
        return _YEAR_DAYS[self.terms.day_count]

    @property
    def rules(self) -> tuple[Citation, ...]:
        return (self.reference.citation, self.margin.citation, self.terms.citation)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days, both counted, on which neither rate nor principal changes."""

    from_on: date
    to_on: date
    principal: Money
    rate: Rate

    @property
    def days(self) -> int:
        return (self.to_on - self.from_on).days + 1


def accrue(
    pack: Pack,
    *,
    debtor_type: DebtorType,
    due_on: date,
    principal_history: Sequence[tuple[date, Money]],
    until: date,
    interest_paid: Sequence[tuple[date, Money]] = (),
) -> InterestResult:
    """Interest from the day after `due_on` to `until`, both counted; none where only a contract gives it.

    `principal_history` is (day, principal outstanding from that day on), ascending; the day of a
    payment still bears interest on the old principal, so a payment on the 5th changes it from the
    6th. Each segment is rounded half up, once. Where the law compounds by year, the interest of each
    full year that was not paid (`interest_paid`: day, amount) joins the base. Raises LawMissing where
    a day has no rate row and InvalidInput for a history that does not cover the first interest day.
    """
    first = due_on + _DAY
    _check_history(principal_history, first)
    segments: list[Segment] = []
    paid_on = [day for day, _ in interest_paid]
    for stretch in stretches(pack, debtor_type, first, until, principal_history, paid_on):
        grown = _joined_the_base(stretch, first, segments, interest_paid)
        base = stretch.principal + grown
        if base:
            segments.append(_segment(stretch, base, grown))
    terms = None
    if until >= first and not segments:
        terms = _terms(pack, debtor_type, first).citation
    return InterestResult(total((s.amount for s in segments), pack.currency), tuple(segments), terms)


def stretches(
    pack: Pack,
    debtor_type: DebtorType,
    first: date,
    until: date,
    history: Sequence[tuple[date, Money]],
    interest_paid_on: Sequence[date] = (),
) -> Iterator[Stretch]:
    """The days from `first` to `until`, cut wherever something changes. Raises LawMissing."""
    if until < first:
        return
    terms = _terms(pack, debtor_type, first)
    if terms.basis is not InterestBasis.STATUTORY:
        return
    changes = {day for (_, before), (day, after) in pairwise(history) if before != after}
    if terms.movement is RateMovement.FLOATING:
        changes |= _change_days(pack, debtor_type)
    if terms.compounding is Compounding.YEARLY:
        changes |= set(anniversaries(first, until)) | {day + _DAY for day in interest_paid_on}
    begins = [first, *sorted(day for day in changes if first < day <= until)]
    for begin, following in zip(begins, [*begins[1:], until + _DAY], strict=True):
        principal = [amount for day, amount in history if day <= begin][-1]
        on = first if terms.movement is RateMovement.FROZEN else begin
        if principal or terms.compounding is Compounding.YEARLY:
            yield Stretch(begin, following - _DAY, principal, rate_on(pack, debtor_type, on))


def anniversaries(first: date, until: date) -> Iterator[date]:
    """The day after each full year: the same day of a later year; of a leap day, the 1st of March."""
    for year in range(first.year + 1, until.year + 1):
        is_gone = (first.month, first.day) == (2, 29) and not isleap(year)
        day = date(year, 3, 1) if is_gone else first.replace(year=year)
        if day <= until:
            yield day


def rate_on(pack: Pack, debtor_type: DebtorType, on: date) -> Rate:
    """The reference, margin and terms in force. Raises LawMissing."""
    return Rate(
        in_force(pack, ReferenceRateRow, debtor_type=debtor_type, on=on, what="the reference rate"),
        in_force(pack, MarginRow, debtor_type=debtor_type, on=on, what="the interest margin"),
        _terms(pack, debtor_type, on),
    )


def _terms(pack: Pack, debtor_type: DebtorType, on: date) -> InterestTermsRow:
    return in_force(pack, InterestTermsRow, debtor_type=debtor_type, on=on, what="interest terms")


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
    rows = (*pack.of(ReferenceRateRow), *pack.of(MarginRow), *pack.of(InterestTermsRow))
    citations = [row.citation for row in rows if row.is_for(debtor_type)]
    ended = {citation.valid_to + _DAY for citation in citations if citation.valid_to is not None}
    return frozenset({citation.valid_from for citation in citations} | ended)


def _joined_the_base(
    stretch: Stretch, first: date, earlier: Sequence[Segment], interest_paid: Sequence[tuple[date, Money]]
) -> Money:
    """The unpaid interest of the full years before this stretch, where the law compounds by year."""
    nothing = Money.zero(stretch.principal.currency)
    if stretch.rate.terms.compounding is not Compounding.YEARLY:
        return nothing
    years = list(anniversaries(first, stretch.from_on))
    if not years:
        return nothing
    accrued = total((s.amount for s in earlier if s.to_on < years[-1]), nothing.currency)
    paid = total((amount for day, amount in interest_paid if day < stretch.from_on), nothing.currency)
    return max(accrued - paid, nothing)


def _segment(stretch: Stretch, base: Money, grown: Money) -> Segment:
    rate = stretch.rate
    exact_minor = base.minor * rate.percent * stretch.days / (100 * rate.year_days)
    exact = exact_minor / 10 ** exponent(base.currency)
    explanation = Explanation(
        rule_id=rate.reference.citation.rule_id,
        statute="; ".join(dict.fromkeys((rate.margin.citation.statute, rate.reference.citation.statute))),
        formula=f"base x (reference + margin) / 100 x days / {rate.year_days}",
        inputs=(
            ("base", base.decimal()),
            ("reference", percent_text(rate.reference.percent)),
            ("margin", percent_text(rate.margin.percent)),
            ("days", str(stretch.days)),
            ("from_on", stretch.from_on.isoformat()),
            ("to_on", stretch.to_on.isoformat()),
        ),
        unrounded=figure_text(exact),
        certainty=least_certain(rate.rules),
    )
    if grown:
        known = (*explanation.inputs, ("earlier_years_interest", grown.decimal()))
        explanation = replace(explanation, inputs=known)
    return Segment(
        from_on=stretch.from_on,
        to_on=stretch.to_on,
        days=stretch.days,
        rate=percent_text(rate.percent),
        base=base,
        amount=Money.rounded(exact_minor, base.currency),
        exact=exact,
        explanation=explanation,
        rules=rate.rules,
    )

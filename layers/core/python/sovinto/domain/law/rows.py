"""Rule rows: one dated, cited figure each. A figure without a citation cannot be built."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sovinto.domain.claim_class import ClaimClass
from sovinto.domain.communication import Channel
from sovinto.domain.debtor import DebtorType
from sovinto.domain.law.kinds import (
    Certainty,
    Compounding,
    DayCount,
    FeeKind,
    LetterKind,
    RateMovement,
    Sender,
)
from sovinto.domain.money import Money


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a figure comes from and when it holds. `valid_to` is the last day in force, None if open.

    `signed_off_by`/`signed_off_on` name the lawyer who checked the row; empty as shipped.
    """

    rule_id: str
    statute: str
    source: str
    certainty: Certainty
    valid_from: date
    valid_to: date | None = None
    note: str = ""
    signed_off_by: str | None = None
    signed_off_on: date | None = None

    def covers(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Row:
    """Common to all rules: the citation, and the kinds of debtor the rule is for."""

    citation: Citation
    debtor_types: frozenset[DebtorType]

    def is_for(self, debtor_type: DebtorType) -> bool:
        return debtor_type in self.debtor_types


@dataclass(frozen=True, slots=True)
class RateRow(Row):
    """A yearly percentage: a reference rate, or the margin added to it."""

    percent: Fraction


@dataclass(frozen=True, slots=True)
class InterestTermsRow(Row):
    """How interest is calculated."""

    day_count: DayCount
    compounding: Compounding
    movement: RateMovement


@dataclass(frozen=True, slots=True)
class Band:
    """An amount for principals up to and including `up_to` (None: any), and for plans of at least
    `min_instalments`. The first band that fits decides."""

    up_to: Money | None
    amount: Money
    min_instalments: int = 0

    def fits(self, principal: Money, instalments: int) -> bool:
        return (self.up_to is None or principal <= self.up_to) and instalments >= self.min_instalments


@dataclass(frozen=True, slots=True)
class FeeRow(Row):
    """The most that may be charged for one `kind`. `letter` is the letter that earns it, if any."""

    kind: FeeKind
    senders: frozenset[Sender]
    letter: LetterKind | None
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class FeeCountRow(Row):
    """How many fees of these kinds one claim can carry."""

    kinds: frozenset[FeeKind]
    max_count: int


@dataclass(frozen=True, slots=True)
class FeeCapRow(Row):
    """The most that all fees of one claim may come to."""

    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class LumpSumRow(Row):
    """Standard compensation that offsets fees: fees are owed only as far as they exceed it."""

    amount: Money


@dataclass(frozen=True, slots=True)
class WaitRow(Row):
    """Earliest day of a letter: `calendar_days` after the due date and after every letter in `after`.

    The letters in `requires` must have gone out before.
    """

    letter: LetterKind
    calendar_days: int
    after: frozenset[LetterKind]
    requires: frozenset[LetterKind]


@dataclass(frozen=True, slots=True)
class InvoiceNoticeRow(Row):
    """A letter earns no fee unless the invoice went out `calendar_days` before its due date."""

    letter: LetterKind
    calendar_days: int


@dataclass(frozen=True, slots=True)
class ResponseRow(Row):
    """Days a letter leaves to pay or object: `calendar_days` from receipt, `delivery_days` in the post."""

    letters: frozenset[LetterKind]
    calendar_days: int
    delivery_days: int


@dataclass(frozen=True, slots=True)
class FormRow(Row):
    """By which channels a letter may go, and which more a debtor's separate consent opens."""

    letters: frozenset[LetterKind]
    channels: frozenset[Channel]
    channels_with_consent: frozenset[Channel]


@dataclass(frozen=True, slots=True)
class AllocationRow(Row):
    """The order in which a payment is used up."""

    order: tuple[ClaimClass, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """Minutes of the local day, `from_minute` <= t < `to_minute`, on ISO weekdays (1 is Monday)."""

    weekdays: frozenset[int]
    from_minute: int
    to_minute: int


@dataclass(frozen=True, slots=True)
class ContactRow(Row):
    """When a channel may be used. A window never opens on a holiday unless `is_open_on_holidays`."""

    channels: frozenset[Channel]
    windows: tuple[Window, ...]
    is_open_on_holidays: bool


@dataclass(frozen=True, slots=True)
class VatRow(Row):
    """The standard rate of value added tax on our own invoices."""

    percent: Fraction

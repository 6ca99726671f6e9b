"""How each table of a pack file is read: validated, then turned into the domain's frozen rows."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from sovinto.countries.fields import Amount, Minute, Model, Percent, RuleId, Text, Weekday
from sovinto.domain.claim_class import ClaimClass
from sovinto.domain.communication import Channel
from sovinto.domain.debtor import DebtorType
from sovinto.domain.law import rows
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

Days = Annotated[int, Field(ge=0, le=366)]
NonEmpty = Field(min_length=1)


class RuleTable(Model):
    """Common to every row; `unit` says in words what the figure counts."""

    rule_id: RuleId
    valid_from: date
    valid_to: date | None = None
    unit: Text
    statute: Text
    source: Text
    certainty: Certainty
    note: str = ""
    signed_off_by: Text | None = None
    signed_off_on: date | None = None
    debtor_types: Annotated[frozenset[DebtorType], NonEmpty]

    @model_validator(mode="after")
    def _check_dates(self) -> Self:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("valid_to must not be before valid_from; it is the last day in force")
        if (self.signed_off_by is None) != (self.signed_off_on is None):
            raise ValueError("signed_off_by and signed_off_on belong together; give both or neither")
        return self

    def citation(self) -> rows.Citation:
        return rows.Citation(
            rule_id=self.rule_id,
            statute=self.statute,
            source=self.source,
            certainty=self.certainty,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            note=self.note,
            signed_off_by=self.signed_off_by,
            signed_off_on=self.signed_off_on,
        )


class RateTable(RuleTable):
    percent: Percent

    def to_row(self) -> rows.RateRow:
        return rows.RateRow(self.citation(), self.debtor_types, self.percent)


class InterestTermsTable(RuleTable):
    day_count: DayCount
    compounding: Compounding
    movement: RateMovement

    def to_row(self) -> rows.InterestTermsRow:
        return rows.InterestTermsRow(
            self.citation(), self.debtor_types, self.day_count, self.compounding, self.movement
        )


class BandTable(Model):
    up_to: Amount | None = None
    amount: Amount
    min_instalments: Annotated[int, Field(ge=0)] = 0

    def to_band(self, currency: str) -> rows.Band:
        up_to = None if self.up_to is None else Money.parse(self.up_to, currency)
        return rows.Band(up_to, Money.parse(self.amount, currency), self.min_instalments)


class BandedTable(RuleTable):
    """The last band has no limit, so that every principal finds its amount."""

    bands: Annotated[tuple[BandTable, ...], NonEmpty]

    @model_validator(mode="after")
    def _check_last_band(self) -> Self:
        last = self.bands[-1]
        if last.up_to is not None or last.min_instalments:
            raise ValueError("the last band must hold for every principal: leave up_to out")
        return self

    def to_bands(self, currency: str) -> tuple[rows.Band, ...]:
        return tuple(band.to_band(currency) for band in self.bands)


class FeeTable(BandedTable):
    kind: FeeKind
    senders: Annotated[frozenset[Sender], NonEmpty]
    letter: LetterKind | None = None

    def to_row(self, currency: str) -> rows.FeeRow:
        bands = self.to_bands(currency)
        return rows.FeeRow(self.citation(), self.debtor_types, self.kind, self.senders, self.letter, bands)


class FeeCountTable(RuleTable):
    kinds: Annotated[frozenset[FeeKind], NonEmpty]
    max_count: Annotated[int, Field(ge=0)]

    def to_row(self) -> rows.FeeCountRow:
        return rows.FeeCountRow(self.citation(), self.debtor_types, self.kinds, self.max_count)


class FeeCapTable(BandedTable):
    def to_row(self, currency: str) -> rows.FeeCapRow:
        return rows.FeeCapRow(self.citation(), self.debtor_types, self.to_bands(currency))


class LumpSumTable(RuleTable):
    amount: Amount

    def to_row(self, currency: str) -> rows.LumpSumRow:
        return rows.LumpSumRow(self.citation(), self.debtor_types, Money.parse(self.amount, currency))


class WaitTable(RuleTable):
    letter: LetterKind
    calendar_days: Days
    after: frozenset[LetterKind] = frozenset()
    requires: frozenset[LetterKind] = frozenset()

    def to_row(self) -> rows.WaitRow:
        return rows.WaitRow(
            self.citation(), self.debtor_types, self.letter, self.calendar_days, self.after, self.requires
        )


class InvoiceNoticeTable(RuleTable):
    letter: LetterKind
    calendar_days: Days

    def to_row(self) -> rows.InvoiceNoticeRow:
        return rows.InvoiceNoticeRow(self.citation(), self.debtor_types, self.letter, self.calendar_days)


class ResponseTable(RuleTable):
    letters: Annotated[frozenset[LetterKind], NonEmpty]
    calendar_days: Days
    delivery_days: Days

    def to_row(self) -> rows.ResponseRow:
        return rows.ResponseRow(
            self.citation(), self.debtor_types, self.letters, self.calendar_days, self.delivery_days
        )


class FormTable(RuleTable):
    letters: Annotated[frozenset[LetterKind], NonEmpty]
    channels: Annotated[frozenset[Channel], NonEmpty]
    channels_with_consent: frozenset[Channel] = frozenset()

    def to_row(self) -> rows.FormRow:
        return rows.FormRow(
            self.citation(), self.debtor_types, self.letters, self.channels, self.channels_with_consent
        )


class AllocationTable(RuleTable):
    order: tuple[ClaimClass, ...]

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if sorted(self.order) != sorted(ClaimClass):
            raise ValueError("order must name principal, interest, fee and cost once each")
        return self

    def to_row(self) -> rows.AllocationRow:
        return rows.AllocationRow(self.citation(), self.debtor_types, self.order)


class WindowTable(Model):
    weekdays: Annotated[frozenset[Weekday], NonEmpty]
    opens: Minute
    closes: Minute

    @model_validator(mode="after")
    def _check_times(self) -> Self:
        if self.closes <= self.opens:
            raise ValueError("closes must be after opens on the same day")
        return self

    def to_window(self) -> rows.Window:
        return rows.Window(self.weekdays, self.opens, self.closes)


class ContactTable(RuleTable):
    channels: Annotated[frozenset[Channel], NonEmpty]
    windows: Annotated[tuple[WindowTable, ...], NonEmpty]
    is_open_on_holidays: bool = False

    def to_row(self) -> rows.ContactRow:
        windows = tuple(window.to_window() for window in self.windows)
        return rows.ContactRow(
            self.citation(), self.debtor_types, self.channels, windows, self.is_open_on_holidays
        )


class VatTable(RuleTable):
    percent: Percent

    def to_row(self) -> rows.VatRow:
        return rows.VatRow(self.citation(), self.debtor_types, self.percent)

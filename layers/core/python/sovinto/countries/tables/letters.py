"""Tables on letters and contacts."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import model_validator

from sovinto.countries.fields import Minute, Model, Weekday
from sovinto.countries.tables.base import Days, NonEmpty, RuleTable
from sovinto.domain.communication import Channel
from sovinto.domain.law import rows
from sovinto.domain.law.kinds import Content, LetterKind


class WaitTable(RuleTable):
    letter: LetterKind
    calendar_days: Days
    after: frozenset[LetterKind] = frozenset()
    requires: frozenset[LetterKind] = frozenset()

    def to_row(self, currency: str) -> rows.WaitRow:
        return rows.WaitRow(
            self.citation(), self.debtor_types, self.letter, self.calendar_days, self.after, self.requires
        )


class InvoiceNoticeTable(RuleTable):
    letter: LetterKind
    calendar_days: Days

    def to_row(self, currency: str) -> rows.InvoiceNoticeRow:
        return rows.InvoiceNoticeRow(self.citation(), self.debtor_types, self.letter, self.calendar_days)


class ResponseTable(RuleTable):
    letters: Annotated[frozenset[LetterKind], NonEmpty]
    calendar_days: Days
    delivery_days: Days

    def to_row(self, currency: str) -> rows.ResponseRow:
        return rows.ResponseRow(
            self.citation(), self.debtor_types, self.letters, self.calendar_days, self.delivery_days
        )


class ContentTable(RuleTable):
    letters: Annotated[frozenset[LetterKind], NonEmpty]
    items: Annotated[frozenset[Content], NonEmpty]

    def to_row(self, currency: str) -> rows.ContentRow:
        return rows.ContentRow(self.citation(), self.debtor_types, self.letters, self.items)


class FormTable(RuleTable):
    letters: Annotated[frozenset[LetterKind], NonEmpty]
    channels: Annotated[frozenset[Channel], NonEmpty]
    channels_with_consent: frozenset[Channel] = frozenset()

    def to_row(self, currency: str) -> rows.FormRow:
        return rows.FormRow(
            self.citation(), self.debtor_types, self.letters, self.channels, self.channels_with_consent
        )


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

    def to_row(self, currency: str) -> rows.ContactRow:
        windows = tuple(window.to_window() for window in self.windows)
        return rows.ContactRow(
            self.citation(), self.debtor_types, self.channels, windows, self.is_open_on_holidays
        )

"""Rows on letters and contacts: when, by which channel, with what in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sovinto.domain.communication import Channel
from sovinto.domain.law.kinds import Content, LetterKind
from sovinto.domain.law.rows.base import Row


@dataclass(frozen=True, slots=True)
class WaitRow(Row):
    """Earliest day of a letter: `calendar_days` after the due date and after every letter in `after`.

    The letters in `requires` must have gone out before.
    """

    table: ClassVar[str] = "wait"

    letter: LetterKind
    calendar_days: int
    after: frozenset[LetterKind]
    requires: frozenset[LetterKind]

    @property
    def keys(self) -> tuple[frozenset[str], ...]:
        return (frozenset({self.letter}),)


@dataclass(frozen=True, slots=True)
class InvoiceNoticeRow(Row):
    """A letter earns no fee unless the invoice went out `calendar_days` before its due date."""

    table: ClassVar[str] = "invoice_notice"

    letter: LetterKind
    calendar_days: int

    @property
    def keys(self) -> tuple[frozenset[str], ...]:
        return (frozenset({self.letter}),)


@dataclass(frozen=True, slots=True)
class ResponseRow(Row):
    """Days a letter leaves to pay or object: `calendar_days` from receipt, `delivery_days` in the post."""

    table: ClassVar[str] = "response"

    letters: frozenset[LetterKind]
    calendar_days: int
    delivery_days: int

    @property
    def keys(self) -> tuple[frozenset[str], ...]:
        return (frozenset(self.letters),)


@dataclass(frozen=True, slots=True)
class ContentRow(Row):
    """What a letter must say."""

    table: ClassVar[str] = "content"

    letters: frozenset[LetterKind]
    items: frozenset[Content]

    @property
    def keys(self) -> tuple[frozenset[str], ...]:
        return (frozenset(self.letters),)


@dataclass(frozen=True, slots=True)
class FormRow(Row):
    """By which channels a letter may go, and which more a debtor's separate consent opens."""

    table: ClassVar[str] = "form"

    letters: frozenset[LetterKind]
    channels: frozenset[Channel]
    channels_with_consent: frozenset[Channel]

    @property
    def keys(self) -> tuple[frozenset[str], ...]:
        return (frozenset(self.letters),)


@dataclass(frozen=True, slots=True)
class Window:
    """Minutes of the local day, `from_minute` <= t < `to_minute`, on ISO weekdays (1 is Monday)."""

    weekdays: frozenset[int]
    from_minute: int
    to_minute: int


@dataclass(frozen=True, slots=True)
class ContactRow(Row):
    """When a channel may be used. A window never opens on a holiday unless `is_open_on_holidays`."""

    table: ClassVar[str] = "contact"

    channels: frozenset[Channel]
    windows: tuple[Window, ...]
    is_open_on_holidays: bool

    @property
    def keys(self) -> tuple[frozenset[str], ...]:
        return (frozenset(self.channels),)

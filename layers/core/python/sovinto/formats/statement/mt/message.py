"""One MT message while it is being read: header fields, the entry at hand, running figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from sovinto.domain.money import Money
from sovinto.errors import FormatRefused
from sovinto.formats.statement.fields import Doubt
from sovinto.formats.statement.fixed_lines import day_in
from sovinto.formats.statement.keys import EntryKeys
from sovinto.formats.statement.model import Problem
from sovinto.formats.statement.mt.amounts import Balance, ControlSum, read_balance, read_control_sum
from sovinto.formats.statement.mt.controls import Tally, chain_doubts, sum_doubts
from sovinto.formats.statement.mt.entries import Told, build_entry
from sovinto.formats.statement.mt.movement import read_movement
from sovinto.formats.statement.mt.tags import Tag
from sovinto.formats.statement.parts import Begun, Ended, Part

_FLOOR = re.compile(r"([A-Z]{3})[CD]?[0-9]{1,18}(?:,[0-9]*)?")
_MOST_INFORMATION = 100


@dataclass(slots=True)
class Message:
    """`read` takes its fields in the order of the file; `finish` closes it."""

    statement_id: str
    is_final: bool
    account: str = ""
    number: str = ""
    currency: str = ""
    created_on: date | None = None
    opening: Balance | None = None
    closing: Balance | None = None
    is_page: bool = False
    is_continued: bool = False
    is_cut: bool = False
    _is_begun: bool = False
    _line: Tag | None = None
    _information: list[Tag] = field(default_factory=list)
    _entries: int = 0
    _tally: Tally = field(default_factory=Tally)
    _sums: dict[str, ControlSum] = field(default_factory=dict)
    _keys: EntryKeys = field(default_factory=EntryKeys)

    @property
    def is_in_entry(self) -> bool:
        """No field has come after the last entry yet."""
        return self._line is not None

    def read(self, tag: Tag) -> Iterator[Part]:
        """Raises FormatRefused when the fields come in an order that no statement has."""
        if tag.name in {"86", "NS"}:
            self._add_information(tag)
            return
        yield from self._close_entry()
        try:
            if tag.name == "61":
                yield from self._begin()
                self._entries += 1
                self._line = tag
            elif not self._read_header(tag):
                self._read_figures(tag)
        except Doubt as doubt:
            yield self._problem(doubt, f"line {tag.number}")

    def finish(self) -> Iterator[Part]:
        """The entry at hand, all that contradicts itself, and the end."""
        yield from self._close_entry()
        yield from self._begin()
        opening = closing = None
        try:
            opening = self._money(self.opening)
            closing = self._money(self.closing)
        except Doubt as doubt:
            yield self._problem(doubt, "balances")
        for found in (*self._missing(), *self._doubts(opening, closing)):
            yield self._problem(found)
        stated = closing if self.closing and self.closing.currency else None
        yield Ended(opening if self.opening and self.opening.currency else None, stated)

    def _read_header(self, tag: Tag) -> bool:
        if tag.name in {"25", "25P", "60F", "60M"} and self._is_begun:
            raise FormatRefused(
                f"field :{tag.name}: in line {tag.number} comes after entries; a statement begins with it"
            )
        if tag.name in {"25", "25P"}:
            self.account = " ".join(tag.text.split())
        elif tag.name in {"28", "28C"}:
            self.number = tag.text
        elif tag.name in {"60F", "60M"}:
            self.is_page = tag.name == "60M"
            self.opening = read_balance(tag)
            self.currency = self.opening.currency or self.currency
        elif tag.name == "34F":
            self._read_floor(tag)
        elif tag.name in {"13", "13D"}:
            self.created_on = day_in(tag.text[:6], "YYMMDD")
        else:
            return False
        return True

    def _read_figures(self, tag: Tag) -> None:
        if tag.name in {"62F", "62M"}:
            self.is_continued = tag.name == "62M"
            self.closing = read_balance(tag)
            self.currency = self.currency or self.closing.currency or ""
        elif tag.name in {"90C", "90D"}:
            self._sums[tag.name] = read_control_sum(tag)
            self.currency = self.currency or self._sums[tag.name].amount.currency

    def _read_floor(self, tag: Tag) -> None:
        match = _FLOOR.fullmatch(tag.text)
        if match is None:
            raise Doubt("currency_invalid", f"field :34F: {tag.text!r} is not a limit such as EUR0,")
        self.currency = self.currency or match[1]

    def _begin(self) -> Iterator[Part]:
        if self._is_begun:
            return
        self._is_begun = True
        if not self.account:
            yield self._problem(
                Doubt("account_missing", "field :25: is missing; whose money this is stays unknown")
            )
        self._keys.account = self.account
        # Banks repeat references such as STARTUMS every day: number and opening balance tell them apart.
        self._keys.statement_id = "/".join((self.statement_id, self.number, str(self.opening)))
        yield Begun(self.statement_id, self.created_on, self.account, self.currency)

    def _add_information(self, tag: Tag) -> None:
        if self._line is None:
            return
        self._information.append(tag)
        if sum(len(item.lines) for item in self._information) > _MOST_INFORMATION:
            raise FormatRefused(
                f"entry in line {self._line.number} has over {_MOST_INFORMATION} lines of information; "
                "send the file as the bank delivered it"
            )

    def _close_entry(self) -> Iterator[Part]:
        line, information = self._line, self._information
        if line is None:
            return
        self._line, self._information = None, []
        try:
            movement = read_movement(line, self.currency)
        except Doubt as doubt:
            yield self._problem(doubt, f"entry {self._entries}")
            return
        entry = build_entry(Told(movement, line, information), self._keys)
        self._tally.add(entry)
        yield entry

    def _money(self, balance: Balance | None) -> Money | None:
        return balance.money(self.currency) if balance else None

    def _doubts(self, opening: Money | None, closing: Money | None) -> Iterator[Doubt]:
        if opening is not None and closing is not None:
            yield from chain_doubts(opening, closing, self._tally)
        for name, stated in self._sums.items():
            yield from sum_doubts(name, stated, self._tally, self.currency)

    def _missing(self) -> Iterator[Doubt]:
        """What a complete statement has. Without balances nothing contradicts it, so that does not hold;
        one that begins with a balance and whose file is over within an entry was cut short.
        """
        if not self.currency:
            yield Doubt("currency_invalid", "no field names the currency; fields :60F: or :34F: must")
        if not self.is_final:
            return
        for name, balance in (
            ("opening balance :60F:", self.opening),
            ("closing balance :62F:", self.closing),
        ):
            if balance is None:
                is_cut = self.is_cut and self.opening is not None
                code = "closing_missing" if is_cut else "balance_missing"
                yield Doubt(code, f"{name} is missing; the chain cannot be checked")
            elif balance.currency is None:
                message = (
                    f"{name} names no currency; it is taken for {self.currency} to check the chain only"
                )
                yield Doubt("balance_missing", message)

    def _problem(self, doubt: Doubt, where: str = "") -> Problem:
        statement = " ".join(part for part in (self.statement_id, self.number) if part)
        return Problem(doubt.code, doubt.message, "/".join(part for part in (statement, where) if part))

"""A statement while it is being read: takes its elements one by one, in the order of the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from lxml import etree

from sovinto.domain.money import Money
from sovinto.formats.statement.controls import Summary, read_summary
from sovinto.formats.statement.entries import build_entry
from sovinto.formats.statement.fields import Doubt, day, first_text, signed_at, text_at
from sovinto.formats.statement.keys import EntryKeys
from sovinto.formats.statement.model import Problem, Statement, StatementEntry
from sovinto.formats.statement.transactions import Batch, Detail, Group, read_batch, read_detail

_OPENING = ("OPBD", "PRCD")


@dataclass(slots=True)
class StatementDraft:
    """Collects; `finished` gives the statement. Doubts go to `problems`, nothing is raised."""

    statement_id: str = ""
    created_on: date | None = None
    account: str = ""
    currency: str = ""
    openings: dict[str, Money] = field(default_factory=dict)
    closing: Money | None = None
    summary: Summary | None = None
    entries: list[StatementEntry] = field(default_factory=list)
    entry_count: int = 0
    batch: Batch | None = None
    details: list[Detail] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    keys: EntryKeys = field(default_factory=EntryKeys)
    problems: list[Problem] = field(default_factory=list)

    def note(self, doubt: Doubt, where: str = "") -> None:
        place = "/".join(part for part in (self.statement_id, where) if part)
        self.problems.append(Problem(doubt.code, doubt.message, place))

    def note_entry(self, doubt: Doubt) -> None:
        self.note(doubt, f"entry {self.entry_count + 1}")

    def read(self, name: str, element: etree._Element) -> None:
        """One direct child of the statement."""
        readers = {
            "Id": self._id,
            "CreDtTm": self._created,
            "Acct": self._account,
            "Bal": self._balance,
            "TxsSummry": self._summary,
            "Ntry": self._entry,
        }
        reader = readers.get(name)
        if reader is None:
            return
        try:
            reader(element)
        except Doubt as doubt:
            self.note(doubt, f"entry {self.entry_count}" if name == "Ntry" else name)

    def read_inside_entry(self, name: str, element: etree._Element) -> None:
        """A child of NtryDtls: kept aside until its entry ends."""
        try:
            if name == "Btch":
                self.batch = read_batch(element)
            elif name == "TxDtls":
                detail, doubts = read_detail(element)
                self.details.append(detail)
                for doubt in doubts:
                    self.note_entry(doubt)
        except Doubt as doubt:
            self.note_entry(doubt)

    def close_group(self) -> None:
        """The end of one NtryDtls."""
        self.groups.append(Group(self.batch, tuple(self.details)))
        self.batch, self.details = None, []

    def finished(self) -> Statement:
        opening = next((self.openings[code] for code in _OPENING if code in self.openings), None)
        balances = [amount.currency for amount in (opening, self.closing) if amount]
        currencies = [self.currency, *balances, *(entry.amount.currency for entry in self.entries[:1])]
        return Statement(
            statement_id=self.statement_id,
            created_on=self.created_on,
            account=self.account,
            currency=next((currency for currency in currencies if currency), ""),
            opening=opening,
            closing=self.closing,
            entries=tuple(self.entries),
        )

    def _id(self, element: etree._Element) -> None:
        self.statement_id = self.keys.statement_id = " ".join((element.text or "").split())

    def _created(self, element: etree._Element) -> None:
        self.created_on = day((element.text or "").strip())

    def _account(self, element: etree._Element) -> None:
        found = first_text(element, "Id/IBAN", "Id/Othr/Id") or ""
        self.account = self.keys.account = found.replace(" ", "")
        self.currency = text_at(element, "Ccy") or ""

    def _balance(self, element: etree._Element) -> None:
        code = text_at(element, "Tp/CdOrPrtry/Cd")
        if code in _OPENING:
            # Of several pages or days in one statement the first opening and the last closing count.
            self.openings.setdefault(code, signed_at(element, "Amt"))
        elif code == "CLBD":
            self.closing = signed_at(element, "Amt")

    def _summary(self, element: etree._Element) -> None:
        self.summary = read_summary(element)

    def _entry(self, element: etree._Element) -> None:
        groups, self.groups = self.groups, []
        self.entry_count += 1
        entry, doubts = build_entry(element, groups, self.keys)
        self.entries.append(entry)
        for doubt in doubts:
            self.note(doubt, f"entry {self.entry_count}")

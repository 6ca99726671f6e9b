"""A statement while it is being read: takes its elements one by one, in the order of the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from lxml import etree

from sovinto.domain.money import Money
from sovinto.errors import FormatRefused
from sovinto.formats.statement.controls import Stated, Summary, Tally, control_doubts, read_summary
from sovinto.formats.statement.entries import build_entry
from sovinto.formats.statement.fields import Doubt, day, signed
from sovinto.formats.statement.keys import EntryKeys
from sovinto.formats.statement.model import Problem
from sovinto.formats.statement.parts import Begun, Ended, Part
from sovinto.formats.statement.shapes import Shape, pick, steps, tidy
from sovinto.formats.statement.transactions import Detail, Group, read_batch, read_detail

# The transactions of one entry are in memory together; a bank splits larger batches.
MOST_TRANSACTIONS = 100_000
_OPENING = ("OPBD", "PRCD")
_ACCOUNT = Shape(texts={"number": ("Id/IBAN", "Id/Othr/Id"), "currency": ("Ccy",)})
_BALANCE = Shape(
    texts={"code": ("Tp/CdOrPrtry/Cd",), "direction": ("CdtDbtInd",)}, amounts={"amount": ("Amt",)}
)


@dataclass(slots=True)
class StatementDraft:
    """Gives the parts of one statement. Doubts become problems, only what is beyond reason is raised."""

    namespace: str
    is_final: bool
    statement_id: str = ""
    created_on: date | None = None
    account: str = ""
    currency: str = ""
    openings: dict[str, Money] = field(default_factory=dict)
    closing: Money | None = None
    summary: Summary | None = None
    begun: Begun | None = None
    tally: Tally = field(default_factory=Tally)
    entry_count: int = 0
    details: list[Detail] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    keys: EntryKeys = field(default_factory=EntryKeys)

    def problem(self, doubt: Doubt, where: str = "") -> Problem:
        place = "/".join(part for part in (self.statement_id, where) if part)
        return Problem(doubt.code, doubt.message, place)

    def head(self, name: str, element: etree._Element) -> Iterator[Problem]:
        """One direct child of the statement that is not an entry."""
        readers = {
            "Id": self._id,
            "CreDtTm": self._created,
            "Acct": self._account,
            "Bal": self._balance,
            "TxsSummry": self._summary,
        }
        reader = readers.get(name)
        if reader is None:
            return
        try:
            reader(element)
        except Doubt as doubt:
            yield self.problem(doubt, name)

    def detail(self, element: etree._Element) -> None:
        """A TxDtls: kept aside until its entry ends."""
        detail, doubt = read_detail(element, self.namespace)
        self.details.append(detail)
        if len(self.details) > MOST_TRANSACTIONS:
            raise FormatRefused(
                f"an entry has over {MOST_TRANSACTIONS} transactions; ask for smaller files"
            )
        if doubt:
            self.doubts.append(doubt)

    def group(self, element: etree._Element) -> None:
        """The end of one NtryDtls."""
        batch = None
        for found in element.iterchildren(f"{{{self.namespace}}}Btch"):
            try:
                batch = read_batch(found, self.namespace)
            except Doubt as doubt:
                self.doubts.append(doubt)
        self.groups.append(Group(batch, tuple(self.details)))
        self.details = []

    def drop(self) -> None:
        """What looked like the details of an entry was elsewhere."""
        self.details, self.groups, self.doubts = [], [], []

    def entry(self, element: etree._Element) -> Iterator[Part]:
        """The end of an Ntry."""
        groups, doubts = self.groups, self.doubts
        self.drop()
        self.entry_count += 1
        try:
            entry, more = build_entry(element, self.namespace, groups, self.keys)
        except Doubt as unbelievable:
            doubts.append(unbelievable)
        else:
            if self.begun is None:
                yield self._begin(entry.amount.currency)
            self.tally.add(entry)
            yield entry
            doubts += more
        for doubt in doubts:
            yield self.problem(doubt, f"entry {self.entry_count}")

    def end(self) -> Iterator[Part]:
        """The statement is over: what it says as a whole, and whether that agrees."""
        if self.begun is None:
            yield self._begin()
        begun = self.begun or self._begin()
        opening = self._opening()
        yield Ended(opening, self.closing)
        stated = Stated(begun.account, begun.currency, opening, self.closing, self.summary, self.is_final)
        for doubt in control_doubts(stated, self.tally):
            yield self.problem(doubt)

    def _begin(self, entry_currency: str = "") -> Begun:
        balances = [amount.currency for amount in (self._opening(), self.closing) if amount is not None]
        currencies = [self.currency, *balances, entry_currency]
        currency = next((currency for currency in currencies if currency), "")
        self.begun = Begun(self.statement_id, self.created_on, self.account, currency)
        return self.begun

    def _opening(self) -> Money | None:
        return next((self.openings[code] for code in _OPENING if code in self.openings), None)

    def _id(self, element: etree._Element) -> None:
        self.statement_id = self.keys.statement_id = tidy(element.text)

    def _created(self, element: etree._Element) -> None:
        self.created_on = day((element.text or "").strip())

    def _account(self, element: etree._Element) -> None:
        picked = pick(element, steps(_ACCOUNT, self.namespace))
        self.account = self.keys.account = picked.texts.get("number", "").replace(" ", "")
        self.currency = picked.texts.get("currency", "")

    def _balance(self, element: etree._Element) -> None:
        picked = pick(element, steps(_BALANCE, self.namespace))
        code = picked.texts.get("code")
        if code in _OPENING:
            # Of several pages or days in one statement the first opening and the last closing count.
            amount = signed(picked.amounts.get("amount"), picked.texts.get("direction"))
            self.openings.setdefault(code, amount)
        elif code == "CLBD":
            self.closing = signed(picked.amounts.get("amount"), picked.texts.get("direction"))

    def _summary(self, element: etree._Element) -> None:
        self.summary = read_summary(element, self.namespace)

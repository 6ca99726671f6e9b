"""Which case money on the bank account is for: the pure rules, over look-ups in the table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sovinto.domain.case import Case
from sovinto.domain.debt_lines import debt_view
from sovinto.domain.ledger import Entry, balance_of
from sovinto.domain.matching import (
    MOST_BY_NAME,
    Candidate,
    Clue,
    Line,
    Verdict,
    account_clue,
    account_digest,
    find_owner,
    invoice_clue,
    name_clue,
    name_key,
    sum_clue,
)
from sovinto.domain.matching.clues import payer_clue
from sovinto.domain.matching.names import is_same, name_digest
from sovinto.domain.money import Money, total
from sovinto.domain.payment import BANK_SOURCE, Payment
from sovinto.domain.reversal import ALLOCATED, REVERSED
from sovinto.domain.settling import letters_sent
from sovinto.errors import LawMissing, NotFound
from sovinto.formats.payment_reference import normalise
from sovinto.formats.payment_words import invoice_key, read_line
from sovinto.ids import CaseId
from sovinto.ports import CaseFile, Cases
from sovinto.usecases.case_file import rules_for


def match_payment(
    received: Payment,
    *,
    references: Iterable[str],
    country: str,
    cases: Cases,
    files: dict[CaseId, CaseFile] | None = None,
    is_checked: bool = False,
) -> Verdict:
    """Exact where a rule leaves no doubt, else suggestions. Reads index rows and the few cases they name.

    `references` are the bank's own fields for all of this money, as they came; `country` is the agency's.
    The cases that were read are left in `files`. `is_checked`: the bank checked the reference.
    """
    line = line_of(received, references, country, is_checked=is_checked)
    return find_owner(line, TableLookups(cases, country, received.value_on, {} if files is None else files))


def line_of(
    received: Payment, references: Iterable[str], country: str, *, is_checked: bool = False
) -> Line:
    return read_line(
        received.amount,
        references=references,
        text=received.text,
        payer=received.payer,
        account=received.payer_iban,
        country=country,
        is_checked=is_checked,
    )


def placement_clues(case: Case) -> tuple[Clue, ...]:
    """Rows written when a case is placed: one for each person's name and for each invoice number."""
    names = (name_clue(key, case.country) for key in names_of(case))
    numbers = (invoice_key(claim.invoice_number) for claim in case.claims)
    invoices = (invoice_clue(number, case.country) for number in numbers if number)
    return tuple((scope, case.case_id) for scope in dict.fromkeys((*names, *invoices)))


def payment_clues(received: Payment, case: Case) -> tuple[Clue, ...]:
    """The rows written with a payment whose payer's account is known, or who has not the name of one who
    owes: by these the bank's return of it is known."""
    digest, name = account_digest(received.payer_iban), name_key(received.payer)
    found = [account_clue(digest)] if digest else []
    if name and not any(is_same(name, other) for other in names_of(case)):
        found.append(payer_clue(received.payment_id, name_digest(name)))
    return tuple((scope, case.case_id) for scope in found)


@dataclass
class TableLookups:
    """Implements domain.matching.Lookups; `on` is the value day that debts are told for.

    Names and invoices are kept by country: they are looked up in the agency's own (`country`) and in that
    of each case that was read, as an agency may have cases abroad.
    """

    cases: Cases
    country: str
    on: date
    files: dict[CaseId, CaseFile] = field(default_factory=dict)
    _read: dict[str, tuple[CaseId, ...]] = field(default_factory=dict)
    _abroad: dict[str, None] = field(default_factory=dict)

    def by_reference(self, reference: str) -> CaseId | None:
        return self.cases.by_payment_reference(reference)

    def by_name(self, key: str) -> Sequence[CaseId]:
        return self._in_each(name_clue, key)

    def by_account(self, account: str) -> Sequence[CaseId]:
        return self._of(account_clue(account))

    def by_invoice(self, number: str) -> Sequence[CaseId]:
        return self._in_each(invoice_clue, number)

    def by_sum(self, amount: Money) -> Sequence[CaseId]:
        return self._of(sum_clue(amount))

    def candidate(self, case_id: CaseId) -> Candidate | None:
        try:
            file = self.files[case_id] = self.cases.file(case_id)
        except NotFound:
            return None
        self._abroad[file.case.country] = None
        return candidate_of(file, self.on)

    def _in_each(self, clue: Callable[[str, str], str], word: str) -> Sequence[CaseId]:
        countries = dict.fromkeys((self.country, *self._abroad))
        found = [case_id for country in countries for case_id in self._of(clue(word, country))]
        return tuple(dict.fromkeys(found))

    def _of(self, scope: str) -> tuple[CaseId, ...]:
        if scope not in self._read:
            self._read[scope] = self.cases.by_clue(scope, MOST_BY_NAME + 1)
        return self._read[scope]


def candidate_of(file: CaseFile, on: date) -> Candidate:
    """The case as the rules see it, with its debt on the day `on`."""
    case = file.case
    owed = _owed(file, on)
    letters = [letter.payment.amount for letter in letters_sent(file.communications)]
    sums = [*letters]
    if case.plan is not None and case.plan.is_active:
        sums += [instalment.amount for instalment in case.plan.instalments]
    # A sum above what is left was asked before something else was paid: nobody asks for it any more.
    asked = (item for item in sums if item.minor > 0 and (item <= owed or not case.is_open))
    return Candidate(
        case_id=case.case_id,
        reference=normalise(case.payment_reference),
        owed=owed,
        asked=tuple(dict.fromkeys(asked)),
        names=names_of(case),
        person=case.person_key or case.case_id,
        invoices=tuple(invoice_key(claim.invoice_number) for claim in case.claims),
        is_open=case.is_open,
        ever_asked=tuple(dict.fromkeys((*sums, *_invoiced(case)))),
        paid=_paid(file.entries, on),
        outdated=tuple(sum_ for sum_ in letters[:-1] if sum_ not in (letters[-1], *sums[len(letters) :])),
    )


def _invoiced(case: Case) -> tuple[Money, ...]:
    """What the client's invoices asked for, each and together."""
    principals = [claim.principal for claim in case.claims]
    return (*principals, total(principals, case.currency))


def _paid(entries: Sequence[Entry], before: date) -> tuple[Money, ...]:
    """The sums that came by a bank on earlier days and of which nothing went back.

    Of one day it may be the same payment told again.
    """
    undone = {entry.reverses for entry in entries if entry.kind == REVERSED}
    by_bank = (e for e in entries if e.kind == ALLOCATED and e.label == BANK_SOURCE)
    standing = (e for e in by_bank if e.value_on < before and e.entry_id not in undone)
    # The first leg is the whole sum.
    return tuple(dict.fromkeys(entry.lines[0].amount for entry in standing))


def names_of(case: Case) -> tuple[str, ...]:
    """Keys of the names of everybody who owes it."""
    people = (case.debtor, *(other.debtor for other in case.co_debtors if not other.is_released))
    return tuple(dict.fromkeys(key for key in (name_key(person.name) for person in people) if key))


def _owed(file: CaseFile, on: date) -> Money:
    """With interest to the day; what is posted where the law of that day is unknown; never below zero."""
    case = file.case
    try:
        rules = rules_for(case)
        owed = debt_view(case, file.entries, rules.pack, rules.calendar, on).total
    except LawMissing:
        owed = balance_of(case.case_id, case.currency, file.entries).total
    return Money(max(owed.minor, 0) if case.is_open else 0, case.currency)

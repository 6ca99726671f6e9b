"""Which cases to look at for a line: only as many look-ups as the decision still needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from sovinto.domain.matching.facts import Candidate, Candidates, Line
from sovinto.domain.matching.rules import is_plain, match
from sovinto.domain.matching.verdict import Exact, Verdict
from sovinto.domain.money import Money
from sovinto.ids import CaseId

MOST_BY_NAME = 25
"""Of a name with more cases than this nothing is decided by name."""
MOST_GUESSES = 10


class Lookups(Protocol):
    """Index rows of the book; every answer is a handful of ids, never a scan."""

    def by_reference(self, reference: str) -> CaseId | None: ...
    def by_name(self, key: str) -> Sequence[CaseId]:
        """Cases whose debtor or co-debtor has this name key, closed ones included."""

    def by_account(self, account: str) -> Sequence[CaseId]:
        """Cases that an account (its digest) paid before."""

    def by_invoice(self, number: str) -> Sequence[CaseId]: ...
    def by_sum(self, amount: Money) -> Sequence[CaseId]:
        """Cases that a letter asked for just this sum."""

    def candidate(self, case_id: CaseId) -> Candidate | None:
        """None for a number that is no case."""


class _Found:
    """Each case is read once, however many look-ups name it."""

    def __init__(self, lookups: Lookups) -> None:
        self._lookups = lookups
        self._cases: dict[CaseId, Candidate | None] = {}
        self.is_complete = True

    def add(self, case_ids: Iterable[CaseId | None]) -> None:
        for case_id in case_ids:
            if case_id is not None and case_id not in self._cases:
                self._cases[case_id] = self._lookups.candidate(case_id)

    def paid_by(self, account: str, case_ids: Sequence[CaseId]) -> None:
        self.add(case_ids)
        for case_id in case_ids:
            case = self._cases[case_id]
            if case is not None:
                self._cases[case_id] = replace(case, accounts=(account,))

    @property
    def candidates(self) -> Candidates:
        return Candidates(tuple(case for case in self._cases.values() if case), self.is_complete)


def find_owner(line: Line, lookups: Lookups) -> Verdict:
    """By reference first, else by one that is a slip away; by payer where that alone does not settle it.

    The rest is only to suggest.
    """
    found = _Found(lookups)
    found.add(lookups.by_reference(text) for text in (*line.references, *line.mentioned))
    found.add(line.case_ids)
    if is_plain(line, found.candidates):
        return match(line, found.candidates)
    if not found.candidates.cases:
        found.add(lookups.by_reference(reference) for reference in line.near)
    _add_payer(line, lookups, found)
    verdict = match(line, found.candidates)
    if isinstance(verdict, Exact) or line.amount.minor <= 0:
        return verdict
    _add_guesses(line, lookups, found)
    return match(line, found.candidates)


def _add_payer(line: Line, lookups: Lookups, found: _Found) -> None:
    """An account may pay for many debtors (an accountant's); a name may be many people's.

    Of a case that is named but asked for another sum, its debtor's other cases are read as well, whoever
    pays.
    """
    keys = [line.payer_key] if line.payer_key else []
    keys += [key for case in found.candidates.cases for key in case.names]
    for key in dict.fromkeys(keys):
        case_ids = lookups.by_name(key)
        found.is_complete = found.is_complete and len(case_ids) <= MOST_BY_NAME
        found.add(case_ids[:MOST_BY_NAME])
    if line.account:
        found.paid_by(line.account, lookups.by_account(line.account)[:MOST_BY_NAME])


def _add_guesses(line: Line, lookups: Lookups, found: _Found) -> None:
    for word in line.words:
        found.add(lookups.by_invoice(word)[:MOST_GUESSES])
    found.add(lookups.by_sum(line.amount)[:MOST_GUESSES])

"""What the rules look at: the words of one bank line, and the cases found by them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from sovinto.domain.matching.names import is_same, is_telling, name_key
from sovinto.domain.money import Money
from sovinto.ids import CaseId


@dataclass(frozen=True, slots=True)
class Line:
    """Money in, as the bank tells it. References are canonical: no spaces, leading zeros or RF around.

    `references` came in the bank's own field; `mentioned` were found in free text and their check digit
    is right; `near` are references with a right check digit one slip of the pen away from what is
    written; `words` may be invoice numbers. `account` is the digest of the payer's account. `is_checked`:
    the payment came by a file in which there is no reference that the bank did not check.
    """

    amount: Money
    references: tuple[str, ...] = ()
    mentioned: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    case_ids: tuple[CaseId, ...] = ()
    payer: str = ""
    account: str = ""
    is_checked: bool = False

    @property
    def payer_key(self) -> str:
        return name_key(self.payer)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case as the rules see it. `owed` is what is left on the line's value day.

    `asked` are sums that letters and plans asked for; `names` are keys of everybody who owes it;
    `accounts` digests of accounts that paid it before, of which only the line's is asked for; `person` is
    the same for all cases of a debtor. `ever_asked` are sums that nobody asks for any more, or that only
    the client asked for (its invoices): they stand beside a reference, and decide nothing alone. `paid` are
    the sums of payments of earlier days of which nothing went back; `outdated` sums of `asked` that a later
    letter has replaced.
    """

    case_id: CaseId
    reference: str
    owed: Money
    asked: tuple[Money, ...]
    names: tuple[str, ...]
    person: str
    invoices: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    is_open: bool = True
    ever_asked: tuple[Money, ...] = ()
    paid: tuple[Money, ...] = ()
    outdated: tuple[Money, ...] = ()

    @property
    def sums(self) -> tuple[Money, ...]:
        """What somebody who pays all that was asked may pay, today's debt first."""
        if not self.is_open:
            return ()
        return tuple(dict.fromkeys(sum_ for sum_ in (self.owed, *self.asked) if sum_.minor > 0))


@dataclass(frozen=True, slots=True)
class Candidates:
    """Every case that a look-up by the line's words found.

    `is_complete` is false where more cases go by the payer's name than were read: then nothing is decided
    by name.
    """

    cases: tuple[Candidate, ...] = ()
    is_complete: bool = True


class Picture:
    """A line beside its candidates, with each question of the rules asked once."""

    def __init__(self, line: Line, candidates: Candidates) -> None:
        self.line = line
        self.is_complete = candidates.is_complete
        unique = {case.case_id: case for case in candidates.cases}
        self.strange = [c for c in unique.values() if c.owed.currency != line.amount.currency]
        self.cases = [c for c in unique.values() if c.owed.currency == line.amount.currency]

    @cached_property
    def payer_key(self) -> str:
        return self.line.payer_key

    @cached_property
    def structured(self) -> list[Candidate]:
        return [case for case in self.cases if case.reference in self.line.references]

    @cached_property
    def named(self) -> list[Candidate]:
        """Cases that the payer named by a reference or by our own case number, wherever it stands."""
        words = {*self.line.references, *self.line.mentioned}
        return [c for c in self.cases if c.reference in words or c.case_id in self.line.case_ids]

    @cached_property
    def is_partly_unknown(self) -> bool:
        """The bank's own field names something that is no case of ours."""
        known = {case.reference for case in (*self.cases, *self.strange)}
        return any(reference not in known for reference in self.line.references)

    @cached_property
    def near(self) -> list[Candidate]:
        return [case for case in self.cases if case.reference in self.line.near]

    @cached_property
    def by_name(self) -> list[Candidate]:
        if not is_telling(self.payer_key):
            return []
        return [case for case in self.cases if self.payer_key in case.names]

    @cached_property
    def of_payer(self) -> list[Candidate]:
        """The payer's open cases, by name or by an account that paid them before."""
        return [case for case in self.cases if case.is_open and self.is_payer_of(case)]

    def is_payer_of(self, case: Candidate) -> bool:
        return case in self.by_name or self.has_paid(case)

    def has_paid(self, case: Candidate) -> bool:
        return bool(self.line.account) and self.line.account in case.accounts

    def is_named_payer(self, case: Candidate) -> bool:
        """The payer is called as one who owes this case, or nearly so: see `names.is_same`."""
        return any(is_same(self.payer_key, name) for name in case.names)

    def backing(self, case: Candidate) -> str:
        """What else than a reference says that the line is this case's; empty for nothing."""
        if self.line.amount in (case.owed, *case.asked, *case.ever_asked):
            return "asked for this sum"
        if self.is_named_payer(case):
            return "is owed by who pays"
        if self.has_paid(case) and is_one_person([c for c in self.cases if self.has_paid(c)]):
            return "was paid from this account before"
        return ""

    def backing_of_checked(self, case: Candidate) -> str:
        """What else says so beside a reference that the bank checked; empty for nothing."""
        # A name that is told and not the debtor's says more than a sum: another person may pay as much.
        if self.line.amount in case.paid and not self.payer_key:
            return "was paid the same sum before"
        payers = [other for other in self.cases if self.has_paid(other)]
        if payers and is_one_person([case, *payers]):
            return "is owed by the debtor for whom this account paid before"
        return ""

    def fits(self, case: Candidate) -> bool:
        """The line is exactly one of the sums that this case asked for."""
        return self.line.amount in case.sums

    def is_outdated(self, case: Candidate) -> bool:
        """The sum is one that only an earlier letter of this case asked for."""
        return self.line.amount in case.outdated and self.line.amount != case.owed

    def others_of_payer(self, *but: Candidate) -> list[Candidate]:
        return [case for case in self.of_payer if case not in but]

    def of_same_debtor(self, case: Candidate) -> list[Candidate]:
        """The other open cases of whoever owes this one."""
        return [c for c in self.cases if c.is_open and c != case and c.person == case.person]

    def invoiced(self, cases: Iterable[Candidate]) -> list[Candidate]:
        words = set(self.line.words)
        return [case for case in cases if words.intersection(case.invoices)]


def is_one_person(cases: Sequence[Candidate]) -> bool:
    return len({case.person for case in cases}) == 1 and bool(cases[0].person)

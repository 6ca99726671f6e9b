"""The rules, the strongest first. A rule is exact only where two tellings of the line cannot disagree."""

from __future__ import annotations

from collections.abc import Callable

from sovinto.domain.matching.evidence import evidence
from sovinto.domain.matching.facts import Candidate, Candidates, Line, Picture, is_one_person
from sovinto.domain.matching.suggest import suggestions
from sovinto.domain.matching.sums import Shares, subsets, the_subset, the_way
from sovinto.domain.matching.verdict import Exact, Unsure, Verdict

Rule = Callable[[Picture], Verdict | None]


def match(line: Line, candidates: Candidates) -> Verdict:
    """Whose money it is beyond doubt, or who it may be. Raises nothing; the shares lose no cent."""
    seen = Picture(line, candidates)
    if line.amount.minor <= 0:
        return Unsure((), "money that left the account belongs to no case by itself")
    for rule in (_one_named, _several_named, _misspelt, _by_invoice, _by_name_and_sum, _all_of_payer):
        verdict = rule(seen)
        if verdict is not None:
            return verdict
    return _unsure(seen, _why_nothing(seen))


def is_plain(line: Line, candidates: Candidates) -> bool:
    """A reference names one case, the sum is what it asks for now, and no other payer is told than who owes
    it: no other look-up can change that. Of two cases that ask for one sum, the reference says which."""
    seen = Picture(line, candidates)
    if len(seen.named) != 1 or not seen.fits(seen.named[0]) or seen.is_outdated(seen.named[0]):
        return False
    return not seen.payer_key or seen.is_named_payer(seen.named[0])


def _one_named(seen: Picture) -> Verdict | None:
    """One case by its reference, and one more fact: the sum, the payer or the account.

    So a part, or more than is owed, is posted for who owes the case, and waits for anybody else: a stranger
    may have copied a wrong reference, and where no name is told nobody can tell.
    """
    if len(seen.named) != 1:
        return None
    case = seen.named[0]
    if doubt := _doubt(seen, case):
        return _unsure(seen, doubt)
    if seen.fits(case):
        told = "the reference names the case, and it asked for this sum"
        return _whole(seen, case, "reference_and_sum", told)
    others = seen.of_same_debtor(case)
    if seen.line.amount >= case.owed and (others or not seen.is_complete):
        return _more_than_owed(seen, case, others)
    if subsets(case, others, seen.line.amount):
        return _unsure(seen, "a part of the named case, or the sum of it and another of its debtor")
    if backing := seen.backing(case):
        return _whole(seen, case, "reference", f"the reference names the case, and it {backing}")
    if backing := _backing_of_checked(seen, case):
        told = f"the bank checked the reference, which names the case, and it {backing}"
        return _whole(seen, case, "reference_checked_by_bank", told)
    return _unsure(seen, "the reference names this case, but neither payer, account nor sum is its own")


def _backing_of_checked(seen: Picture, case: Candidate) -> str:
    """A weaker fact is enough where the bank checked the reference and no more is paid than is owed."""
    if not seen.line.is_checked or case not in seen.structured:
        return ""
    if not case.is_open or seen.line.amount > case.owed:
        return ""
    return seen.backing_of_checked(case)


def _more_than_owed(seen: Picture, case: Candidate, others: list[Candidate]) -> Verdict:
    if shares := the_subset(case, others, seen.line.amount):
        told = "the debtor's cases together come to this sum; one is named"
        return _exact(seen, shares, "debtor_cases", told)
    return _unsure(seen, "more than the named case owes, and its debtor may have other open cases")


def _doubt(seen: Picture, case: Candidate) -> str:
    """Why the reference may be of another case than the payer meant; empty for no doubt."""
    others = seen.others_of_payer(case)
    if seen.fits(case):
        if seen.is_outdated(case) and any(seen.fits(other) for other in seen.of_same_debtor(case)):
            return "an earlier letter of the case asked for this sum, and the debtor's other case does"
        if seen.is_named_payer(case) or not any(seen.fits(other) for other in others):
            return ""
        return "the reference names one case, but the payer owes the same sum in another"
    if any(seen.fits(other) for other in (*others, *seen.of_same_debtor(case))):
        return "the reference names one case, but the sum is that of another case of the payer"
    if others and not seen.is_payer_of(case):
        return "the reference names one case, but the payer owes another"
    if seen.is_partly_unknown:
        return "beside a case of ours the line names a reference that we do not know"
    if case not in seen.structured and case.owed < seen.line.amount:
        return "the text names a case that owes less than was paid"
    return ""


def _several_named(seen: Picture) -> Verdict | None:
    if len(seen.named) < 2:
        return None
    if not seen.is_partly_unknown and (shares := the_way(seen.named, seen.line.amount)):
        return _exact(seen, shares, "references", "the line names these cases, and their sums come to it")
    return _unsure(seen, "the line names several cases, and their sums do not come to it in just one way")


def _misspelt(seen: Picture) -> Verdict | None:
    """One slip away from the reference of one case, and the sum or the payer is its own.

    References are so sparse that no other number comes so near to one by chance (ADR 0024); so it needs one
    more fact, as a right one does, and no other case that may be meant.
    """
    if not seen.is_complete or len(seen.near) != 1 or len(seen.line.references) > 1:
        return None
    (case,) = seen.near
    others = {other.case_id: other for other in (*seen.others_of_payer(case), *seen.of_same_debtor(case))}
    if any(seen.fits(other) for other in others.values()):
        return _unsure(
            seen, "one slip away from one case's reference, and the sum is another's of the payer"
        )
    if seen.fits(case):
        told = "one slip away from the case's reference, and it asked for this sum"
        return _whole(seen, case, "misspelt_reference", told)
    if others or not case.is_open or seen.line.amount > case.owed:
        return None
    if backing := seen.backing(case):
        told = f"one slip away from the case's reference, and it {backing}"
        return _whole(seen, case, "misspelt_reference", told)
    return None


def _by_invoice(seen: Picture) -> Verdict | None:
    """The client's invoice numbers in the text, the payer's name, and the sum: all three."""
    found = seen.invoiced(seen.of_payer)
    if not seen.is_complete or not found or not is_one_person(found):
        return None
    shares = the_way(found, seen.line.amount)
    if shares is None:
        return None
    told = "the invoice number, the payer and the sum are the case's own"
    return _exact(seen, shares, "invoice_name_sum", told)


def _by_name_and_sum(seen: Picture) -> Verdict | None:
    """No reference at all: one person by that name in the whole book, one open case with that sum."""
    case = _only_payer_case(seen)
    if case is None:
        return None
    if seen.has_paid(case):
        told = "the payer's account paid this case before, and the name and the sum are its own"
        return _whole(seen, case, "account_name_sum", told)
    if seen.line.amount not in case.asked:
        return None
    told = "one debtor has this name, and one open case asked for this sum"
    return _whole(seen, case, "name_sum", told)


def _only_payer_case(seen: Picture) -> Candidate | None:
    """None where a namesake, or a closed case of the same sum, might be meant as well."""
    if not seen.is_complete or not seen.by_name or not is_one_person(seen.by_name):
        return None
    found = [case for case in seen.by_name if seen.line.amount in (case.owed, *case.asked)]
    return found[0] if len(found) == 1 and found[0].is_open else None


def _all_of_payer(seen: Picture) -> Verdict | None:
    """One transfer for all that one debtor owes, to the cent."""
    cases = [case for case in seen.by_name if case.is_open]
    if not seen.is_complete or len(cases) < 2 or not is_one_person(seen.by_name):
        return None
    shares = the_way(cases, seen.line.amount)
    if shares is None or any(seen.fits(case) for case in cases):
        return None
    told = "all open cases of the only debtor by this name come to this sum"
    return _exact(seen, shares, "debtor_cases", told)


def _whole(seen: Picture, case: Candidate, rule: str, told: str) -> Exact:
    return _exact(seen, ((case.case_id, seen.line.amount),), rule, told)


def _exact(seen: Picture, shares: Shares, rule: str, told: str) -> Exact:
    return Exact(shares, rule, told, evidence(seen, shares))


def _unsure(seen: Picture, reason: str) -> Unsure:
    return Unsure(suggestions(seen), reason)


def _why_nothing(seen: Picture) -> str:
    if seen.strange:
        return f"the case found is not in {seen.line.amount.currency}"
    if seen.near:
        return "the reference is misspelt, and payer or sum are not the case's own"
    if seen.line.references:
        return "no case has this reference"
    if seen.by_name:
        return "no reference, and name and sum do not leave just one case"
    return "no reference, and nobody by this name owes anything"

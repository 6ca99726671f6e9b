"""What of a line stood for the cases that it was posted to: kept with the entry, so it names nobody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sovinto.domain.explanation import Explanation
from sovinto.domain.matching.facts import Candidate, Picture
from sovinto.domain.matching.sums import Shares
from sovinto.domain.matching.verdict import Exact
from sovinto.ids import PaymentId

_BY_HAND = "matching.by_hand"
Evidence = tuple[tuple[str, str], ...]


def evidence(seen: Picture, shares: Shares) -> Evidence:
    """Pairs of a kind and its value, of every case that has a share; in the order of the shares."""
    cases = {case.case_id: case for case in seen.cases}
    found = [pair for case_id, _ in shares for pair in _of(seen, cases[case_id])]
    return tuple(dict.fromkeys(found))


def _of(seen: Picture, case: Candidate) -> Iterator[tuple[str, str]]:
    yield from _words(seen, case)
    if seen.is_named_payer(case):
        yield "payer", "has the name of one who owes it"
    if seen.has_paid(case):
        yield "account_seen_before", seen.line.account
    if seen.fits(case):
        yield "asked", f"{seen.line.amount.decimal()} {seen.line.amount.currency}"


def _words(seen: Picture, case: Candidate) -> Iterator[tuple[str, str]]:
    if case.reference in (*seen.line.references, *seen.line.mentioned):
        yield "reference", case.reference
    elif case.case_id in seen.line.case_ids:
        yield "case_number", case.case_id
    elif case in seen.near:
        yield "reference_one_slip_away", case.reference
    yield from (("invoice_number", number) for number in case.invoices if number in seen.line.words)


def explain(found: Exact, payment_id: PaymentId) -> Explanation:
    """Why the payment was posted to its case: the rule, and what of the line it went by."""
    inputs = (("payment_id", payment_id), *found.evidence)
    return Explanation(f"matching.{found.rule}", "", found.explanation, inputs, certainty="certain")


def explain_by_hand(by: str, payment_id: PaymentId) -> Explanation:
    """A person of the agency decided; `by` is the id."""
    inputs = (("payment_id", payment_id), ("by", by))
    return Explanation(_BY_HAND, "", "a person posted it from suspense", inputs, certainty="certain")


def posted_by(used: Explanation | None) -> str:
    """Who of the agency found the case of this payment; empty where a rule did."""
    told = dict(used.inputs) if used else {}
    is_by_hand = used is not None and _BY_HAND in (used.rule_id, told.get("matched_by"))
    return told.get("by", "") if is_by_hand else ""


def with_owner(used: Explanation | None, owner: Explanation | None) -> Explanation | None:
    """An entry has one explanation: how its money was `used` up, with whose it was (`owner`) as inputs.

    Where nothing was used up, whose it was is all there is to say.
    """
    if used is None or owner is None:
        return used or owner
    told = (("matched_by", owner.rule_id), ("matched_because", owner.formula), *owner.inputs)
    return replace(used, inputs=(*used.inputs, *told))

"""Whose money is it? Pure rules over what a bank line says and the cases that it may mean."""

from __future__ import annotations

from sovinto.domain.matching.clues import Clue, account_clue, invoice_clue, name_clue, sum_clue
from sovinto.domain.matching.evidence import explain, explain_by_hand, posted_by, with_owner
from sovinto.domain.matching.facts import Candidate, Candidates, Line
from sovinto.domain.matching.finding import MOST_BY_NAME, Lookups, find_owner
from sovinto.domain.matching.names import account_digest, name_key
from sovinto.domain.matching.rules import is_plain, match
from sovinto.domain.matching.undoing import Posted, undoes
from sovinto.domain.matching.verdict import Exact, Suggestion, Unsure, Verdict

__all__ = [
    "MOST_BY_NAME",
    "Candidate",
    "Candidates",
    "Clue",
    "Exact",
    "Line",
    "Lookups",
    "Posted",
    "Suggestion",
    "Unsure",
    "Verdict",
    "account_clue",
    "account_digest",
    "explain",
    "explain_by_hand",
    "find_owner",
    "invoice_clue",
    "is_plain",
    "match",
    "name_clue",
    "name_key",
    "posted_by",
    "sum_clue",
    "undoes",
    "with_owner",
]

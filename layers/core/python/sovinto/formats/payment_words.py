"""The words of a bank line that may name a case: references, our case numbers, invoice numbers.

Nothing is guessed: a reference in free text counts only with a right check digit of one of the country's
schemes (or RF), and what is one slip away from a reference is told apart from what is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from sovinto.domain.matching import Line, account_digest
from sovinto.domain.money import Money
from sovinto.formats.payment_reference import check, normalise, schemes_of
from sovinto.ids import CaseId

LEAST_DIGITS = 8
"""Ours have twelve digits or more before the check digit; shorter numbers are dates, sums, anything."""
MOST_DIGITS = 25
MOST_FOUND = 12
MOST_WORDS = 12
_GROUPS = re.compile(r"(?<![0-9A-Za-z])[0-9]+(?:[ \u00a0][0-9]+)*(?![0-9A-Za-z])")
_RF = re.compile(r"(?<![0-9A-Za-z])RF[0-9]{2}(?: ?[0-9A-Z]{1,4}){1,6}(?![0-9A-Za-z])", re.IGNORECASE)
_CASE = re.compile(r"(?<![0-9a-z_])case_[0-9a-z]{4,40}")
_WORD = re.compile(r"[0-9A-Za-zÅÄÖÆØåäöæø][0-9A-Za-zÅÄÖÆØåäöæø/._-]*")
_SIGNS = re.compile(r"[^0-9A-ZÅÄÖÆØ]")


def read_line(
    amount: Money,
    *,
    references: Iterable[str],
    text: str,
    payer: str,
    account: str,
    country: str,
    is_checked: bool = False,
) -> Line:
    """A bank line with everything that may name a case of `country`: what the matching rules look at.

    `references` are the bank's own fields, `account` the payer's IBAN or number, of which only a digest
    goes further. `is_checked`: the bank checked the one reference that there is.
    """
    given = [reference for reference in references if reference.strip()]
    schemes = (*schemes_of(country), "rf")
    canonical = tuple(dict.fromkeys(key for key in map(normalise, given) if key))
    right = [normalise(run) for run in _runs(text) if is_right(run, schemes)]
    mentioned = tuple(key for key in dict.fromkeys(right) if key not in canonical)[:MOST_FOUND]
    wrong = [run for run in (*given, *_whole_runs(text)) if not is_right(run, schemes)]
    near_ones = () if mentioned else _near_any(wrong, schemes)
    return Line(
        amount=amount,
        references=canonical,
        mentioned=mentioned,
        near=tuple(key for key in near_ones if key not in canonical),
        words=invoice_words(f"{' '.join(given)} {text}"),
        case_ids=tuple(dict.fromkeys(CaseId(found) for found in _CASE.findall(text.lower()))),
        payer=payer,
        account=account_digest(account),
        is_checked=is_checked and len(canonical) == 1,
    )


def is_right(text: str, schemes: Sequence[str]) -> bool:
    """Whether it is a whole reference of one of the schemes; the Dutch one may begin with a zero."""
    if "nl_16" in schemes and text.isdigit():
        text = text.rjust(16, "0")
    return any(check(text, scheme) is not None for scheme in schemes)


def invoice_key(number: str) -> str:
    """An invoice number however it is written: letters and digits, no zeros in front."""
    return _SIGNS.sub("", number.upper()).lstrip("0")


def invoice_words(text: str) -> tuple[str, ...]:
    """Words with a digit and three signs or more; two neighbours also as one ("INV 2025-17")."""
    words = _WORD.findall(text)
    joined = [f"{one}{other}" for one, other in pairwise(words)]
    keys = (invoice_key(word) for word in (*words, *joined))
    kept = [key for key in keys if len(key) >= 3 and any(sign.isdigit() for sign in key)]
    return tuple(dict.fromkeys(kept))[: 2 * MOST_WORDS]


def _runs(text: str) -> Iterator[str]:
    """Numbers long enough to be references, also where people write them in groups."""
    for match in _RF.finditer(text):
        yield from _shorter(match[0].split())
    for match in _GROUPS.finditer(text):
        groups = match[0].split()
        for start in range(len(groups)):
            for end in range(start + 1, len(groups) + 1):
                run = "".join(groups[start:end])
                if len(run) > MOST_DIGITS:
                    break
                if len(run.lstrip("0")) >= LEAST_DIGITS:
                    yield run


def _shorter(groups: Sequence[str]) -> Iterator[str]:
    """An RF reference in fours, and what may follow it by accident."""
    for end in range(1, len(groups) + 1):
        run = "".join(groups[:end])
        if len(run) > 4 + 8:
            yield run


def _whole_runs(text: str) -> Iterator[str]:
    yield from ("".join(match[0].split()) for match in _RF.finditer(text))
    for match in _GROUPS.finditer(text):
        run = "".join(match[0].split())
        if LEAST_DIGITS <= len(run.lstrip("0")) <= MOST_DIGITS:
            yield run


def _near_any(wrong: Iterable[str], schemes: Sequence[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for text in list(wrong)[:3]:
        found |= dict.fromkeys(near(text, schemes))
    return tuple(found)


def near(text: str, schemes: Sequence[str]) -> tuple[str, ...]:
    """References with a right check digit that differ from `text` by one slip of the pen.

    A digit changed, left out or typed twice, or two neighbours swapped. RF around a national number is
    taken off first: its own two digits may be what is wrong.
    """
    compact = "".join(text.split()).upper()
    body = compact[4:] if compact.startswith("RF") else compact
    body = body.lstrip("0")
    if not body.isdigit() or not body.isascii() or not LEAST_DIGITS <= len(body) <= MOST_DIGITS:
        return ()
    own = [scheme for scheme in schemes if scheme != "rf"]
    slips = dict.fromkeys((body, *_slips(body))) if body != compact else dict.fromkeys(_slips(body))
    return tuple(dict.fromkeys(normalise(slip) for slip in slips if is_right(slip, own)))


def _slips(body: str) -> Iterator[str]:
    for at, digit in enumerate(body):
        for other in "0123456789":
            if other != digit:
                yield body[:at] + other + body[at + 1 :]
            yield body[:at] + other + body[at:]
        yield body[:at] + body[at + 1 :]
        if at and body[at - 1] != digit:
            yield body[: at - 1] + digit + body[at - 1] + body[at + 1 :]
    yield from (body + other for other in "0123456789")

"""Field 86 as plain text, with the habits of single banks: mBank, Knab, SNS, old ABN AMRO and Rabobank."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sovinto.formats.statement.mt.details import Details, creditor_references, joined, tidy
from sovinto.formats.statement.mt.movement import Movement

_MBANK = re.compile(r"(?:^|;)\s*([A-Z][A-Z .]*?)\.?:\s*([^;]*)")
_KNAB = re.compile(r"(.*?)REK: *([A-Z0-9]+)/NAAM: *(.+)")
_ABN_ACCOUNT = re.compile(
    r"(?:GIRO +([0-9]{3,10})|([0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{3})) +(\S.*?)(?:  .*)?"
)
# Acceptgiro, the Dutch payment reference, before it had a code word of its own.
_KENMERK = re.compile(r"BETALINGSKENM(?:ERK|\.)?[:.]? *([0-9]+(?: [0-9]+)*)")


def plain_details(lines: Sequence[str], movement: Movement) -> Details:
    """Name and account where the bank's habit is known; all the rest stays text, nothing is left out."""
    text = joined(tuple(lines))
    for reader in (_mbank, _knab, _abn):
        found = reader(text)
        if found:
            return found
    return _sns(lines, movement) or Details(text=tidy(text), references=_references(text))


def _mbank(text: str) -> Details | None:
    """mBank: "OD: payer; TYT.: title; TNR: transaction number" ("DO" when we pay)."""
    if "TNR:" not in text:
        return None
    fields = {match[1]: match[2] for match in _MBANK.finditer(text)}
    title = tidy(fields.get("TYT"))
    return Details(
        text=title or tidy(text),
        name=tidy(fields.get("OD") or fields.get("DO")),
        account=tidy(fields.get("Z RACH") or fields.get("NA RACH")),
        references=creditor_references(title),
        bank_reference=tidy(fields.get("TNR")),
    )


def _knab(text: str) -> Details | None:
    match = _KNAB.fullmatch(text)
    if match is None:
        return None
    return Details(
        text=tidy(match[1]), name=tidy(match[3]), account=match[2], references=creditor_references(match[1])
    )


def _abn(text: str) -> Details | None:
    match = _ABN_ACCOUNT.fullmatch(text)
    if match is None:
        return None
    account = match[1] or match[2].replace(".", "")
    return Details(text=tidy(text), name=tidy(match[3]), account=account, references=_references(text))


def _sns(lines: Sequence[str], movement: Movement) -> Details | None:
    """SNS repeats account and name of field 61 as the first line of field 86, then comes the text."""
    account, name = movement.our_reference, movement.supplement
    if not (account and name and lines) or lines[0].strip() != f"{account} {name}":
        return None
    text = joined(tuple(lines[1:]))
    return Details(text=tidy(text), name=name, account=account, references=_references(text))


def _references(text: str) -> tuple[str, ...]:
    match = _KENMERK.search(text)
    if match is None:
        return creditor_references(text)
    digits = match[1].replace(" ", "")
    return (digits.lstrip("0") or digits,)

"""Code words between slashes: "/EREF/.../ORDP//NAME/.../REMI/..." (ING, Rabobank, ABN AMRO and others).

Source: the banks' guides to MT940 structured, after SWIFT's code words for field 86.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sovinto.formats.statement.mt.details import Details, creditor_references, joined, provided, tidy

_WORDS = (
    "ADDR|BENM|BIC|BUSP|CHGS|CNTP|CSID|EREF|IBAN|ID|INIT|ISDT|KREF|MARF|NAME|OCMT|ORDP|PREF|PURP|REMI|RREF|"
    "RTRN|SVCL|SVWZ|TRCD|TRTP|ULTB|ULTC|ULTD"
)
_WORD = re.compile(rf"/({_WORDS})/")
_STRUCTURED = re.compile(r"STRD/(?:[A-Z]{3}/)?([A-Za-z0-9 ]+)/*")
_UNSTRUCTURED = "USTD/"


def slashed_details(lines: Sequence[str]) -> Details | None:
    """None when the text is not written in this manner."""
    text = joined(tuple(lines))
    if not _WORD.match(text):
        return None
    words = _contents(text)
    account, name = _counterparty(words)
    remittance, references = _remittance(words)
    return Details(
        text=remittance or tidy(words.get("TRTP")),
        name=name,
        account=account,
        references=references,
        end_to_end_id=provided(words.get("EREF", "").strip("/")),
        return_reason=tidy(words.get("RTRN", "").strip("/")),
    )


def _contents(text: str) -> dict[str, str]:
    """The first content of each code word that has one."""
    pieces = _WORD.split(text)
    words: dict[str, str] = {}
    for word, content in zip(pieces[1::2], pieces[2::2], strict=True):
        if content.strip():
            words.setdefault(word, content)
    return words


def _counterparty(words: dict[str, str]) -> tuple[str | None, str | None]:
    """Account and name; ING has them as one list: account, BIC, name, city."""
    listed = [*words.get("CNTP", "").split("/"), "", "", ""]
    account = tidy(words.get("IBAN")) or tidy(listed[0])
    name = tidy(words.get("NAME")) or tidy(listed[2]) or tidy(words.get("ORDP")) or tidy(words.get("BENM"))
    return account, name


def _remittance(words: dict[str, str]) -> tuple[str | None, tuple[str, ...]]:
    text = words.get("REMI", "") or words.get("SVWZ", "")
    structured = _STRUCTURED.fullmatch(text.strip())
    if structured:
        reference = re.sub(r"\s", "", structured[1])
        return None, (reference.lstrip("0") or reference,)
    plain = tidy(text.strip().removeprefix(_UNSTRUCTURED).strip("/"))
    return plain, creditor_references(plain)

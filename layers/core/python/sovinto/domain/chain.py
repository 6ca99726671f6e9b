"""The hash chain of a case's ledger: who changes, removes, adds or reorders an entry is found out.

Each entry carries the digest of the one before it in its case (`previous`) and its own (`digest`),
SHA-256 over a canonical text of everything in it; the case holds the newest (`ledger_head`). Entries of
no case carry their own digest and stand under their day's seal (domain/day_seal.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from hashlib import sha256

from sovinto.domain.case import Case
from sovinto.domain.ledger import Entry

_FORM = "entry/1"


def canonical(entry: Entry) -> str:
    """Everything in the entry except its own digest, as one text that depends on no library.

    A JSON array (RFC 8259) in ASCII without blanks; moments in UTC with microseconds, days as ISO 8601.
    """
    why = entry.explanation
    parts = [
        _FORM,
        entry.entry_id,
        entry.kind,
        entry.posted_at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.value_on.isoformat(),
        [[line.account, line.amount.minor, line.amount.currency] for line in entry.lines],
        entry.event_id,
        entry.case_id,
        entry.label,
        entry.source,
        entry.reverses,
        None
        if why is None
        else [why.rule_id, why.statute, why.formula, list(why.inputs), why.unrounded, why.certainty],
        entry.previous,
    ]
    return json.dumps(parts, ensure_ascii=True, separators=(",", ":"))


def digest_of(entry: Entry) -> str:
    """What `digest` must be: hexadecimal SHA-256 of the canonical text."""
    return sha256(canonical(entry).encode("ascii")).hexdigest()


def seal(case: Case | None, entries: Sequence[Entry]) -> tuple[Case | None, tuple[Entry, ...]]:
    """The entries chained after what the case has, and the case with its new head.

    Raises ValueError for an entry of a case that does not come with its case: its place in the chain
    would be unknown.
    """
    sealed: list[Entry] = []
    for entry in entries:
        if entry.case_id is None:
            sealed.append(_sealed(entry, ""))
            continue
        if case is None or entry.case_id != case.case_id:
            raise ValueError(f"entry {entry.entry_id} of case {entry.case_id} is stored without its case")
        sealed.append(_sealed(entry, case.ledger_head))
        case = replace(case, ledger_head=sealed[-1].digest)
    return case, tuple(sealed)


def _sealed(entry: Entry, previous: str) -> Entry:
    linked = replace(entry, previous=previous, digest="")
    return replace(linked, digest=digest_of(linked))


@dataclass(slots=True)
class Chain:
    """One case's entries as they come by, in any order; entries from before there was a chain count as
    unsealed."""

    head: str = ""
    unsealed: int = 0
    waiting: dict[str, str] | None = None
    is_doubtful: bool = False

    def add(self, entry: Entry) -> None:
        if not entry.digest:
            self.unsealed += 1
            self.is_doubtful |= bool(self.head or self.waiting)
            return
        waiting = self.waiting or {}
        self.is_doubtful |= digest_of(entry) != entry.digest or entry.previous in waiting
        waiting[entry.previous] = entry.digest
        while self.head in waiting:
            self.head = waiting.pop(self.head)
        self.waiting = waiting or None

    def holds(self, head: str) -> bool:
        """Whether all that came by is one unbroken chain from the first entry to `head`."""
        return not self.is_doubtful and not self.waiting and self.head == head


@dataclass(frozen=True, slots=True)
class Flaw:
    """One entry (None: one that is not there any more), and what is wrong with it."""

    entry: Entry | None
    what: str


def examine(entries: Iterable[Entry], head: str) -> tuple[Flaw, ...]:
    """What is wrong with a case's chain, the first entry by `posted_at` first; empty where it holds."""
    stored = sorted(entries, key=lambda entry: (entry.posted_at, entry.entry_id))
    sealed = [entry for entry in stored if entry.digest]
    flaws = [Flaw(e, "is not as it was when it was sealed") for e in sealed if digest_of(e) != e.digest]
    by_digest = {entry.digest: entry for entry in sealed}
    path: dict[str, Entry] = {}
    at, after = head, None
    while at and at not in path:
        found = by_digest.get(at)
        if found is None:
            flaws.append(_gone(after))
            break
        path[at], after, at = found, found, found.previous
    # Before a gap nobody can tell what was put in from what was there.
    put_in = [e for e in sealed if path.get(e.digest) is not e] if not at else []
    flaws += [Flaw(entry, "is not part of its case's chain: it was put in") for entry in put_in]
    first = min((entry.posted_at for entry in sealed), default=None)
    late = [e for e in stored if not e.digest and first is not None and e.posted_at >= first]
    flaws += [Flaw(entry, "has no digest although its case's chain had begun") for entry in late]
    return tuple(sorted(flaws, key=_when))


def _gone(after: Entry | None) -> Flaw:
    if after is None:
        return Flaw(None, "the newest entry that the case knows of is not there any more")
    return Flaw(after, "follows an entry that is not there any more, or was changed with its digest")


def _when(flaw: Flaw) -> tuple[bool, str]:
    return (flaw.entry is None, flaw.entry.posted_at.isoformat() if flaw.entry else "")

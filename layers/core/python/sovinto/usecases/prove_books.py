"""The ledger proves itself: recomputed from what is stored, down to the entry that does not fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from sovinto.domain import accounts
from sovinto.domain.chain import Chain, examine
from sovinto.domain.proof import Break, Unchecked, differences, equation_breaks, first_of_each
from sovinto.ids import CaseId
from sovinto.ports import Clock
from sovinto.usecases.book_pass import LONGEST_TRANSACTION, Read, Sources, read_book
from sovinto.usecases.prove_bank import BankProof, bank_breaks
from sovinto.usecases.prove_own import ours_breaks, ours_by_currency
from sovinto.usecases.prove_rows import row_breaks
from sovinto.usecases.prove_told import Released

_MAX_PASSES = 3


@dataclass(frozen=True, slots=True)
class Proof:
    """What was recomputed: sums by currency and kind (a debit is positive), counts, and what was found.

    `as_of` is None where everything up to now was summed. `released` are bank files that were held, and
    that two people let in. `ours` is by currency what of the collection account is ours (`due`), and
    what was moved to our own account (`moved`).
    """

    as_of: date | None
    entries: int
    unsealed: int
    sealed_days: int
    bank_lines: int
    sums: dict[str, dict[str, int]]
    breaks: tuple[Break, ...]
    unchecked: tuple[Unchecked, ...]
    released: tuple[Released, ...] = ()
    ours: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        return not self.breaks


def prove_books(sources: Sources, *, clock: Clock, as_of: date | None = None) -> Proof:
    """Recomputes every balance and checks it against all that must agree with it.

    `as_of` is the last local day of posting that is summed; chains, seals and bank files are always
    checked in full. Money that moves while this reads is read again.
    """
    attempts = _MAX_PASSES
    while True:
        attempts -= 1
        now = clock.now()
        read = read_book(sources, now, as_of)
        proof = _proof(sources, read, now, as_of)
        # What was posted while the rows beside the ledger were read makes them differ for a moment.
        still = sum(1 for _ in sources.book.stored(now.astimezone(UTC).date().isoformat()))
        if proof.holds or still == read.last_day or not attempts:
            return proof


def _proof(sources: Sources, read: Read, now: datetime, as_of: date | None) -> Proof:
    unchecked: list[Unchecked] = []
    breaks = [*read.breaks, *equation_breaks(read.sums.by_kind())]
    breaks += ours_breaks(read.sums)
    breaks += read.carried.breaks()
    for account, entry in read.below.items():
        what = f"the entry takes {account} below zero: more was refunded than was paid too much"
        breaks.append(Break("refunds", entry.entry_id, what, entry.posted_at))
    if as_of is None:
        breaks += row_breaks(
            read.sums, read.retained, clients=sources.clients, orders=sources.orders, book=sources.book
        )
    else:
        reason = "rows beside the ledger are those of now; run without a date to compare them"
        unchecked.append(Unchecked("rows", reason))
    breaks += _case_breaks(sources, read, now)
    bank = BankProof()
    if sources.bank is None:
        unchecked.append(Unchecked("bank", "the bank's files are out of reach here"))
    else:
        bank = bank_breaks(sources.bank, read.postings, sources.cases)
        breaks += bank.breaks
        unchecked += bank.unchecked
    unsealed = read.loose_unsealed + sum(chain.unsealed for chain in read.chains.values())
    if unsealed:
        reason = f"{unsealed} entries are from before there were digests; their day's seal covers them"
        unchecked.append(Unchecked("digest", reason))
    return Proof(
        as_of,
        read.entries,
        unsealed,
        read.sealed_days,
        bank.lines,
        read.sums.by_kind(),
        first_of_each(dict.fromkeys(breaks)),
        tuple(unchecked),
        tuple(bank.released),
        ours_by_currency(read.sums),
    )


def _case_breaks(sources: Sources, read: Read, now: datetime) -> Iterator[Break]:
    """Each case's chain must end in its head; each entry must be of a case that there is."""
    known = set()
    for client in sources.clients.all():
        claims: dict[str, int] = {}
        for case in sources.cases.of_client(client.client_id):
            known.add(case.case_id)
            chain = read.chains.get(case.case_id, Chain())
            for name in ("principal", "interest", "fee", "cost"):
                owed = read.all_sums.of(f"debtor:{case.case_id}:{name}", case.currency)
                claims[case.currency] = claims.get(case.currency, 0) + owed
            if not chain.holds(case.ledger_head) or chain.unsealed:
                yield from _examined(sources, case.case_id, now)
        account = accounts.client_claims(client.client_id)
        ledger = {k: -minor for k, minor in read.all_sums.by_account.items() if k[0] == account}
        rows = {(account, currency): minor for currency, minor in claims.items() if minor}
        yield from differences("claims", ledger, rows, "its cases' debtor accounts")
    for case_id in sorted(read.chains.keys() - known):
        yield Break("case", case_id, "the book has entries of this case, but no client has such a case")


def _examined(sources: Sources, case_id: CaseId, now: datetime) -> Iterator[Break]:
    """Reads the case by itself: what moved meanwhile holds there, and what is wrong is named."""
    try:
        file = sources.cases.file(case_id)
    except (ValueError, TypeError, KeyError) as wrong:
        yield Break("chain", case_id, f"the case cannot be read as it is stored: {wrong}")
        return
    for flaw in examine(file.entries, file.case.ledger_head):
        entry = flaw.entry
        text = f"{'the entry ' if entry else ''}{flaw.what} (case {case_id})"
        yield Break("chain", entry.entry_id if entry else case_id, text, entry.posted_at if entry else None)
    for entry in file.entries:
        day = entry.posted_at.astimezone(UTC).date()
        if now - entry.posted_at < LONGEST_TRANSACTION:
            continue
        if not any(
            e.entry and e.entry.entry_id == entry.entry_id for e in sources.book.stored(day.isoformat())
        ):
            yield Break(
                "book",
                entry.entry_id,
                "the entry of the case is not in the book of its day",
                entry.posted_at,
            )

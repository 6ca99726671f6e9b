"""What a debit may take back where nothing but the reference names the payment: several may carry it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sovinto.domain.matching.clues import account_clue, payer_clue
from sovinto.domain.matching.names import account_digest, is_same, is_short_for, name_digest, name_key
from sovinto.domain.payment import UnallocatedPayment
from sovinto.formats.statement.roles import Role
from sovinto.ids import CaseId, PaymentId
from sovinto.usecases.bank_line import BankLine, Books
from sovinto.usecases.match_payment import names_of

_MOST_OF_ACCOUNT = 50


def may_be_of_case(line: BankLine, case_id: CaseId, books: Books) -> bool:
    """The debit names nobody, or one who owes the case, or an account that paid it before."""
    name, account = _other_side(line, books)
    if not name and not account:
        return True
    if account and case_id in books.cases.by_clue(account_clue(account), _MOST_OF_ACCOUNT):
        return True
    return bool(name) and _is_one_of(name, names_of(books.cases.load(case_id)), line)


def is_of_payer(line: BankLine, payment_id: PaymentId, case_id: CaseId, books: Books) -> bool:
    """The debit has the name that the bank told with that payment of the case, whoever owes it."""
    name, _ = _other_side(line, books)
    return bool(name) and case_id in books.cases.by_clue(payer_clue(payment_id, name_digest(name)), 1)


def waiting_under(reference: str, line: BankLine, books: Books) -> Iterator[UnallocatedPayment]:
    """Money in suspense under that reference that the debit may mean; parts go back with their whole."""
    for row in books.cases.suspense_by(reference) if reference else ():
        is_sum = row.part_of is None and row.payment.amount == -line.amount
        if is_sum and _fits(row, reference, line, books):
            yield row


def found_under(reference: str, line: BankLine, books: Books) -> Iterator[UnallocatedPayment]:
    """Money under that reference that waits no more, or parts of it: somebody found its owner."""
    rows = books.cases.ever_suspense_by(reference) if reference else ()
    still = {row.payment.payment_id for row in books.cases.suspense_by(reference)} if rows else set()
    for row in rows:
        is_whole = row.part_of is None
        if is_whole and (row.payment.payment_id in still or row.payment.amount != -line.amount):
            continue
        if row.payment.amount.minor > 0 and _fits(row, reference, line, books):
            yield row


def may_be_of_payer(line: BankLine, names: Sequence[str], known: Sequence[str], books: Books) -> bool:
    """The debit names nobody, or one of these: keys of names, and digests of names and accounts."""
    name, account = _other_side(line, books)
    if name and (_is_one_of(name, names, line) or name_digest(name) in known):
        return True
    return bool(account and account in known) or not (name or account)


def _fits(row: UnallocatedPayment, reference: str, line: BankLine, books: Books) -> bool:
    names, known = (name_key(row.payment.payer),), (account_digest(row.payment.payer_iban),)
    return reference in row.references and may_be_of_payer(line, names, known, books)


def _other_side(line: BankLine, books: Books) -> tuple[str, str]:
    """Key of the name and digest of the account; empty where none is told, or our own is."""
    name, account = (
        name_key(line.found.counterparty or ""),
        account_digest(line.found.counterparty_account or ""),
    )
    is_own = account == account_digest(line.account)
    return (
        "" if is_same(name, name_key(books.agency.contact.name)) else name,
        "" if is_own else account,
    )


def _is_one_of(name: str, names: Sequence[str], line: BankLine) -> bool:
    """Detail files have room for a few signs of a name."""
    is_cut = line.role is Role.DETAILS
    return any(is_same(name, other) or (is_cut and is_short_for(name, other)) for other in names)

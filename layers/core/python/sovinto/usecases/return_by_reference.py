"""What a debit may take back where nothing but the reference names the payment: several may carry it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sovinto.domain.matching.clues import account_clue
from sovinto.domain.matching.names import account_digest, is_same, name_key
from sovinto.domain.payment import UnallocatedPayment
from sovinto.ids import CaseId
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
    return bool(name) and _is_one_of(name, names_of(books.cases.load(case_id)))


def waiting_under(reference: str, line: BankLine, books: Books) -> Iterator[UnallocatedPayment]:
    """Money in suspense under that reference that the debit may mean; parts go back with their whole."""
    name, account = _other_side(line, books)
    for row in books.cases.suspense_by(reference) if reference else ():
        payment = row.payment
        if row.part_of is not None or payment.amount != -line.amount or reference not in row.references:
            continue
        is_payer = bool(name) and _is_one_of(name, (name_key(payment.payer),))
        is_account = bool(account) and account == account_digest(payment.payer_iban)
        if is_payer or is_account or not (name or account):
            yield row


def _other_side(line: BankLine, books: Books) -> tuple[str, str]:
    """Key of the name and digest of the account; empty where none is told, or our own is."""
    name, account = (
        name_key(line.found.counterparty or ""),
        account_digest(line.found.counterparty_account or ""),
    )
    is_own = account == account_digest(line.account)
    return (
        "" if _is_one_of(name, (name_key(books.agency.contact.name),)) else name,
        "" if is_own else account,
    )


def _is_one_of(name: str, names: Sequence[str]) -> bool:
    return any(is_same(name, other) for other in names)

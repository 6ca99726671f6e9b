"""What a bank told us, whatever the file format: statements, entries and the payments inside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sovinto.domain.money import Money

BOOKED = "BOOK"

# With one of these the file contradicts itself or cannot be read in full: nobody may post from it.
HOLDING = frozenset(
    {
        "account_missing",
        "amount_invalid",
        "amount_precision",
        "balance_chain",
        "balance_currency",
        "batch_count",
        "batch_sum",
        "closing_missing",
        "control_count",
        "control_sum",
        "currency_invalid",
        "date_invalid",
        "date_missing",
        "direction_invalid",
        "entry_currency",
        "no_statement",
        "status_missing",
        "transaction_sum",
    }
)


@dataclass(frozen=True, slots=True)
class Problem:
    """`code` is stable, `message` one clear sentence, `where` the place ("STMT-1/entry 3")."""

    code: str
    message: str
    where: str


@dataclass(frozen=True, slots=True)
class StatementTransaction:
    """One payment inside an entry.

    `amount` is signed and in the entry's currency, None when the bank does not split the batch;
    `original` is what the payer sent when that was another currency. `key` guards against posting twice.
    `is_checked`: the format says that the bank checked the digits of the reference before it took the
    payment.
    """

    key: str
    amount: Money | None
    original: Money | None
    references: tuple[str, ...]
    end_to_end_id: str | None
    counterparty: str | None
    counterparty_account: str | None
    text: str | None
    bank_reference: str | None
    return_reason: str | None
    is_checked: bool = False

    @property
    def reference(self) -> str | None:
        """The structured reference, if there is exactly one."""
        return self.references[0] if len(self.references) == 1 else None


@dataclass(frozen=True, slots=True)
class StatementEntry:
    """One booking on the account; `amount` is negative for money out.

    `entry_key` is the same each time the bank delivers this entry. Reference, end-to-end id and
    counterparty are given only when all of the entry's transactions agree on one.
    `is_reversal` means that the bank undoes an earlier entry of the opposite direction. `code` says what
    kind of entry it is in the bank's own code: "PMNT-RCDT-ESCT" (BkTxCd), "NTRF" (MT), "TITO-710". `count`
    is of how many payments the bank says that the amount is the sum, where it says so.
    """

    entry_key: str
    booked_on: date | None
    value_on: date | None
    amount: Money
    status: str
    is_reversal: bool
    reference: str | None
    references: tuple[str, ...]
    end_to_end_id: str | None
    counterparty: str | None
    text: str | None
    bank_reference: str | None
    transactions: tuple[StatementTransaction, ...]
    code: str = ""
    count: int | None = None

    @property
    def is_postable(self) -> bool:
        """Only what the bank has booked is money: pending and informative entries are not."""
        return self.status == BOOKED

    @property
    def payments(self) -> tuple[StatementTransaction, ...]:
        """What to post: each transaction with its own amount, or else the entry as one payment."""
        if self.transactions and all(transaction.amount is not None for transaction in self.transactions):
            return self.transactions
        return (
            StatementTransaction(
                key=self.entry_key,
                amount=self.amount,
                original=None,
                references=self.references,
                end_to_end_id=self.end_to_end_id,
                counterparty=self.counterparty,
                counterparty_account=None,
                text=self.text,
                bank_reference=self.bank_reference,
                return_reason=None,
            ),
        )


@dataclass(frozen=True, slots=True)
class Statement:
    """One account over one period. `account` is the IBAN, or the bank's own number."""

    statement_id: str
    created_on: date | None
    account: str
    currency: str
    opening: Money | None
    closing: Money | None
    entries: tuple[StatementEntry, ...]


@dataclass(frozen=True, slots=True)
class StatementFile:
    """`format` is camt052, camt053 or camt054; only a statement (053) is final."""

    format: str
    statements: tuple[Statement, ...]
    problems: tuple[Problem, ...]

    @property
    def is_held(self) -> bool:
        """True when nothing of the file may be posted until a person has looked."""
        return any(problem.code in HOLDING for problem in self.problems)

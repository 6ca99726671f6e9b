"""What bears on one fee, and the answer about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from sovinto.domain.debtor import DebtorType
from sovinto.domain.explanation import Explanation
from sovinto.domain.law.kinds import ClaimKind, FeeBasis, FeeKind, Sender, VatTreatment
from sovinto.domain.law.model import Pack, in_force
from sovinto.domain.law.rows import Citation, FeeRow, FeeVatRow
from sovinto.domain.law.tariff import Worked, work_out
from sovinto.domain.law.waits import SentLetter
from sovinto.domain.money import Money, total


@dataclass(frozen=True, slots=True)
class ChargedFee:
    """A fee this claim carries already; reversed fees are left out."""

    kind: FeeKind
    on: date
    amount: Money
    sender: Sender = Sender.AGENCY


@dataclass(frozen=True, slots=True)
class FeeDecision:
    """`amount` may be charged; when it is less than the tariff, `reason` says why in one sentence.

    `rules` are all rows the answer rests on.
    """

    amount: Money
    explanation: Explanation
    reason: str = ""
    rules: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class FeeFacts:
    """What fees of one claim depend on: whose, how much, and the creditor's VAT position.

    `outstanding` is what is left of the principal, where some of it was paid.
    """

    debtor_type: DebtorType
    principal: Money
    claim_kind: ClaimKind = ClaimKind.ORDINARY
    is_vat_deductible: bool = True
    instalments: int = 0
    outstanding: Money | None = None

    def principal_for(self, basis: FeeBasis) -> Money:
        is_reduced = basis is FeeBasis.OUTSTANDING and self.outstanding is not None
        return self.outstanding if is_reduced and self.outstanding is not None else self.principal


@dataclass(frozen=True, slots=True)
class FeeQuestion:
    """One fee in question, with all the facts that limit it."""

    pack: Pack
    kind: FeeKind
    facts: FeeFacts
    sender: Sender
    on: date
    charged: tuple[ChargedFee, ...]
    due_on: date | None
    invoiced_on: date | None
    sent: tuple[SentLetter, ...]

    @property
    def debtor_type(self) -> DebtorType:
        return self.facts.debtor_type

    @property
    def charged_total(self) -> Money:
        return total((fee.amount for fee in self.charged), self.pack.currency)

    @property
    def earned(self) -> tuple[ChargedFee, ...]:
        """The fees charged for work done, apart from a lump sum."""
        return tuple(fee for fee in self.charged if fee.kind is not FeeKind.LUMP_SUM)

    @property
    def nothing(self) -> Money:
        return Money.zero(self.pack.currency)


def tariff_row(pack: Pack, facts: FeeFacts, kind: FeeKind, sender: Sender, on: date) -> FeeRow:
    """The tariff for a kind of fee by its sender. Raises LawMissing."""
    claim = facts.claim_kind
    return in_force(
        pack,
        FeeRow,
        debtor_type=facts.debtor_type,
        on=on,
        what=f"a {kind.value} sent by the {sender.value}",
        where=lambda row: row.kind is kind and sender in row.senders and claim in row.claim_kinds,
    )


def worked_fee(
    pack: Pack, facts: FeeFacts, row: FeeRow, on: date, sender: Sender = Sender.AGENCY
) -> Worked:
    """The tariff for these facts, with VAT where the creditor cannot deduct it. Raises LawMissing."""
    vat = vat_row(pack, facts, row.kind, sender, on)
    worked = work_out(
        pack,
        row.tariff,
        principal=facts.principal_for(row.basis),
        debtor_type=facts.debtor_type,
        on=on,
        instalments=facts.instalments,
        vat_percent=Fraction(0) if vat is None else vat.percent,
    )
    return worked if vat is None else replace(worked, rules=(*worked.rules, vat.citation))


def vat_row(pack: Pack, facts: FeeFacts, kind: FeeKind, sender: Sender, on: date) -> FeeVatRow | None:
    """The rule that adds VAT to such a cost; None where none is added. Raises LawMissing.

    It is asked only where the creditor cannot deduct the tax: else the question does not arise.
    """
    if facts.is_vat_deductible:
        return None
    row = in_force(
        pack,
        FeeVatRow,
        debtor_type=facts.debtor_type,
        on=on,
        what=f"VAT on a {kind.value}",
        where=lambda row: kind in row.kinds and sender in row.senders,
    )
    return row if row.treatment is VatTreatment.ADDED_IF_NOT_DEDUCTIBLE else None


def charged_of(fees: Iterable[ChargedFee], kinds: frozenset[FeeKind], currency: str) -> Money:
    """What fees of these kinds came to."""
    return total((fee.amount for fee in fees if fee.kind in kinds), currency)

"""One line of a client's statement: the payment behind it, its split, whose rule, and the bank's line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from sovinto.domain import accounts
from sovinto.domain.case import Case
from sovinto.domain.case_earnings import paid_parts
from sovinto.domain.explanation import Explanation
from sovinto.domain.ledger import Entry
from sovinto.domain.money import Money
from sovinto.formats.payment_reference import normalise
from sovinto.formats.payment_words import invoice_key
from sovinto.ids import CaseId
from sovinto.ports import Cases

MATCHED_BY, MATCHED_BECAUSE = "matched_by", "matched_because"
_REMITTED = ("remitted", "remittance_came_back")
_OWN_PARTS = (
    (accounts.IN_TRANSIT, "paid_out"),
    (accounts.INCOME_COLLECTION, "our_fees"),
    (accounts.VAT, "vat"),
    (accounts.SUSPENSE, "paid_in"),
)
_WAYS = (accounts.BANK, accounts.DETAILS, accounts.SUSPENSE)


@dataclass(frozen=True, slots=True)
class Matched:
    """By which rule a payment found its case; `facts` are what of the bank's line it went by, as far as its
    client may know it: nothing of another case, of the payer's account or of who did it."""

    rule: str
    because: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class StatementLine:
    """`amount` is above zero where we hold more for the client, and `parts` come to it: the classes of the
    debt that the payment was used for, or what a remittance paid out and kept. `payment` is the debtor's
    payment or the remittance. `received` is the debtor's money as it came by `way` ("bank" or the name of
    a provider), of which `surplus` goes back to the payer. `bank_line` is the key of the bank's line, or
    the provider's id; `voucher` the entry, `key` its place."""

    key: str
    on: date
    value_on: date
    kind: str
    amount: Money
    case_id: str
    client_reference: str
    debtor_name: str
    payment: str
    way: str
    received: Money
    surplus: Money
    parts: tuple[tuple[str, Money], ...]
    rule: Explanation | None
    matched: Matched | None
    bank_line: str
    document_id: str
    voucher: str


@dataclass(slots=True)
class Sources:
    """What lines rest on: cases, read once each."""

    cases: Cases
    _known: dict[CaseId, Case] = field(default_factory=dict)

    def line(self, key: str, on: date, entry: Entry, amount: Money) -> StatementLine:
        case = None if entry.case_id is None else self._case(entry.case_id)
        why = entry.explanation or self._of_reversed(entry)
        is_remittance = entry.kind in _REMITTED
        way = _way(entry)
        nothing = Money.zero(amount.currency)
        return StatementLine(
            key=key,
            on=on,
            value_on=entry.value_on,
            kind=entry.kind,
            amount=amount,
            case_id=entry.case_id or "",
            client_reference=case.client_reference if case else "",
            debtor_name=case.debtor.name if case else "",
            payment=entry.source,
            way=way,
            received=entry.lines[0].amount if way else nothing,
            surplus=-entry.amount_on(accounts.refunds(case.case_id), amount.currency) if case else nothing,
            parts=tuple(_summed(paid_parts(case, entry))) if case else tuple(_kept(entry)),
            rule=why,
            matched=_matched(why, case),
            bank_line=dict(why.inputs).get("source_id", "") if why else "",
            document_id=entry.source if is_remittance else "",
            voucher=entry.entry_id,
        )

    def _case(self, case_id: CaseId) -> Case:
        if case_id not in self._known:
            self._known[case_id] = self.cases.load(case_id)
        return self._known[case_id]

    def _of_reversed(self, entry: Entry) -> Explanation | None:
        """Why the payment was used as it was: a reversal is its opposite and says nothing of its own."""
        if entry.reverses is None or entry.case_id is None:
            return None
        before = self.cases.entries(entry.case_id)
        return next((one.explanation for one in before if one.entry_id == entry.reverses), None)


def _way(entry: Entry) -> str:
    """The first leg of a payment is where the money came from."""
    account = entry.lines[0].account
    if account in _WAYS:
        return "bank"
    return account.removeprefix("psp:").partition(":")[0] if account.startswith("psp:") else ""


def _kept(entry: Entry) -> Iterator[tuple[str, Money]]:
    """What a remittance is made of, as it stands in the books: below zero, and above where it came back."""
    for account, name in _OWN_PARTS:
        for line in entry.lines:
            if line.account == account and line.amount:
                yield name, line.amount


def _matched(why: Explanation | None, case: Case | None) -> Matched | None:
    inputs = why.inputs if why else ()
    names = [name for name, _ in inputs]
    if MATCHED_BY not in names:
        return None
    found = dict(inputs)
    rule = found[MATCHED_BY].removeprefix("matching.")
    facts = _facts(inputs[names.index(MATCHED_BY) :], case) if case else ()
    return Matched(rule, found.get(MATCHED_BECAUSE, ""), tuple(facts))


def _facts(told: Iterable[tuple[str, str]], case: Case) -> Iterator[tuple[str, str]]:
    """Entries are kept as they were made: those of a transfer for the cases of several clients once had the
    references of all of them."""
    reference = {normalise(case.payment_reference)}
    own = {
        "reference": reference,
        "reference_one_slip_away": reference,
        "case_number": {str(case.case_id)},
        "invoice_number": {invoice_key(claim.invoice_number) for claim in case.claims},
    }
    for name, value in told:
        if name in _OF_THE_DEBT or value in own.get(name, ()):
            yield name, value


_OF_THE_DEBT = ("asked", "payer")


def _summed(parts: Iterable[tuple[object, Money]]) -> Iterator[tuple[str, Money]]:
    sums: dict[str, Money] = {}
    for name, amount in parts:
        sums[str(name)] = sums[str(name)] + amount if str(name) in sums else amount
    yield from sums.items()

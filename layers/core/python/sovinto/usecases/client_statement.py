"""A client's statement of account: every movement of what we hold for it, down to the line of the bank."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sovinto.domain import accounts
from sovinto.domain.case import Case
from sovinto.domain.case_earnings import paid_parts
from sovinto.domain.client import Client
from sovinto.domain.explanation import Explanation
from sovinto.domain.ledger import Entry
from sovinto.domain.money import Money
from sovinto.errors import InvalidInput
from sovinto.ids import CaseId
from sovinto.ports import Cases


@dataclass(frozen=True, slots=True)
class StatementLine:
    """`amount` is above zero where we hold more for the client. `payment` is the debtor's payment or the
    remittance, `parts` how it was used (class, amount), `rule` why; `bank_line` is the key of the line of
    the bank, or the provider's id; `voucher` the entry."""

    on: date
    value_on: date
    kind: str
    amount: Money
    case_id: str
    client_reference: str
    payment: str
    parts: tuple[tuple[str, Money], ...]
    rule: Explanation | None
    bank_line: str
    voucher: str


@dataclass(frozen=True, slots=True)
class ClientStatement:
    """`opening` + all lines = `closing`: what we held for the client before and after the period."""

    client_id: str
    client_name: str
    first: date
    last: date
    opening: Money
    lines: tuple[StatementLine, ...]
    closing: Money


def client_statement(
    client: Client, entries: Iterable[tuple[date, Entry]], first: date, last: date, *, cases: Cases
) -> ClientStatement:
    """`entries` are the whole ledger up to `last` with their local days of posting, in order.

    Raises InvalidInput for days in the wrong order.
    """
    if first > last:
        raise InvalidInput("from lies after to; swap them", field="from")
    account = accounts.client_payable(client.client_id)
    sources = _Sources(client, cases)
    opening, lines = 0, []
    for on, entry in entries:
        minor = -entry.amount_on(account, client.currency).minor
        if not any(line.account == account for line in entry.lines) or on > last:
            continue
        if on < first:
            opening += minor
            sources.note(entry)
        else:
            lines.append(sources.line(on, entry, Money(minor, client.currency)))
    moved = sum(line.amount.minor for line in lines)
    return ClientStatement(
        client.client_id,
        client.name,
        first,
        last,
        Money(opening, client.currency),
        tuple(lines),
        Money(opening + moved, client.currency),
    )


class _Sources:
    """Cases read once each, and what payments were explained with when they came."""

    def __init__(self, client: Client, cases: Cases) -> None:
        self._client = client
        self._cases = cases
        self._known: dict[CaseId, Case] = {}
        self._why: dict[str, Explanation] = {}

    def note(self, entry: Entry) -> None:
        if entry.explanation is not None:
            self._why[entry.entry_id] = entry.explanation

    def line(self, on: date, entry: Entry, amount: Money) -> StatementLine:
        self.note(entry)
        case = None if entry.case_id is None else self._case(entry.case_id)
        why = entry.explanation or self._why.get(str(entry.reverses))
        return StatementLine(
            on=on,
            value_on=entry.value_on,
            kind=entry.kind,
            amount=amount,
            case_id=entry.case_id or "",
            client_reference=case.client_reference if case else "",
            payment=entry.source,
            parts=tuple(_summed(paid_parts(case, entry))) if case else (),
            rule=why,
            bank_line=dict(why.inputs).get("source_id", "") if why else "",
            voucher=entry.entry_id,
        )

    def _case(self, case_id: CaseId) -> Case:
        if case_id not in self._known:
            self._known[case_id] = self._cases.load(case_id)
        return self._known[case_id]


def _summed(parts: Iterable[tuple[object, Money]]) -> Iterator[tuple[str, Money]]:
    sums: dict[str, Money] = {}
    for name, amount in parts:
        sums[str(name)] = sums[str(name)] + amount if str(name) in sums else amount
    yield from sums.items()

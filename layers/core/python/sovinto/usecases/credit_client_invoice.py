"""A credit note: all or part of an invoice of ours taken back, with its reason."""

from __future__ import annotations

from collections.abc import Sequence

from sovinto.countries import load_calendar
from sovinto.domain.client import Client
from sovinto.domain.invoice import FeeInvoice
from sovinto.domain.issued_invoice import IssuedInvoice, credit_note_of, parts_to_credit
from sovinto.domain.money import Money
from sovinto.errors import AlreadyStored, Conflict, InvalidInput, StaleVersion
from sovinto.ids import ClientId
from sovinto.ports import Guard
from sovinto.usecases.issue_invoice import Invoicing, change_of, document_id_of, papers
from sovinto.usecases.retry import with_fresh_read

MOST_REASON = 200


def credit_client_invoice(
    client_id: ClientId,
    number: int,
    *,
    reason: str,
    request: str,
    means: Invoicing,
    lines: Sequence[tuple[int, Money]] | None = None,
) -> FeeInvoice:
    """The credit note over `lines`, (line from 0, amount without VAT); None takes back all that is left.

    Once per `request`, a key of the caller: repeated, it is the same note. It has the next number of the
    same series, and the VAT of the invoice. Raises NotFound, InvalidInput, RuleRefused.
    """
    said = " ".join(reason.split())
    if not 0 < len(said) <= MOST_REASON:
        raise InvalidInput(
            f"reason must be 1 to {MOST_REASON} characters; the client reads it", field="reason"
        )
    client = means.clients.load(client_id)
    guard = Guard(f"CLIENT#{client_id}", f"CREDIT_REQUEST#{request}", clash=AlreadyStored)

    def once() -> FeeInvoice:
        known = means.cases.guard(guard.scope, guard.key)
        if known is not None:
            return means.clients.invoice(client_id, int(known)).invoice
        issued = means.clients.invoice(client_id, number)
        parts = parts_to_credit(issued, lines)
        note = credit_once(issued, parts, said, guard, client, means)
        if note is None:
            raise StaleVersion("somebody else stored first; read again")
        return note

    return with_fresh_read(once)


def credit_once(
    issued: IssuedInvoice,
    parts: Sequence[tuple[int, Money]],
    reason: str,
    guard: Guard,
    client: Client,
    means: Invoicing,
    *,
    facts: tuple[tuple[str, str], ...] | None = None,
) -> FeeInvoice | None:
    """None where somebody else took the number, the request or changed the invoice meanwhile."""
    now = means.clock.now()
    today = load_calendar(means.agency.contact.address.country).local_date(now)
    number = means.clients.last_invoice_number() + 1
    # What went back is said by the line itself, in the client's language.
    said = reason if facts is None else ""
    note = credit_note_of(issued, parts, number=number, on=today, reason=said, facts=facts)
    more = _rounding(issued, parts, note)
    made = IssuedInvoice.new(note, document_id_of(note), reason)
    listed = papers(note, client, f"credits-{issued.number}", means)
    change = change_of(
        made,
        listed,
        now,
        guards=(Guard(guard.scope, guard.key, str(number)),),
        changed=(issued.with_credit(note, parts, more),),
        more=more,
    )
    try:
        means.cases.commit(change)
    except Conflict:
        return None
    return note


def _rounding(issued: IssuedInvoice, parts: Sequence[tuple[int, Money]], note: FeeInvoice) -> Money:
    """Each note rounds its own tax (EN 16931, BR-CO-17), so several may differ from the invoice by cents:
    the note that takes back the last of it makes up for them."""
    after = issued.with_credit(note, parts, Money.zero(note.currency))
    is_last = not any(after.creditable(at) for at in range(len(issued.invoice.lines)))
    return issued.invoice.gross - after.credited if is_last else Money.zero(note.currency)

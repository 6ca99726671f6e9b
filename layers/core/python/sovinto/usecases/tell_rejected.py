"""The client hears by e-mail that its bank refused a remittance, and what we do about it."""

from __future__ import annotations

from sovinto.domain.agency import Agency
from sovinto.domain.order import OrderState
from sovinto.errors import AlreadyStored
from sovinto.ids import ClientId
from sovinto.ports import Cases, Change, Clients, Guard, Mailer, Press
from sovinto.usecases.stopped_remittance import is_remittance_stopped

TOLD = "REJECTION_TOLD"


def tell_rejected(
    client_id: ClientId,
    remittance_id: str,
    *,
    agency: Agency,
    press: Press,
    mailer: Mailer,
    cases: Cases,
    clients: Clients,
) -> bool:
    """Once for each remittance that the bank refused; True where it is told now.

    What a person took back before it left is not told: nothing happened to the client. Raises NotFound,
    UpstreamUnavailable, UpstreamRefused, OutcomeUnknown.
    """
    order = cases.order(remittance_id)
    if order is None or order.state is not OrderState.REJECTED:
        return False
    if cases.guard(TOLD, remittance_id) is not None:
        return False
    client = clients.load(client_id)
    fields = {
        "account": f"{order.iban[:2]}..{order.iban[-4:]}",
        "agency": agency.contact.name,
        "amount": f"{order.amount.decimal()} {order.amount.currency}",
        "client_name": client.name,
        # What becomes of the money, as the next remittance decides it; neither: it goes again by itself.
        "is_account_refused": "yes" if order.is_account_refused else "",
        "is_stopped": "yes" if is_remittance_stopped(client, cases) else "",
        "phone": agency.contact.phone,
        "reference": remittance_id,
    }
    words = press.words("email", "remittance_rejected", client.language, fields)
    mailer.send(
        to=client.email,
        subject=words.subject,
        text=words.text,
        attachments=(),
        reference=f"{remittance_id}-rejected",
    )
    try:
        cases.commit(Change(guards=(Guard(TOLD, remittance_id),)))
    except AlreadyStored:
        return False
    return True

"""One run over all clients: remittances, fee invoices, and the files that instruct the bank."""

from __future__ import annotations

from dataclasses import dataclass

from sovinto.domain.agency import Agency
from sovinto.domain.client import Client
from sovinto.ports import Cases, Clients, Clock, Files, Press
from sovinto.usecases.invoice_client import invoice_client
from sovinto.usecases.partly import Failures
from sovinto.usecases.remit_to_client import instruct_bank, remit_to_client


@dataclass(frozen=True, slots=True)
class _Means:
    """What both parts need, whoever the client is."""

    agency: Agency
    press: Press
    documents: Files
    cases: Cases
    clients: Clients
    clock: Clock


def pay_clients(
    *,
    agency: Agency,
    press: Press,
    documents: Files,
    bank: Files,
    cases: Cases,
    clients: Clients,
    clock: Clock,
) -> dict[str, int]:
    """Counts. Safe to repeat at any point: each part is guarded by what it pays or invoices.

    What fails for one client or one remittance stops no other. Raises PartlyFailed at the end.
    """
    done = {"remittances": 0, "fee_invoices": 0, "bank_files": 0}
    means = _Means(agency, press, documents, cases, clients, clock)
    failures = Failures()
    for client in clients.all():
        with failures.kept():
            done["remittances"] += _remit(client, means)
        with failures.kept():
            done["fee_invoices"] += _invoice(client, means)
    for remittance in clients.unpaid_remittances():
        with failures.kept():
            instruct_bank(remittance, agency=agency, bank=bank, clients=clients, clock=clock)
            done["bank_files"] += 1
    failures.raise_any(done)
    return done


def _remit(client: Client, means: _Means) -> int:
    made = remit_to_client(
        client,
        agency=means.agency,
        press=means.press,
        documents=means.documents,
        cases=means.cases,
        clients=means.clients,
        clock=means.clock,
    )
    return len(made)


def _invoice(client: Client, means: _Means) -> int:
    made = invoice_client(
        client,
        agency=means.agency,
        press=means.press,
        documents=means.documents,
        cases=means.cases,
        clients=means.clients,
        clock=means.clock,
    )
    return len(made)

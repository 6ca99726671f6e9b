"""One run over all clients: remittances, fee invoices, and the files that instruct the bank."""

from __future__ import annotations

from sovinto.domain.agency import Agency
from sovinto.ports import Cases, Clients, Clock, Files, Press
from sovinto.usecases.invoice_client import invoice_client
from sovinto.usecases.remit_to_client import instruct_bank, remit_to_client


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
    """Counts. Safe to repeat at any point: each part is guarded by what it pays or invoices."""
    done = {"remittances": 0, "fee_invoices": 0, "bank_files": 0}
    for client in clients.all():
        made = remit_to_client(
            client,
            agency=agency,
            press=press,
            documents=documents,
            cases=cases,
            clients=clients,
            clock=clock,
        )
        invoices = invoice_client(
            client,
            agency=agency,
            press=press,
            documents=documents,
            cases=cases,
            clients=clients,
            clock=clock,
        )
        done["remittances"] += len(made)
        done["fee_invoices"] += len(invoices)
    done["bank_files"] = len(instruct_bank(agency=agency, bank=bank, clients=clients, clock=clock))
    return done

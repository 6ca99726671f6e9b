"""The debtor's page of a refund: how it comes back, and the account where we have to ask for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from sovinto.domain.agency import Agency
from sovinto.entry.http import redirect
from sovinto.errors import InvalidInput, SovintoError
from sovinto.ids import CaseId
from sovinto.ports import Cases, Clock, Orders
from sovinto.usecases.refund_queue import Waiting, record_payer, refund_of

PROBLEMS = ("iban", "name")
_LONGEST_NAME = 70


@dataclass(frozen=True, slots=True)
class Means:
    agency: Agency
    provider: str
    cases: Cases
    orders: Orders
    clock: Clock


def waits(case_id: CaseId, m: Means) -> Waiting | None:
    """None where nothing is owed back, or all of it is ordered."""
    return refund_of(case_id, m.provider, m.agency, m.cases, m.orders, m.clock)


def refund_model(case_id: CaseId, m: Means) -> dict[str, Any]:
    """Of page `debtor_refund`, but for what the request knows."""
    found = waits(case_id, m)
    if found is None:
        return {"amount": None, "due_on": None, "state": "nothing"}
    state = "asked" if found.asks else "by_provider" if found.by_provider else "by_bank"
    return {"amount": found.refund.amount, "due_on": found.refund.due_on, "state": state}


def tell_account(case_id: CaseId, fields: Mapping[str, str], m: Means) -> None:
    """The account for what we have to ask for; one that is known already is never replaced here.

    Raises InvalidInput for an account number that is none, or a name that is missing.
    """
    found = waits(case_id, m)
    asks = found.asks if found is not None else ()
    if not asks:
        raise InvalidInput("no account is asked for; open the page again", field="refused")
    name = " ".join(fields.get("name", "").split())
    if not 0 < len(name) <= _LONGEST_NAME:
        raise InvalidInput(f"name must be 1 to {_LONGEST_NAME} characters", field="name")
    iban = fields.get("iban", "")[:42]
    for share in asks:
        record_payer(case_id, share.payment_id, name=name, iban=iban, by="", cases=m.cases, orders=m.orders)


def add_to(
    app: APIGatewayHttpResolver,
    means: Callable[[], Means],
    proven_case: Callable[[str], CaseId],
    form: Callable[[str, str], dict[str, str]],
    show: Callable[[str, CaseId, dict[str, Any]], Response[str]],
) -> None:
    """`form` reads the posted form and proves it; both need the debtor's session."""

    @app.get("/d/<link_id>/refund")
    def show_refund(link_id: str) -> Response[str]:
        case_id = proven_case(link_id)
        return show(link_id, case_id, {**refund_model(case_id, means()), "problem": "", "given": {}})

    @app.post("/d/<link_id>/refund")
    def take_account(link_id: str) -> Response[str]:
        """Asked once; from then on the page says that it goes to the bank."""
        case_id = proven_case(link_id)
        fields = form(link_id, case_id)
        try:
            tell_account(case_id, fields, means())
        except SovintoError as refusal:
            problem = refusal.field if refusal.field in PROBLEMS else "other"
            told = {**refund_model(case_id, means()), "problem": problem, "given": fields}
            return show(link_id, case_id, told)
        return redirect(f"/d/{link_id}/refund")

"""The forms of a case's page: each is read strictly, does one thing, and names the field it refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sovinto.domain.agreement import ApprovalOutcome
from sovinto.domain.case import Case, Closure
from sovinto.domain.hold import HoldReason
from sovinto.entry.client_case import asked_of_client
from sovinto.entry.portal import read_amount
from sovinto.errors import IdempotencyKeyReused, InvalidInput, NotFound, RuleRefused, SovintoError
from sovinto.ids import ClientId
from sovinto.ports import Cases, Clients, Clock
from sovinto.usecases.adjust_debt import credit_note, direct_payment
from sovinto.usecases.answer_approval import answer_approval
from sovinto.usecases.debtor_page import settle_dispute
from sovinto.usecases.hold_case import place_hold, release_hold
from sovinto.usecases.step_context import Sender
from sovinto.usecases.stop_case import stop_case
from sovinto.usecases.write_to_handler import write_to_handler

Fields = Mapping[str, str]
MOST_REFERENCE = 64


@dataclass(frozen=True, slots=True)
class Acting:
    """The client who acts, and the books it is written in. `sender` confirms a plan to the debtor."""

    client_id: ClientId
    today: date
    cases: Cases
    clients: Clients
    clock: Clock
    sender: Callable[[], Sender]

    @property
    def own(self) -> dict[str, Any]:
        return {"client_id": self.client_id, "cases": self.cases, "clock": self.clock}


def act(form: str, case: Case, fields: Fields, acting: Acting) -> str:
    """Does what the form asks of the client's own case; the name of the notice that says so.

    Raises NotFound for a form that is not there, and what its use case raises.
    """
    found = _FORMS.get(form)
    if found is None:
        raise NotFound("there is no such form")
    return found(case, fields, acting)


def problem_of(form: str, refusal: SovintoError) -> dict[str, str]:
    """Where the refusal is shown: the form, its field (or none), and the name of the words."""
    field = refusal.field or ""
    if field in ("used", "expired"):
        return {"form": form, "field": "", "words": field}
    if isinstance(refusal, IdempotencyKeyReused):
        return {"form": form, "field": "reference", "words": "reference_used"}
    if field not in _SHOWN.get(form, ()):
        return {"form": form, "field": "", "words": "refused"}
    return {"form": form, "field": field, "words": f"{form}_{field}"}


def read_day(text: str, field: str) -> date:
    """YYYY-MM-DD, as browsers send it, or d.m.yyyy as people type it. Raises InvalidInput."""
    parts = text.strip().split(".")
    try:
        if len(parts) == 3:
            day, month, year = (int(part) for part in parts)
            return date(year, month, day)
        return date.fromisoformat(text.strip())
    except (ValueError, OverflowError) as wrong:
        raise InvalidInput(f"{field} must be a day such as 2026-01-31", field=field) from wrong


def _answer_dispute(case: Case, fields: Fields, acting: Acting) -> str:
    outcome, reason = fields.get("outcome", ""), fields.get("reason", "")
    settle_dispute(
        case.case_id, acting.client_id, outcome, reason=reason, cases=acting.cases, clock=acting.clock
    )
    return f"dispute_{outcome}"


def _answer_approval(case: Case, fields: Fields, acting: Acting) -> str:
    outcome, approval_id = fields.get("outcome", ""), fields.get("approval_id", "")
    if outcome not in ("approve", "decline"):
        raise InvalidInput("outcome must be approve or decline; choose one", field="outcome")
    try:
        answer_approval(
            case.case_id,
            approval_id,
            approve=outcome == "approve",
            by=acting.client_id,
            clients=acting.clients,
            sender=acting.sender(),
            **acting.own,
        )
    except RuleRefused as refusal:
        raise RuleRefused(refusal.message, field=_why_not(approval_id, case, acting)) from refusal
    return f"approval_{outcome}"


def _why_not(approval_id: str, case: Case, acting: Acting) -> str | None:
    """`used` where somebody answered before, `expired` where the time is over, None for another reason."""
    fresh = acting.cases.load(case.case_id)
    asked = next((item for item in asked_of_client(fresh) if item.approval_id == approval_id), None)
    if asked is None or not fresh.is_open:
        return None
    if asked.outcome is ApprovalOutcome.EXPIRED or (asked.is_open and acting.today > asked.expires_on):
        return "expired"
    return None if asked.is_open else "used"


def _ask_hold(case: Case, fields: Fields, acting: Acting) -> str:
    wish = {
        name: read_day(fields[name], name) for name in ("from_on", "until") if fields.get(name, "").strip()
    }
    place_hold(
        case.case_id,
        HoldReason.CLIENT_REQUEST,
        by=acting.client_id,
        from_on=wish.get("from_on"),
        until=wish.get("until"),
        **acting.own,
    )
    return "held"


def _end_hold(case: Case, fields: Fields, acting: Acting) -> str:
    release_hold(case.case_id, fields.get("hold_id", ""), by=acting.client_id, **acting.own)
    return "released"


def _report_payment(case: Case, fields: Fields, acting: Acting) -> str:
    direct_payment(case.case_id, **_money(case, fields), **acting.own)
    return "payment"


def _lower_claim(case: Case, fields: Fields, acting: Acting) -> str:
    number = fields.get("invoice_number", "")
    credit_note(case.case_id, invoice_number=number, **_money(case, fields), **acting.own)
    return "credit"


def _money(case: Case, fields: Fields) -> dict[str, Any]:
    """Raises InvalidInput."""
    amount = read_amount(fields.get("amount", ""), case.currency)
    reference = fields.get("reference", "").strip()
    if not 0 < len(reference) <= MOST_REFERENCE:
        raise InvalidInput(
            f"reference must be 1 to {MOST_REFERENCE} characters; give your own number of it",
            field="reference",
        )
    return {"amount": amount, "on": read_day(fields.get("on", ""), "on"), "reference": reference}


def _withdraw(case: Case, fields: Fields, acting: Acting) -> str:  # noqa: ARG001
    stop_case(case.case_id, Closure.WITHDRAWN, by=acting.client_id, **acting.own)
    return "withdrawn"


def _write(case: Case, fields: Fields, acting: Acting) -> str:
    write_to_handler(case.case_id, fields.get("text", ""), **acting.own)
    return "message"


_FORMS: dict[str, Callable[[Case, Fields, Acting], str]] = {
    "dispute": _answer_dispute,
    "approval": _answer_approval,
    "hold": _ask_hold,
    "release": _end_hold,
    "payment": _report_payment,
    "credit": _lower_claim,
    "withdrawal": _withdraw,
    "message": _write,
}
_SHOWN: dict[str, tuple[str, ...]] = {
    "dispute": ("outcome", "reason"),
    "approval": ("outcome",),
    "hold": ("from_on", "until"),
    "payment": ("amount", "on", "reference"),
    "credit": ("invoice_number", "amount", "on", "reference"),
    "message": ("text",),
}

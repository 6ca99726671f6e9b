"""Requests and responses of the client API."""

from __future__ import annotations

import json
from datetime import date
from hashlib import sha256
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sovinto.domain.case import Case, Claim
from sovinto.domain.claim_class import Balance
from sovinto.domain.debtor import Address, Debtor, DebtorType
from sovinto.domain.document import Document
from sovinto.domain.money import Money
from sovinto.domain.placement import Placement
from sovinto.domain.upload import Upload
from sovinto.errors import InvalidInput

M = TypeVar("M", bound=BaseModel)
Text = Annotated[str, Field(min_length=1, max_length=200)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class UploadRequest(_Strict):
    file_name: Text
    size: int


class DisputeAnswer(_Strict):
    outcome: Text


class AddressBody(_Strict):
    street: Text
    postal_code: Text
    city: Text
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")]


class DebtorBody(_Strict):
    name: Text
    type: DebtorType
    language: Annotated[str, Field(pattern="^[a-z]{2}$")]
    address: AddressBody | None = None
    email: Text | None = None
    phone: Annotated[str, Field(pattern=r"^\+[0-9]{6,15}$")] | None = None
    registration_id: Text | None = None
    electronic_consent: bool = False


class ClaimBody(_Strict):
    invoice_number: Text
    due_on: date
    principal: Text
    invoiced_on: date | None = None
    text: str = ""

    def claim(self, currency: str, place: int) -> Claim:
        """Raises InvalidInput that names the claim by its place in the request."""
        try:
            principal = Money.parse(self.principal, currency)
        except InvalidInput as wrong:
            field = f"claims/{place}/principal"
            raise InvalidInput(f"{field}: {wrong.message}; write it like 120.50", field=field) from wrong
        return Claim(self.invoice_number, self.due_on, principal, self.invoiced_on, self.text)


class CaseBody(_Strict):
    """`principal` is a decimal string in major units, for instance "120.50"."""

    client_reference: Text
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    debtor: DebtorBody
    claims: Annotated[tuple[ClaimBody, ...], Field(min_length=1, max_length=20)]

    def placement(self) -> Placement:
        debtor = self.debtor
        address = Address(**debtor.address.model_dump()) if debtor.address else None
        return Placement(
            client_reference=self.client_reference,
            debtor=Debtor(
                name=debtor.name,
                debtor_type=debtor.type,
                language=debtor.language,
                address=address,
                email=debtor.email,
                phone=debtor.phone,
                registration_id=debtor.registration_id,
                has_electronic_consent=debtor.electronic_consent,
            ),
            claims=tuple(claim.claim(self.currency, at) for at, claim in enumerate(self.claims)),
            currency=self.currency,
        )


def read_body(kind: type[M], text: str | None) -> M:
    """Raises InvalidInput that names the first field that is wrong."""
    try:
        return kind.model_validate_json(text or "{}")
    except ValidationError as wrong:
        first = wrong.errors()[0]
        field = "/".join(str(part) for part in first["loc"])
        raise InvalidInput(f"{field or 'body'}: {first['msg']}", field=field or None) from wrong


def digest_of(text: str | None) -> str:
    """Of the content, not the spelling: key order and white space do not matter."""
    canonical = json.dumps(json.loads(text or "{}"), sort_keys=True)
    return sha256(canonical.encode()).hexdigest()


def upload_json(upload: Upload, report: dict[str, Any] | None) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "upload_id": upload.upload_id,
        "file_name": upload.file_name,
        "state": upload.state,
        "requested_at": upload.requested_at.isoformat(),
    }
    return {**answer, **report} if report else answer


def case_json(case: Case, balance: Balance | None = None) -> dict[str, Any]:
    """What a client sees of a case at once: its state, every step, and what is owed by class."""
    open_state = "open" if case.may_be_contacted else "disputed"
    answer: dict[str, Any] = {
        "case_id": case.case_id,
        "client_reference": case.client_reference,
        "state": case.closure.value if case.closure else open_state,
        "placed_at": case.placed_at.isoformat(),
        "payment_reference": case.payment_reference,
        "principal": {"amount_minor": case.principal.minor, "currency": case.currency},
        "steps": [
            {"step": r.step.value, "on": r.on.isoformat(), "outcome": r.outcome, "reason": r.reason}
            for r in case.steps
        ],
    }
    if balance is not None:
        classes = ("principal", "interest", "fee", "cost", "total")
        answer["balance_minor"] = {name: getattr(balance, name).minor for name in classes}
    if case.dispute is not None:
        dispute = case.dispute
        answer["dispute"] = {
            "kind": dispute.kind.value,
            "text": dispute.text,
            "answer_by": dispute.answer_by.isoformat(),
            "outcome": dispute.outcome,
        }
    return answer


def document_json(document: Document) -> dict[str, Any]:
    return {
        "document_id": document.document_id,
        "kind": document.kind,
        "title": document.title,
        "made_on": document.made_on.isoformat(),
        "amount_minor": document.amount.minor,
        "currency": document.amount.currency,
    }

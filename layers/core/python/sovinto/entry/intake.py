"""Requests and responses of the client API."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Annotated, Any

from pydantic import Field

from sovinto.domain.agreement import Owner
from sovinto.domain.assignment import Collector, collector_name
from sovinto.domain.case import Case, Claim
from sovinto.domain.claim_class import Balance
from sovinto.domain.debtor import Address, Debtor, DebtorType, Liability
from sovinto.domain.document import Document
from sovinto.domain.money import Money
from sovinto.domain.payout_account import PayoutChange
from sovinto.domain.placement import MOST_CO_DEBTORS, Party, Placement
from sovinto.domain.upload import Upload
from sovinto.entry.bodies import Strict, Text
from sovinto.entry.case_story import story_json
from sovinto.errors import InvalidInput
from sovinto.usecases.ask_upload import UploadLink


class UploadRequest(Strict):
    file_name: Text
    size: int


class DisputeAnswer(Strict):
    """`reason` is why the claim is right, in the client's words: the debtor reads it with a rejection."""

    outcome: Text
    reason: Annotated[str, Field(max_length=2000)] = ""


class AddressBody(Strict):
    street: Text
    postal_code: Text
    city: Text
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")]


class DebtorBody(Strict):
    name: Text
    type: DebtorType
    language: Annotated[str, Field(pattern="^[a-z]{2}$")]
    address: AddressBody | None = None
    email: Text | None = None
    phone: Annotated[str, Field(pattern=r"^\+[0-9]{6,15}$")] | None = None
    registration_id: Text | None = None
    electronic_consent: bool = False

    def person(self) -> Debtor:
        return Debtor(
            name=self.name,
            debtor_type=self.type,
            language=self.language,
            address=Address(**self.address.model_dump()) if self.address else None,
            email=self.email,
            phone=self.phone,
            registration_id=self.registration_id,
            has_electronic_consent=self.electronic_consent,
        )


class CoDebtorBody(DebtorBody):
    """Somebody else who owes the debt: `joint` as the debtor does, `guarantor` for the debtor."""

    liability: Liability


class ClaimBody(Strict):
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


class CaseBody(Strict):
    """`principal` is a decimal string in major units, for instance "120.50"."""

    client_reference: Text
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    debtor: DebtorBody
    claims: Annotated[tuple[ClaimBody, ...], Field(min_length=1, max_length=20)]
    co_debtors: Annotated[tuple[CoDebtorBody, ...], Field(max_length=MOST_CO_DEBTORS)] = ()

    def placement(self) -> Placement:
        return Placement(
            client_reference=self.client_reference,
            debtor=self.debtor.person(),
            claims=tuple(claim.claim(self.currency, at) for at, claim in enumerate(self.claims)),
            currency=self.currency,
            co_debtors=tuple(Party(other.liability, other.person()) for other in self.co_debtors),
        )


def digest_of(text: str | None) -> str:
    """Of the content, not the spelling: key order and white space do not matter."""
    canonical = json.dumps(json.loads(text or "{}"), sort_keys=True)
    return sha256(canonical.encode()).hexdigest()


def link_json(link: UploadLink) -> dict[str, Any]:
    """Where and how to put the file, and where its report will be."""
    return {
        "upload_id": link.upload.upload_id,
        "url": link.url,
        "method": "PUT",
        "headers": {"Content-Type": link.content_type},
        "expires_in_seconds": link.seconds,
        "report": f"/v1/uploads/{link.upload.upload_id}",
    }


def upload_json(upload: Upload, report: dict[str, Any] | None) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "upload_id": upload.upload_id,
        "file_name": upload.file_name,
        "state": upload.state,
        "requested_at": upload.requested_at.isoformat(),
    }
    return {**answer, **report} if report else answer


@dataclass(frozen=True, slots=True)
class Staff:
    """Who may own cases, for their names: the collectors, and the agency for one who has left."""

    collectors: tuple[Collector, ...]
    agency: str

    def owner_json(self, owner: Owner) -> dict[str, str]:
        return {
            "collector": collector_name(owner, self.collectors, self.agency),
            "account_manager": owner.account_manager,
            "reason": owner.reason,
        }


def case_json(case: Case, staff: Staff, balance: Balance | None = None) -> dict[str, Any]:
    """What a client sees of a case at once: state, owner, every step, and what is owed by class."""
    answer: dict[str, Any] = {
        "case_id": case.case_id,
        "client_reference": case.client_reference,
        "state": case.state,
        "placed_at": case.placed_at.isoformat(),
        "payment_reference": case.payment_reference,
        "principal": {"amount_minor": case.principal.minor, "currency": case.currency},
        "steps": [
            {"step": r.step.value, "on": r.on.isoformat(), "outcome": r.outcome, "reason": r.reason}
            for r in case.steps
        ],
    }
    if case.owner is not None:
        answer["owner"] = staff.owner_json(case.owner)
    if case.co_debtors:
        answer["co_debtors"] = [
            {
                "party_id": party.party_id,
                "liability": party.liability.value,
                "name": party.debtor.name,
                "is_released": party.is_released,
            }
            for party in case.co_debtors
        ]
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
    return answer | story_json(case)


def document_json(document: Document) -> dict[str, Any]:
    return {
        "document_id": document.document_id,
        "kind": document.kind,
        "title": document.title,
        "made_on": document.made_on.isoformat(),
        "amount_minor": document.amount.minor,
        "currency": document.amount.currency,
    }


def payout_change_json(change: PayoutChange) -> dict[str, Any]:
    """The account by its last signs only."""
    return {
        "change_id": change.change_id,
        "account": change.masked,
        "state": change.state.value,
        "effective_on": change.effective_on.isoformat(),
    }

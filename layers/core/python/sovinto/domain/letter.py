"""What a letter or message says, before any typesetting: plain facts, ready to render."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sovinto.domain.claim_class import ClaimClass
from sovinto.domain.debtor import Address
from sovinto.domain.explanation import Explanation
from sovinto.domain.money import Money
from sovinto.domain.plan import Instalment


@dataclass(frozen=True, slots=True)
class Contact:
    """A company as it signs: agency or creditor."""

    name: str
    registration_id: str
    address: Address
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class DebtLine:
    """One line of the debt. `kind` picks the translated label: principal, interest, reminder_fee,
    demand_fee, payment... ; `detail` is language-neutral (invoice number, "10.5 %, 2025-03-16 to
    2025-06-30"); `amount` is negative for what was paid."""

    claim_class: ClaimClass
    kind: str
    detail: str
    amount: Money
    on: date
    explanation: Explanation | None = None


@dataclass(frozen=True, slots=True)
class PaymentDetails:
    """How to pay by bank transfer; `barcode` is the 54-digit Finnish bank barcode or empty."""

    payee: str
    iban: str
    bic: str
    reference: str
    amount: Money
    pay_by: date
    barcode: str = ""
    epc_qr: str = ""


@dataclass(frozen=True, slots=True)
class Returned:
    """A payment that went back: how much of it, and when."""

    amount: Money
    on: date


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as sent. `template` is a name of templates/manifest.toml; `language` fi, sv or en.

    `ground` says what the claim is for, in the creditor's words. `instalments` is the agreed plan
    (plan_confirmation); `offers` are the plans to choose from (plan_offer). `announced` is the fee
    that comes next when nothing is paid, zero where none may (notice). `reason` is why the creditor
    rejects an objection, in its own words (dispute_rejected); `missed` the instalment that was not
    paid (plan_broken); `returned` the payment that went back (payment_reversed). One that is not
    `is_asked` names no debt and asks for nothing: the case stands still.
    """

    template: str
    language: str
    case_reference: str
    written_on: date
    agency: Contact
    creditor: Contact
    debtor_name: str
    debtor_address: Address | None
    is_consumer: bool
    lines: tuple[DebtLine, ...]
    total: Money
    payment: PaymentDetails
    page_url: str
    access_code: str
    object_by: date
    ground: str = ""
    instalments: tuple[Instalment, ...] = ()
    offers: tuple[tuple[Instalment, ...], ...] = ()
    announced: Money | None = None
    reason: str = ""
    missed: Instalment | None = None
    returned: Returned | None = None
    is_asked: bool = True

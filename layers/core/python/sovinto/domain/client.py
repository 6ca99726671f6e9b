"""The client: the creditor who uses Sovinto and owns the money that is collected."""

from __future__ import annotations

from dataclasses import dataclass

from sovinto.domain.debtor import Address
from sovinto.domain.fees_agreed import SETUP_FEE_ONLY, FeesAgreed
from sovinto.domain.letter import Contact
from sovinto.domain.money import Money
from sovinto.domain.rhythm import SAME_DAY, Rhythm
from sovinto.ids import ClientId


@dataclass(frozen=True, slots=True)
class Client:
    """`setup_fee` is charged per accepted case, net of VAT; `is_vat_deductible` tells whether the
    client can deduct VAT on collection costs; `iban`/`bic` is where its money is remitted.

    `plan_max_instalments` and `plan_min_instalment` bound the plans that are agreed at once without
    asking it; None leaves that to the policy. `segment` chooses among the country's policies.
    `rhythm` is how often its money is paid on.

    `fees` is what else was agreed on. Our invoices carry `vat_id` (its country in front), `buyer_reference`
    and `order_reference`; `einvoice_address` is "scheme:id" of the EAS list, such as "0216:003707375462",
    and empty for a client who takes PDF.
    """

    client_id: ClientId
    name: str
    registration_id: str
    address: Address
    email: str
    phone: str
    language: str
    country: str
    currency: str
    iban: str
    bic: str
    setup_fee: Money
    is_vat_deductible: bool
    account_manager: str
    plan_max_instalments: int | None = None
    plan_min_instalment: Money | None = None
    segment: str = ""
    rhythm: Rhythm = SAME_DAY
    fees: FeesAgreed = SETUP_FEE_ONLY
    vat_id: str = ""
    einvoice_address: str = ""
    buyer_reference: str = ""
    order_reference: str = ""

    @property
    def contact(self) -> Contact:
        return Contact(self.name, self.registration_id, self.address, self.email, self.phone)

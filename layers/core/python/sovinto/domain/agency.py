"""We, the collection agency: how we sign, and the client-money account we collect on."""

from __future__ import annotations

from dataclasses import dataclass

from sovinto.domain.letter import Contact


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """An account on which we collect. `known_as` are numbers that detail files use for it: a bankgiro, a
    plusgiro, an ISR participant. `sheets` says what its CSV and XLSX files are: "record", "details", or
    empty where they are not believed; `currency` is for sheets that do not name it.
    """

    iban: str
    known_as: tuple[str, ...] = ()
    sheets: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Agency:
    """`iban`/`bic` name the collection account, kept apart from our own money.

    Orders that the books propose, up to `release_limit_minor` of the account's currency, need nobody's
    release (0: every order does). `refund_days`: by when what was paid too much goes back.
    `cooling_off_days`: banking days until a client's new account is used. `pain_version` of payment files.
    `accounts` are further accounts that bank files may be of, and what else is to know of `iban`.

    What clients paid us on `iban` is moved to `own_iban` by `own_rhythm` (daily or monthly); where empty,
    people move it.

    Our invoices carry `vat_id` (its country in front) and `einvoice_address` ("scheme:id" of the EAS list;
    where empty, our registration or VAT number is the address).
    """

    contact: Contact
    iban: str
    bic: str
    release_limit_minor: int = 0
    refund_days: int = 14
    cooling_off_days: int = 3
    pain_version: str = "09"
    vat_id: str = ""
    einvoice_address: str = ""
    own_iban: str = ""
    own_bic: str = ""
    own_rhythm: str = "monthly"
    accounts: tuple[OwnAccount, ...] = ()

    @property
    def own_accounts(self) -> tuple[OwnAccount, ...]:
        """All of them, the collection account first."""
        named = any(account.iban == self.iban for account in self.accounts)
        return self.accounts if named else (OwnAccount(self.iban), *self.accounts)

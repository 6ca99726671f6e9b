"""We, the collection agency: how we sign, and the client-money account we collect on."""

from __future__ import annotations

from dataclasses import dataclass

from sovinto.domain.letter import Contact


@dataclass(frozen=True, slots=True)
class Agency:
    """`iban`/`bic` name the collection account, kept apart from our own money."""

    contact: Contact
    iban: str
    bic: str

"""A placement: what a client hands over, before it is a case. The checks say what is wrong, all at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sovinto.domain.case import Claim
from sovinto.domain.debtor import Debtor, DebtorType, Liability
from sovinto.domain.money import Money, exponent
from sovinto.domain.placement_rules import (
    Problem,
    address_problems,
    contact_problems,
    identity_problems,
    is_personal_code,
    is_printable,
)

__all__ = ["Party", "Placement", "Problem", "check_placement"]

PRINCIPAL_LIMIT = 10_000_000
"""Major units; a claim at or above it is placed by hand, after a look at the contract."""

OLDEST_YEARS = 20
LONGEST_REFERENCE = 64
LONGEST_TEXT = 500
MOST_CO_DEBTORS = 5
LETTER_LANGUAGES = ("fi", "sv", "en")


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody else who owes the same debt, as the client hands them over."""

    liability: Liability
    debtor: Debtor


@dataclass(frozen=True, slots=True)
class Placement:
    """One debtor, one or more claims, under the client's own reference."""

    client_reference: str
    debtor: Debtor
    claims: tuple[Claim, ...]
    currency: str
    co_debtors: tuple[Party, ...] = ()


def check_placement(
    placement: Placement,
    *,
    today: date,
    country: str,
    currency: str,
    languages: Collection[str] = (),
    debtor_types: Collection[DebtorType] = tuple(DebtorType),
    rates_from: date | None = None,
) -> tuple[Problem, ...]:
    """Every reason why this cannot become a case of `country` today; empty when it can.

    `today` is the local legal day, `country` ISO 3166-1 alpha-2, `currency` the country's ISO 4217
    code. `languages` are spoken there: a debtor may have one of them even where letters are not
    written in it (those come in English). `debtor_types` are those it has rules for, `rates_from` the
    first day whose late interest is known there. Raises nothing.
    """

    def person(debtor: Debtor) -> Iterator[Problem]:
        yield from _type_problems(debtor.debtor_type, country, debtor_types)
        yield from identity_problems(debtor, country)
        yield from _language_problems(debtor.language, languages)
        yield from address_problems(debtor.address)
        yield from contact_problems(debtor)

    return (
        *_reference_problems(placement.client_reference, country),
        *person(placement.debtor),
        *_co_debtor_problems(placement, person),
        *_currency_problems(placement.currency, country, currency),
        *_claims_problems(placement.claims, today),
        *_rates_problems(placement.claims, country, rates_from),
    )


def _co_debtor_problems(
    placement: Placement, person: Callable[[Debtor], Iterator[Problem]]
) -> Iterator[Problem]:
    """Each is checked as the debtor is, under a field name of its own; nobody owes the debt twice."""
    if len(placement.co_debtors) > MOST_CO_DEBTORS:
        yield Problem(
            "co_debtors",
            f"A placement may have at most {MOST_CO_DEBTORS} co-debtors; leave out those who matter least, "
            "or call us.",
        )
    seen = [placement.debtor]
    for place, party in enumerate(placement.co_debtors):
        for found in person(party.debtor):
            message = f"Co-debtor {place + 1}: {found.message}"
            yield Problem(f"co_debtors/{place}/{found.field}", message)
        if any(_is_same(party.debtor, other) for other in seen):
            yield Problem(
                f"co_debtors/{place}/name",
                f"Co-debtor {place + 1} must not be the debtor or another co-debtor again; name each "
                "person once.",
            )
        seen.append(party.debtor)


def _is_same(one: Debtor, other: Debtor) -> bool:
    """By registration id, or by name and address; a father and son may share one of the two."""
    if one.registration_id and one.registration_id == other.registration_id:
        return True
    return (one.name.casefold(), one.address) == (other.name.casefold(), other.address)


def _reference_problems(reference: str, country: str) -> Iterator[Problem]:
    if not is_printable(reference, LONGEST_REFERENCE):
        yield Problem(
            "reference",
            f"The reference must be 1 to {LONGEST_REFERENCE} printable characters; "
            "give each claim a short reference of your own.",
        )
    elif is_personal_code(reference, country):
        yield Problem(
            "reference",
            "The reference must not be a personal identity code, because it is printed on letters; "
            "use an invoice or case number.",
        )


def _type_problems(
    given: DebtorType, country: str, debtor_types: Collection[DebtorType]
) -> Iterator[Problem]:
    if given not in debtor_types:
        served = " or ".join(sorted(kind.value for kind in debtor_types))
        yield Problem(
            "debtor_type",
            f"The debtor type must be {served} in {country}, not {given.value}; leave this claim out, "
            "or correct the type.",
        )


def _language_problems(language: str, spoken: Collection[str]) -> Iterator[Problem]:
    known = tuple(dict.fromkeys((*LETTER_LANGUAGES, *spoken)))
    if language not in known:
        yield Problem(
            "language",
            f"The language must be one of {', '.join(known)}; leave it empty for the usual one.",
        )


def _currency_problems(given: str, country: str, currency: str) -> Iterator[Problem]:
    if given != currency:
        yield Problem(
            "currency",
            f"The currency must be {currency} in {country}, not {given}; place claims in {given} "
            "with the country that uses it.",
        )


def _rates_problems(claims: tuple[Claim, ...], country: str, rates_from: date | None) -> Iterator[Problem]:
    """A claim whose interest cannot be told would wait for ever: better refused at the door."""
    if rates_from is None:
        return
    oldest = rates_from - timedelta(days=1)
    for claim in claims:
        if claim.due_on < oldest:
            yield Problem(
                "due_date",
                f"The due date must be {oldest.isoformat()} or later in {country}, because interest rates "
                "of before are not known; leave older claims out.",
            )


def _claims_problems(claims: tuple[Claim, ...], today: date) -> Iterator[Problem]:
    if not claims:
        yield Problem("principal", "A placement must have at least one claim; add an invoice.")
    if len({claim.invoice_number for claim in claims}) < len(claims):
        yield Problem(
            "invoice_number",
            "Each invoice number may stand once in a placement, for interest and payments are followed "
            "by it; merge the claims or number them apart.",
        )
    for claim in claims:
        yield from _principal_problems(claim.principal)
        yield from _date_problems(claim, today)
        yield from _text_problems(claim)


def _principal_problems(principal: Money) -> Iterator[Problem]:
    if principal.minor <= 0:
        yield Problem(
            "principal",
            "The principal must be greater than zero; leave credit notes and paid invoices out.",
        )
    elif principal.minor >= PRINCIPAL_LIMIT * 10 ** exponent(principal.currency):
        yield Problem(
            "principal",
            f"The principal must be below {PRINCIPAL_LIMIT}.00; check the decimal sign, or call us to "
            "place so large a claim.",
        )


def _date_problems(claim: Claim, today: date) -> Iterator[Problem]:
    if claim.due_on >= today:
        yield Problem(
            "due_date",
            f"The due date must be before today ({today.isoformat()}); place the claim once it is overdue.",
        )
    elif claim.due_on < _years_before(today, OLDEST_YEARS):
        yield Problem(
            "due_date",
            f"The due date must not be more than {OLDEST_YEARS} years ago; check the year, "
            "a claim that old is time-barred.",
        )
    if claim.invoiced_on is not None and claim.invoiced_on > claim.due_on:
        yield Problem(
            "invoice_date",
            "The invoice date must not be after the due date; check that the two are not swapped.",
        )


def _text_problems(claim: Claim) -> Iterator[Problem]:
    if not is_printable(claim.invoice_number, LONGEST_REFERENCE):
        yield Problem(
            "invoice_number",
            f"The invoice number must be 1 to {LONGEST_REFERENCE} printable characters; the "
            "debtor needs it to know the claim.",
        )
    if claim.text and not is_printable(claim.text, LONGEST_TEXT):
        yield Problem("text", f"The text must be at most {LONGEST_TEXT} printable characters; shorten it.")


def _years_before(day: date, years: int) -> date:
    """The same calendar day `years` earlier; 29 February becomes 28 February."""
    if (day.month, day.day) == (2, 29):
        return date(day.year - years, 2, 28)
    return day.replace(year=day.year - years)

"""Forms of the debtor's page, and what its templates need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlencode

from sovinto.domain.case import DisputeKind
from sovinto.domain.communication import Communication, SendingState
from sovinto.domain.letter import Contact
from sovinto.domain.money import Money
from sovinto.domain.payment import Attempt
from sovinto.errors import InvalidInput, OutcomeUnknown, UpstreamRefused, UpstreamUnavailable
from sovinto.usecases.debtor_page import DebtorPage, plan_offers

LANGUAGES = ("fi", "sv", "en")
MAX_FORM = 16_384
MAX_FIELDS = 20
PROVIDER_FAILS = (UpstreamUnavailable, UpstreamRefused, OutcomeUnknown)
"""It opened no page, so nothing can have been charged."""


def read_form(body: str | None) -> dict[str, str]:
    """The first value of each field. Raises InvalidInput for a body that is too long or has too many."""
    if body is not None and len(body) > MAX_FORM:
        raise InvalidInput(f"the form must be at most {MAX_FORM} characters; shorten your text")
    try:
        fields = parse_qs(body or "", max_num_fields=MAX_FIELDS)
    except ValueError as wrong:
        raise InvalidInput(
            f"the form must have at most {MAX_FIELDS} fields; open the page again"
        ) from wrong
    return {name: values[0] for name, values in fields.items()}


def language_of(query: Mapping[str, str] | None, accepted: str, fallback: str) -> str:
    """Asked for by ?lang=, else the first of the browser's that we write, else the fallback; English
    where we write none of them."""
    asked = (query or {}).get("lang", "")
    if asked in LANGUAGES:
        return asked
    for part in accepted.split(","):
        tag = part.strip()[:2].lower()
        if tag in LANGUAGES:
            return tag
    return fallback if fallback in LANGUAGES else "en"


def read_amount(text: str, currency: str) -> Money:
    """Comma or dot, spaces allowed. Raises InvalidInput."""
    tidy = "".join(text.split()).replace(",", ".")
    try:
        return Money.parse(tidy, currency)
    except InvalidInput as wrong:
        raise InvalidInput(f"amount {text[:20]!r} is not a sum such as 120,50", field="amount") from wrong


def read_kind(text: str) -> DisputeKind:
    if text not in tuple(DisputeKind):
        raise InvalidInput(f"kind must be one of {', '.join(DisputeKind)}", field="kind")
    return DisputeKind(text)


def read_count(text: str) -> int:
    if not text.isdecimal() or len(text) > 2:
        raise InvalidInput("instalments must be a number such as 4", field="instalments")
    return int(text)


def debt_model(page: DebtorPage, letters: tuple[Communication, ...], **given: Any) -> dict[str, Any]:
    """The model of page `debtor_debt`, but for what the request itself knows."""
    case = page.case
    plan = case.plan
    return {
        "case_reference": case.number,
        "lines": page.debt.lines,
        "total": page.debt.total,
        "offers": tuple(offer.instalments for offer in plan_offers(page)),
        "instalments": plan.instalments if plan and plan.is_active else (),
        "letters": [
            {
                "communication_id": item.communication_id,
                "template": item.template,
                "sent_on": page.rules.calendar.local_date(item.sent_at or item.planned_at),
            }
            for item in letters
            if item.document_key and item.state is SendingState.SENT
        ],
        "is_disputed": case.is_disputed,
        "held": next((hold.reason.value for hold in case.active_holds), ""),
        **given,
    }


def paid_model(
    page: DebtorPage, attempt: Attempt, link_id: str, asked: str, language: str
) -> dict[str, Any]:
    """The model of page `debtor_paid`: received once the books have it, else as the browser `asked`."""
    has_arrived = any(entry.source == attempt.payment_id for entry in page.facts.entries)
    wish = {"lang": language, "payment": attempt.payment_id, "state": asked}
    return {
        "case_reference": page.case.number,
        "state": "received" if has_arrived else asked,
        "amount": attempt.amount,
        "balance": page.facts.balance.total if has_arrived else None,
        "again": "" if has_arrived else f"/d/{link_id}/paid?{urlencode(wish)}",
    }


def signs(contact: Contact, path: str, link_id: str) -> dict[str, Any]:
    """What every debtor page carries."""
    return {"agency": contact, "path": path, "link_id": link_id}

"""A Letter as plain strings in one language: all that the typesetter needs and nothing it must decide."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from typing import Any

from babel import Locale

from sovinto.domain.claim_class import ClaimClass
from sovinto.domain.debtor import Address
from sovinto.domain.letter import Contact, DebtLine, Letter, PaymentDetails
from sovinto.domain.money import Money, total
from sovinto.domain.plan import Instalment
from sovinto.errors import InvalidInput
from sovinto.rendering.amounts import (
    date_text,
    detail_text,
    grouped,
    locale_of,
    money_text,
    reference_text,
    statute_text,
)
from sovinto.rendering.code128 import barcode_svg
from sovinto.rendering.qr import qr_svg
from sovinto.rendering.templates import entry_for, templates_root, texts

_PAID = "paid"


def letter_facts(letter: Letter) -> dict[str, object]:
    """The JSON data of `letters/letter.typ`. Raises InvalidInput for an unknown template or language,
    and where the lines do not add up to the total."""
    entry_for("letter", letter.template, letter.language)
    _check_total(letter)
    strings = texts("letters", letter.language)
    words = _words(letter) | {
        "announced": _announced(letter, strings["labels"]["no_fee"]),
        "reason": letter.reason or strings["labels"]["no_reason"],
    }
    own = strings[letter.template]
    actions = own["actions" if letter.is_asked else "quiet_actions"]
    return {
        **_sheet(letter),
        "title": own["title"],
        "labels": strings["labels"],
        "paragraphs": [text.format(**words) for text in own["paragraphs"]],
        "actions": [text.format(**words) for text in actions],
        "is_asked": letter.is_asked,
        "summary": _summary(letter, strings["classes"]),
        "lines": [_line(line, strings, letter.language) for line in letter.lines],
        "total": money_text(letter.total, letter.language),
        "rights": [text.format(**words) for text in _rights(letter, strings["rights"])],
        "question": strings["rights"]["question"].format(**words),
        "payment": _payment(letter.payment, letter.language),
        "instalments": [_instalment(row, letter.language) for row in letter.instalments],
        "offers": [_offer(rows, strings["labels"], letter.language) for rows in letter.offers],
    }


def _check_total(letter: Letter) -> None:
    summed = total((line.amount for line in letter.lines), letter.total.currency)
    if summed != letter.total:
        raise InvalidInput(
            f"total of letter {letter.case_reference} is {letter.total.decimal()}, but its lines add up to "
            f"{summed.decimal()}; give every line",
            field="total",
        )


def _sheet(letter: Letter) -> dict[str, object]:
    written = letter.written_on
    return {
        "language": letter.language,
        "written": {"year": written.year, "month": written.month, "day": written.day},
        "written_on": date_text(written, letter.language),
        "case_reference": letter.case_reference,
        "agency": contact_facts(letter.agency),
        "creditor": contact_facts(letter.creditor),
        "recipient": [
            letter.debtor_name,
            *address_lines(letter.debtor_address, letter.agency.address.country, letter.language),
        ],
        "ground": _ground(letter),
        "page_url": letter.page_url,
        "page_label": letter.page_url.removeprefix("https://"),
        "access_code": grouped(letter.access_code, 5 if len(letter.access_code) % 5 == 0 else 4),
        "qr": qr_svg(letter.page_url),
    }


def _ground(letter: Letter) -> str:
    if letter.ground:
        return letter.ground
    details = [line.detail for line in letter.lines if line.kind == "principal" and line.detail]
    return detail_text(", ".join(details), letter.language)


def contact_facts(contact: Contact) -> dict[str, object]:
    """A company as the typesetter prints it; the address is a list of lines."""
    return {
        "name": contact.name,
        "registration_id": contact.registration_id,
        "address": address_lines(contact.address, contact.address.country),
        "email": contact.email,
        "phone": contact.phone,
    }


def address_lines(address: Address | None, from_country: str, language: str = "en") -> list[str]:
    """Street, postcode and town, and the country only when the letter crosses a border (UPU S42)."""
    if address is None:
        return []
    lines = [address.street, f"{address.postal_code} {address.city}".strip()]
    if address.country != from_country:
        names = Locale.parse(locale_of(language)).territories
        lines.append(names.get(address.country, address.country).upper())
    return [line for line in lines if line]


def _words(letter: Letter) -> dict[str, str]:
    language, payment = letter.language, letter.payment
    # A confirmed plan asks for its first instalment now, whatever the slip was made out for.
    first = letter.instalments[0] if letter.instalments else None
    amount, pay_by = (first.amount, first.due_on) if first else (payment.amount, payment.pay_by)
    return {
        "creditor": letter.creditor.name,
        "agency": letter.agency.name,
        "agency_address": ", ".join(address_lines(letter.agency.address, letter.agency.address.country)),
        "email": letter.agency.email,
        "phone": letter.agency.phone,
        "case_reference": letter.case_reference,
        "total": money_text(letter.total, language),
        "payment_amount": money_text(amount, language),
        "pay_by": date_text(pay_by, language),
        "object_by": date_text(letter.object_by, language),
        **_missed(letter),
        **_returned(letter),
    }


def _missed(letter: Letter) -> dict[str, str]:
    """The instalment that broke a plan; empty words in every other letter."""
    if letter.missed is None:
        return {"missed_amount": "", "missed_on": ""}
    return {
        "missed_amount": money_text(letter.missed.amount, letter.language),
        "missed_on": date_text(letter.missed.due_on, letter.language),
    }


def _returned(letter: Letter) -> dict[str, str]:
    """The payment that went back; empty words in every other letter."""
    if letter.returned is None:
        return {"amount": "", "reversed_on": ""}
    return {
        "amount": money_text(letter.returned.amount, letter.language),
        "reversed_on": date_text(letter.returned.on, letter.language),
    }


def _announced(letter: Letter, no_fee: str) -> str:
    """What comes next if nothing is paid, in words where that costs nothing."""
    return money_text(letter.announced, letter.language) if letter.announced else no_fee


def _rights(letter: Letter, rights: dict[str, str]) -> list[str]:
    general = [rights["object"], rights["statement"]]
    if not letter.is_asked:
        return general
    general.append(rights["interest"])
    if any(line.explanation and dict(line.explanation.inputs).get("vat_percent") for line in letter.lines):
        general.append(rights["vat"])
    if letter.is_consumer:
        general += [*_notices(letter.agency.address.country, letter.language), rights["hard_times"]]
    return general


def _notices(country: str, language: str) -> Sequence[str]:
    """What the law of the agency's country makes every consumer letter say; none where no file is."""
    path = templates_root() / "letters" / "notices" / f"{country}.toml"
    if not path.is_file():
        return ()
    tables: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(tables["consumer"].get(language, {}).values())


def _summary(letter: Letter, classes: dict[str, str]) -> list[dict[str, str]]:
    """One row per class, and what was paid or taken off; only rows that are not zero."""
    currency = letter.total.currency
    rows: dict[str, Money] = {name: Money.zero(currency) for name in [*ClaimClass, _PAID]}
    for line in letter.lines:
        name = _PAID if line.amount.minor < 0 else line.claim_class.value
        rows[name] = rows[name] + line.amount
    return [
        {"label": classes[name], "amount": money_text(amount, letter.language)}
        for name, amount in rows.items()
        if amount
    ]


def line_label(line: DebtLine, strings: Any) -> str:
    """The translated name of a line: by its kind, else by its class."""
    kinds, classes = strings["kinds"], strings["classes"]
    return str(kinds.get(line.kind, classes[line.claim_class.value]))


def _line(line: DebtLine, strings: Any, language: str) -> dict[str, str]:
    return {
        "label": line_label(line, strings),
        "detail": detail_text(line.detail, language),
        "basis": statute_text(line.explanation.statute) if line.explanation else "",
        "on": date_text(line.on, language),
        "amount": money_text(line.amount, language),
    }


def _payment(payment: PaymentDetails, language: str) -> dict[str, str]:
    return {
        "payee": payment.payee,
        "iban": grouped(payment.iban),
        "bic": payment.bic,
        "reference": reference_text(payment.reference),
        "amount": money_text(payment.amount, language),
        "pay_by": date_text(payment.pay_by, language),
        "barcode": payment.barcode,
        "bars": barcode_svg(payment.barcode) if payment.barcode else "",
        "epc_qr": qr_svg(payment.epc_qr) if payment.epc_qr else "",
    }


def _instalment(row: Instalment, language: str) -> dict[str, str]:
    return {
        "number": f"{row.number}.",
        "due_on": date_text(row.due_on, language),
        "amount": money_text(row.amount, language),
    }


def _offer(rows: Sequence[Instalment], labels: dict[str, str], language: str) -> dict[str, str]:
    first, last = rows[0].amount, rows[-1].amount
    equal = all(row.amount == first for row in rows[:-1])
    low, high = min(row.amount.minor for row in rows), max(row.amount.minor for row in rows)
    span = [money_text(Money(minor, first.currency), language) for minor in (low, high)]
    amounts = labels["instalment_each"].format(amount=span[1] if equal else "–".join(span))
    if equal and last != first:
        amounts = labels["instalment_each"].format(amount=money_text(first, language))
        amounts += ", " + labels["instalment_last"].format(amount=money_text(last, language))
    return {
        "count": labels["instalments_count"].format(count=len(rows)),
        "amounts": amounts,
        "last_due": labels["last_due"].format(day=date_text(rows[-1].due_on, language)),
    }

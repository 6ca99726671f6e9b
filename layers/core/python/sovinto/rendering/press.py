"""The press: the port `Press` with real templates. Plain facts come in, people's words go out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sovinto.domain.invoice import FeeInvoice
from sovinto.domain.letter import Letter
from sovinto.domain.money import Money
from sovinto.domain.remittance import Remittance
from sovinto.errors import InvalidInput
from sovinto.ports import Wording
from sovinto.rendering.amounts import LANGUAGES, date_text, money_text
from sovinto.rendering.documents import render_fee_invoice, render_remittance, worded
from sovinto.rendering.letters import render_letter
from sovinto.rendering.messages import render_call_task, render_email, render_sms
from sovinto.rendering.templates import entry_for, texts

_FALLBACK = "en"
_AMOUNTS = frozenset({"amount", "total", "balance", "first_amount"})
_DATE_ENDINGS = ("_on", "_by")


class SovintoPress:
    """Letters and invoices as PDF, messages as text. A language without texts gets English ones."""

    def letter(self, letter: Letter) -> bytes:
        """Raises InvalidInput for an unknown template, or lines that do not add up."""
        return render_letter(replace(letter, language=_readable(letter.language)))

    def fee_invoice(self, invoice: FeeInvoice) -> bytes:
        return render_fee_invoice(replace(invoice, language=_readable(invoice.language)))

    def worded(self, invoice: FeeInvoice) -> FeeInvoice:
        return worded(replace(invoice, language=_readable(invoice.language)))

    def remittance(self, remittance: Remittance) -> bytes:
        return render_remittance(replace(remittance, language=_readable(remittance.language)))

    def words(self, channel: str, template: str, language: str, fields: Mapping[str, str]) -> Wording:
        """The words of one message; `fields` may hold more than the template uses.

        Dates come as ISO 8601, amounts as "12.50 EUR", `next_step` and `legal_step` as their names in
        the code. A posted letter has its title only: what it says is the PDF. Raises InvalidInput for an
        unknown channel or template, a missing field, or an amount or date that cannot be read.
        """
        spoken = _readable(language)
        if channel == "post":
            entry_for("letter", template, spoken)
            return Wording(texts("letters", spoken)[template]["title"], "")
        entry = entry_for(channel, template, spoken)
        used = {name: _written(name, fields[name], spoken) for name in entry.fields if name in fields}
        if channel == "sms":
            return Wording("", render_sms(template, spoken, used))
        render = render_call_task if channel == "call" else render_email
        message = render(template, spoken, used)
        return Wording(message.subject, message.text)


def _readable(language: str) -> str:
    return language if language in LANGUAGES else _FALLBACK


def _written(name: str, value: str, language: str) -> str:
    """One field as the reader writes it; only fields known to be amounts or dates are touched, so that
    a client's reference that looks like a date stays as it is."""
    if name == "next_step":
        return str(texts("messages", language)["steps"].get(value, value))
    if name == "legal_step":
        return str(texts("messages", language)["legal_steps"].get(value, value))
    if name in _AMOUNTS:
        decimal, _, currency = value.partition(" ")
        return money_text(Money.parse(decimal, currency), language)
    if name.endswith(_DATE_ENDINGS):
        return date_text(_day(name, value), language)
    return value


def _day(name: str, value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise InvalidInput(f"{name} {value!r} is not a date such as 2025-12-31", field=name) from None

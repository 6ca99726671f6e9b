"""The hosted payment page: where a debtor types a (test) card. Works without scripts."""

from __future__ import annotations

import html
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from infra.local.response import Response, html_response
from infra.local.sandbox.model import Session
from infra.local.sandbox.texts import TEXTS

GOOD_CARD = "4242424242424242"
DECLINED_CARD = "4000000000000002"
DISPUTED_CARD = "4000000000000259"
_FOLDER = Path(__file__).parent.parent / "pages"
_PAGE = Template((_FOLDER / "pay.html").read_text("utf-8"))
_CLOSED = Template((_FOLDER / "pay_closed.html").read_text("utf-8"))


def form_page(session: Session, *, problem: str = "", status: int = 200) -> Response:
    """The form; `problem` names a text shown above it and read out first."""
    texts = texts_for(session.wish.locale)
    alert = f'<p id="problem" role="alert"><strong>{texts[problem]}</strong></p>' if problem else ""
    page = _PAGE.substitute(
        texts,
        lang=_language(session.wish.locale),
        alert=alert,
        invalid=' aria-invalid="true" aria-describedby="problem hint"'
        if problem
        else ' aria-describedby="hint"',
        amount=html.escape(amount_text(session.wish.amount_minor, session.wish.currency)),
        description=html.escape(session.wish.description),
        action=f"/sandbox/pay/{session.session_id}",
    )
    return html_response(status, page, form_targets=_targets(session))


def closed_page(session: Session) -> Response:
    """What an old link shows once the session has been paid or has expired."""
    is_paid = session.status == "complete"
    texts = texts_for(session.wish.locale)
    page = _CLOSED.substitute(
        texts,
        lang=_language(session.wish.locale),
        heading=texts["is_paid" if is_paid else "is_expired"],
        back=html.escape(return_url(session) if is_paid else session.wish.cancel_url),
    )
    return html_response(200 if is_paid else 410, page)


def return_url(session: Session) -> str:
    """The success address; `{CHECKOUT_SESSION_ID}` in it becomes the session's id."""
    return session.wish.success_url.replace("{CHECKOUT_SESSION_ID}", session.session_id)


def card_problem(digits: str) -> str | None:
    """The name of the text that says what is wrong with a card number, None for a test card that pays."""
    if digits in {GOOD_CARD, DISPUTED_CARD}:
        return None
    if digits == DECLINED_CARD:
        return "declined"
    return "not_a_test_card"


def texts_for(locale: str) -> dict[str, str]:
    return TEXTS[_language(locale)]


def amount_text(minor: int, currency: str) -> str:
    """ "1 234,50 EUR" with spaces that do not break; the sandbox knows currencies with cents only."""
    whole, cents = divmod(minor, 100)
    return f"{whole:,}".replace(",", "\u00a0") + f",{cents:02d}\u00a0{currency}"


def _language(locale: str) -> str:
    language = locale[:2]
    return language if language in TEXTS else "en"


def _targets(session: Session) -> str:
    """A form's redirect is held to form-action as well, so the merchant's own sites must stand there."""
    urls = (urlsplit(session.wish.success_url), urlsplit(session.wish.cancel_url))
    return " ".join(["'self'", *sorted({f"{url.scheme}://{url.netloc}" for url in urls})])

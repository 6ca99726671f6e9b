"""The debtor's pages: prove the code, understand the debt, pay, agree a plan or object."""

from __future__ import annotations

from functools import lru_cache
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from sovinto.bootstrap import Parts, asset, read_agency, render_page
from sovinto.domain.agency import Agency
from sovinto.domain.case import Case
from sovinto.entry import portal, refund_page, session
from sovinto.entry.http import answer, page, raw_body, redirect, status_of
from sovinto.entry.observe import flush, logger_of, metrics_of
from sovinto.entry.settings import PortalSettings
from sovinto.errors import NotAllowed, NotFound, SovintoError, TooManyAttempts
from sovinto.ids import CaseId, CommunicationId, PaymentId
from sovinto.usecases import debtor_page
from sovinto.usecases.compose_letter import payment_details
from sovinto.usecases.step_context import Sender

logger = logger_of("portal")
metrics = metrics_of("portal")
app = APIGatewayHttpResolver()
COOKIE = "sovinto_debtor"


@lru_cache(maxsize=1)
def parts() -> tuple[PortalSettings, Parts, Agency, Sender]:
    settings = PortalSettings.from_env()
    wired = Parts(settings)
    agency = read_agency(settings.agency)
    sender = Sender(agency, wired.secrets.read(settings.code_secret_arn), settings.page_url)
    return settings, wired, agency, sender


def now() -> int:
    return int(parts()[1].system_clock.now().timestamp())


def language(fallback: str = "fi") -> str:
    query, headers = app.current_event.query_string_parameters, app.current_event.headers
    return portal.language_of(query, headers.get("accept-language", ""), fallback)


def common(link_id: str) -> dict[str, Any]:
    return portal.signs(parts()[2].contact, app.current_event.path, link_id)


def proven_case(link_id: str) -> CaseId:
    """The case of the session; a session opens its own link only. Raises NotAllowed."""
    _, wired, _, sender = parts()
    event = app.current_event
    value = session.find(event.cookies, event.headers.get("cookie", ""), COOKIE)
    case_id = session.read(sender.code_secret, value, now=now())
    if case_id is None or wired.cases.by_link(link_id) != case_id:
        raise NotAllowed("the page was open for too long; type the code again")
    return CaseId(case_id)


def form(link_id: str, bound_to: str) -> dict[str, str]:
    """The posted form. Raises NotAllowed where another site made it."""
    settings, _, _, sender = parts()
    session.check_site(app.current_event.headers, Parts.origin(settings.page_url))
    event = app.current_event
    fields = portal.read_form(raw_body(event.body or "", event.is_base64_encoded).decode(errors="replace"))
    bound = f"{link_id}/{bound_to}"
    session.check_form(sender.code_secret, bound, fields.get("csrf", ""), now=now())
    return fields


def token(link_id: str, bound_to: str) -> str:
    return session.form_token(parts()[3].code_secret, f"{link_id}/{bound_to}", now=now())


def code_page(link_id: str, problem: str, status: int = 200) -> Response[str]:
    model = {**common(link_id), "csrf": token(link_id, "code"), "problem": problem}
    return page(status, render_page("debtor_code", language(), model))


@app.get("/d/<link_id>")
def ask_code(link_id: str) -> Response[str]:
    return code_page(link_id, "")


@app.post("/d/<link_id>")
def check_code(link_id: str) -> Response[str]:
    settings, wired, _, sender = parts()
    typed = form(link_id, "code").get("code", "")
    try:
        case_id = debtor_page.prove_code(
            link_id,
            typed,
            secret=sender.code_secret,
            cases=wired.cases,
            at=wired.system_clock.now(),
        )
    except TooManyAttempts:
        return code_page(link_id, "too_many_attempts", HTTPStatus.TOO_MANY_REQUESTS)
    except NotAllowed:
        return code_page(link_id, "wrong_code", HTTPStatus.FORBIDDEN)
    signed = session.sign(sender.code_secret, case_id, now=now())
    is_secure = settings.page_url.startswith("https:")
    cookie = session.cookie(COOKIE, signed, path=f"/d/{link_id}", is_secure=is_secure)
    return redirect(f"/d/{link_id}/debt?lang={language()}", cookies=[cookie])


@app.get("/d/<link_id>/debt")
def show_debt(link_id: str) -> Response[str]:
    return debt_page(link_id, proven_case(link_id))


def debt_page(
    link_id: str, case_id: CaseId, problem: str = "", given: dict[str, str] | None = None, status: int = 0
) -> Response[str]:
    settings, wired, _, sender = parts()
    opened = debtor_page.open_page(case_id, cases=wired.cases, clock=wired.clock, clients=wired.clients)
    case = opened.case
    if case.closure is not None:
        return closed_page(link_id, case)
    today = opened.facts.today(opened.rules)
    model = {
        **common(link_id),
        **portal.debt_model(opened, wired.cases.communications(case_id)),
        "next_on": opened.rules.calendar.local_date(wired.wakes.of(case_id).wake_at),
        "csrf": token(link_id, case_id),
        "creditor_name": wired.clients.load(case.client_id).name,
        "payment": payment_details(case, sender, opened.debt.total, today),
        "problem": problem,
        "given": given or {},
    }
    html = render_page("debtor_debt", language(case.debtor.language), model)
    return page(status or (422 if problem else 200), html, form_to=wired.page_origins(settings))


def closed_page(link_id: str, case: Case) -> Response[str]:
    owed = refund_page.waits(CaseId(case.case_id), refund_means())
    refund_url = f"/d/{link_id}/refund" if owed else ""
    model = common(link_id) | {
        "case_reference": case.number,
        "reason": case.closure,
        "refund_url": refund_url,
    }
    del model["link_id"]
    return page(200, render_page("debtor_closed", language(case.debtor.language), model))


def refund_means() -> refund_page.Means:
    settings, wired, agency, _ = parts()
    return refund_page.Means(agency, settings.gateway_provider, wired.cases, wired.orders, wired.clock)


def show_refund(link_id: str, case_id: CaseId, told: dict[str, Any]) -> Response[str]:
    case = parts()[1].cases.load(case_id)
    model = {**common(link_id), **told, "case_reference": case.number, "csrf": token(link_id, case_id)}
    html = render_page("debtor_refund", language(case.debtor.language), model)
    return page(422 if told["problem"] else 200, html)


refund_page.add_to(app, refund_means, proven_case, form, show_refund)


@app.post("/d/<link_id>/pay")
def pay(link_id: str) -> Response[str]:
    settings, wired, _, _ = parts()
    case_id = proven_case(link_id)
    fields = form(link_id, case_id)
    back = f"{settings.page_url}/d/{link_id}/paid?lang={language()}"
    try:
        amount = portal.read_amount(fields.get("amount", ""), wired.cases.load(case_id).currency)
        url = debtor_page.begin_payment(
            case_id,
            amount,
            back,
            gateway=wired.gateway(settings),
            cases=wired.cases,
            clock=wired.clock,
            ids=wired.ids,
        )
    except portal.PROVIDER_FAILS as failure:
        return no_page(link_id, case_id, failure, fields)
    except SovintoError as refusal:
        return debt_page(link_id, case_id, refusal.field or "refused", fields)
    metrics.add_metric("payments_begun", "Count", 1)
    return redirect(url)


def no_page(link_id: str, case_id: CaseId, failure: SovintoError, given: dict[str, str]) -> Response[str]:
    """The provider opened none, so nothing can have been charged. An alarm hangs on the metric."""
    metrics.add_metric("checkouts_failed", "Count", 1)
    logger.warning("checkout failed", extra={"code": failure.code, "reason": failure.message})
    return debt_page(link_id, case_id, "provider", given, status_of(failure))


@app.get("/d/<link_id>/paid")
def paid(link_id: str) -> Response[str]:
    """What our own books say: what the browser brings back is a wish, and proves nothing.

    Until the provider's own word has come the page offers to look again; it does not reload by itself,
    which would take the place of a reader with a screen reader or a slow eye (WCAG 2.2, 2.2.1 and 3.2.5).
    """
    _, wired, _, _ = parts()
    case_id = proven_case(link_id)
    opened = debtor_page.open_page(case_id, cases=wired.cases, clock=wired.clock)
    query = app.current_event.query_string_parameters or {}
    attempt = wired.cases.attempt(PaymentId(query.get("payment", "")))
    if attempt is None or attempt.case_id != case_id:
        raise NotFound("there is no such payment")
    asked = "cancelled" if query.get("state") == "cancelled" else "processing"
    model = {**common(link_id), **portal.paid_model(opened, attempt, link_id, asked, language())}
    return page(200, render_page("debtor_paid", language(), model))


@app.post("/d/<link_id>/plan")
def plan(link_id: str) -> Response[str]:
    _, wired, _, sender = parts()
    case_id = proven_case(link_id)
    fields = form(link_id, case_id)
    try:
        agreed = debtor_page.agree_plan(
            case_id,
            portal.read_count(fields.get("instalments", "")),
            sender=sender,
            cases=wired.cases,
            clients=wired.clients,
            clock=wired.clock,
        )
    except SovintoError as refusal:
        return debt_page(link_id, case_id, refusal.field or "refused", fields)
    first = agreed.instalments[0]
    case = wired.cases.load(case_id)
    model = {
        **common(link_id),
        "case_reference": case.number,
        "instalments": agreed.instalments,
        "payment": payment_details(case, sender, first.amount, first.due_on),
    }
    metrics.add_metric("plans_agreed", "Count", 1)
    return page(200, render_page("debtor_plan", language(), model))


@app.post("/d/<link_id>/dispute")
def dispute(link_id: str) -> Response[str]:
    _, wired, _, _ = parts()
    case_id = proven_case(link_id)
    fields = form(link_id, case_id)
    try:
        opened = debtor_page.open_dispute(
            case_id,
            portal.read_kind(fields.get("kind", "")),
            fields.get("text", ""),
            cases=wired.cases,
            clock=wired.clock,
            clients=wired.clients,
        )
    except SovintoError as refusal:
        return debt_page(link_id, case_id, refusal.field or "refused", fields)
    number = wired.cases.load(case_id).number
    model = {**common(link_id), "case_reference": number, "answer_by": opened.answer_by}
    metrics.add_metric("disputes_opened", "Count", 1)
    return page(200, render_page("debtor_dispute", language(), model))


@app.get("/d/<link_id>/letters/<communication_id>")
def letter(link_id: str, communication_id: str) -> Response[str]:
    settings, wired, _, _ = parts()
    case_id = proven_case(link_id)
    item = wired.cases.communication(case_id, CommunicationId(communication_id))
    if not item.document_key or item.audience != "debtor":
        raise NotFound("there is no such letter")
    files = wired.files(settings.document_bucket)
    return redirect(files.download_link(item.document_key, file_name=f"{item.template}.pdf", seconds=60))


@app.get("/assets/<name>")
def assets(name: str) -> Response[str]:
    found = asset(name)
    headers = {"Cache-Control": "public, max-age=86400", "X-Content-Type-Options": "nosniff"}
    return Response(200, found[0], found[1], headers=headers)


@app.exception_handler(SovintoError)  # type: ignore[untyped-decorator]
def refuse(error: SovintoError) -> Response[str]:
    """A page with one clear sentence and the way back."""
    logger.info("refused", extra={"code": error.code})
    path = app.current_event.path
    back = "/".join(path.split("/")[:3]) if path.startswith("/d/") else ""
    model = {"path": path, "agency": parts()[2].contact, "code": error.code}
    model |= {"message": error.message, "back": back}
    return page(status_of(error), render_page("problem", language(), model))


def handle(event: dict[str, Any], context: Any) -> Any:
    answered = answer(app, event, context, logger)
    flush(metrics)
    return answered

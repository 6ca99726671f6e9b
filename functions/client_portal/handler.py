"""The client's pages: sign in, follow cases, hand over a file, fetch documents."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.shared.cookies import Cookie
from sovinto.bootstrap import Parts, read_agency, read_collectors, render_page
from sovinto.domain.agency import Agency
from sovinto.domain.assignment import collector_name
from sovinto.domain.case import Case
from sovinto.entry import (
    client_case,
    client_forms,
    client_pages,
    client_payout,
    payout_routes,
    portal,
    session,
    statement_page,
)
from sovinto.entry.http import answer, page, redirect, status_of
from sovinto.entry.observe import logger_of
from sovinto.entry.settings import ClientPortalSettings
from sovinto.entry.statement import Shelf
from sovinto.errors import NotAllowed, NotFound, RuleRefused, SovintoError
from sovinto.ids import CaseId, ClientId
from sovinto.usecases.ask_upload import put_upload
from sovinto.usecases.case_file import rules_for
from sovinto.usecases.step_context import Sender

logger = logger_of("client_portal")
app = APIGatewayHttpResolver()
COOKIE = "sovinto_client"
VISITOR = "sovinto_visitor"
PAGE_SIZE = 50


@lru_cache(maxsize=1)
def parts() -> tuple[ClientPortalSettings, Parts, Agency, bytes]:
    settings = ClientPortalSettings.from_env()
    wired = Parts(settings)
    secret = wired.secrets.read(settings.code_secret_arn)
    return settings, wired, read_agency(settings.agency), secret


def language() -> str:
    event = app.current_event
    asked = portal.language_of(
        event.query_string_parameters, event.headers.get("accept-language", ""), "en"
    )
    return asked if asked in client_pages.LANGUAGES else "en"


def common() -> dict[str, Any]:
    return {"agency": parts()[2].contact, "path": app.current_event.path}


def now() -> int:
    return int(parts()[1].system_clock.now().timestamp())


def cookie_value(name: str) -> str:
    event = app.current_event
    return session.find(event.cookies, event.headers.get("cookie", ""), name)


def own_cookie(name: str, value: str) -> Cookie:
    is_secure = parts()[0].page_url.startswith("https:")
    return session.cookie(name, value, path="/client", is_secure=is_secure)


def token(bound_to: str) -> str:
    return session.form_token(parts()[3], bound_to, now=now())


def check(fields: Mapping[str, str], bound_to: str) -> None:
    """Raises NotAllowed where another site, or another browser, made the form."""
    settings, _, _, secret = parts()
    session.check_site(app.current_event.headers, Parts.origin(settings.page_url))
    session.check_form(secret, bound_to, fields.get("csrf", ""), now=now())


def signed_in() -> ClientId:
    client_id = session.read(parts()[3], cookie_value(COOKIE), now=now())
    if client_id is None or not client_id.startswith("cli_"):
        raise NotAllowed("sign in first", field="session")
    return ClientId(client_id)


def sign_in_page(status: int = 200, *, username: str = "", problem: str = "") -> Response[str]:
    """Its form works only in the browser it was given to: nobody is signed in from elsewhere."""
    visitor = session.visitor_of(cookie_value(VISITOR)) or parts()[1].ids.new("pre")
    model = {**common(), "csrf": token(visitor), "username": username, "problem": problem}
    shown = page(status, render_page("client_sign_in", language(), model))
    shown.cookies.append(own_cookie(VISITOR, visitor))
    return shown


@app.get("/client")
def ask_sign_in() -> Response[str]:
    return sign_in_page()


@app.post("/client")
def sign_in() -> Response[str]:
    """The password goes to the user pool and nowhere else; the session holds the client id."""
    settings, wired, _, secret = parts()
    fields = portal.read_form(app.current_event.decoded_body)
    check(fields, session.visitor_of(cookie_value(VISITOR)) or "nobody")
    username = fields.get("username", "")[:200]
    try:
        users = wired.users(settings.user_pool_client_id)
        client_id = users.sign_in(username, fields.get("password", "")[:200])
    except NotAllowed as refusal:
        return sign_in_page(403, username=username, problem=refusal.field or refusal.code)
    signed = session.sign(secret, client_id, now=now())
    return redirect("/client/home", cookies=[own_cookie(COOKIE, signed)])


@app.get("/client/home")
def home() -> Response[str]:
    return home_page(signed_in())


def owner_of(case: Case) -> str:
    """The collector's name; empty for a case that was placed before cases had owners."""
    settings, _, agency, _ = parts()
    if case.owner is None:
        return ""
    return collector_name(case.owner, read_collectors(settings.collectors), agency.contact.name)


def home_page(client_id: ClientId, problem: str = "") -> Response[str]:
    after = (app.current_event.query_string_parameters or {}).get("after", "")
    wired = parts()[1]
    told = client_pages.home_model(
        client_id, after, wired.cases, wired.clients, wired.wakes, wired.clock.now(), owner_of, PAGE_SIZE
    )
    model = {**common(), **told, "upload_fields": {"csrf": token(client_id)}, "problem": problem}
    return page(422 if problem else 200, render_page("client_home", language(), model))


def own_case(case_id: str) -> Case:
    """Raises NotFound for a case that is not there, or not this client's."""
    client_id = signed_in()
    case = parts()[1].cases.load(CaseId(case_id))
    if case.client_id != client_id:
        raise NotFound("there is no such case")
    return case


@app.get("/client/cases/<case_id>")
def show_case(case_id: str) -> Response[str]:
    return case_page(own_case(case_id))


def case_page(
    case: Case,
    problem: dict[str, str] | None = None,
    given: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response[str]:
    """The case as it is now; after a refusal with what was typed, and the sentence beside its field."""
    wired = parts()[1]
    file = wired.cases.file(case.case_id)
    told = client_case.case_model(
        file,
        rules_for(file.case),
        wired.wakes.of(case.case_id),
        owner=owner_of(file.case),
        today=client_case.today_of(case, wired.clock.now()),
    )
    query = app.current_event.query_string_parameters or {}
    model = {
        **common(),
        **told,
        "csrf": token(case.client_id),
        "notice": "" if problem else query.get("notice", ""),
        "problem": problem or {},
        "given": dict(given or {}),
    }
    return page(status, render_page("client_case", language(), model))


@app.get("/client/cases/<case_id>/withdrawal")
def confirm_withdrawal(case_id: str) -> Response[str]:
    """Nothing ends by one click: the page says what will, and asks."""
    case = own_case(case_id)
    if not case.is_open:
        raise RuleRefused("the case is closed already; there is nothing to withdraw")
    told = {"reference": case.client_reference, "debtor_name": case.debtor.name}
    return shown("client_withdraw", {**told, "case_id": case.case_id}, case.client_id)


@app.post("/client/cases/<case_id>/<form>")
def act(case_id: str, form: str) -> Response[str]:
    """Done: back to the page by a redirect; a reload does nothing. Refused: the page, with why."""
    client_id = signed_in()
    fields = checked_form(client_id)
    case = own_case(case_id)
    wired = parts()[1]
    today = client_case.today_of(case, wired.clock.now())
    acting = client_forms.Acting(client_id, today, wired.cases, wired.clients, wired.clock, sender)
    try:
        notice = client_forms.act(form, case, fields, acting)
    except NotFound:
        raise
    except SovintoError as refusal:
        return case_page(case, client_forms.problem_of(form, refusal), fields, status_of(refusal))
    return redirect(f"/client/cases/{case.case_id}?notice={notice}&lang={language()}")


def sender() -> Sender:
    """Who confirms a plan to the debtor, and by which link and code."""
    settings, _, agency, secret = parts()
    return Sender(agency, secret, settings.page_url)


@app.post("/client/uploads")
def upload() -> Response[str]:
    """Small files straight through; large ones go by the pre-signed link of the API."""
    settings, wired, _, _ = parts()
    client_id = signed_in()
    event = app.current_event
    body = client_pages.body_bytes(event.body, is_base64=bool(event.is_base64_encoded))
    form = client_pages.read_multipart(event.headers.get("content-type", ""), body)
    check(form.fields, client_id)
    try:
        stored = put_upload(
            client_id,
            form.file_name,
            form.data,
            files=wired.files(settings.upload_bucket),
            cases=wired.cases,
            clock=wired.clock,
            ids=wired.ids,
        )
    except SovintoError as refusal:
        return home_page(client_id, refusal.message)
    return redirect(f"/client/uploads/{stored.upload_id}")


@app.get("/client/uploads/<upload_id>")
def upload_report(upload_id: str) -> Response[str]:
    settings, wired, _, _ = parts()
    found = wired.clients.upload(signed_in(), upload_id)
    report = None
    if found.report_key:
        report = json.loads(wired.files(settings.upload_bucket).read(found.report_key))
    return read_only("client_upload_report", client_pages.report_model(found, report))


def checked_form(bound_to: str) -> dict[str, str]:
    fields = portal.read_form(app.current_event.decoded_body)
    check(fields, bound_to)
    return fields


def shown(name: str, model: Mapping[str, object], bound_to: str, status: int = 200) -> Response[str]:
    return page(status, render_page(name, language(), {**common(), **model, "csrf": token(bound_to)}))


def read_only(name: str, model: dict[str, Any]) -> Response[str]:
    return page(200, render_page(name, language(), {**common(), **model}))


def payout_door() -> payout_routes.Door:
    settings, wired, agency, secret = parts()
    means = client_payout.Means(agency, wired.cases, wired.clients, wired.clock)
    return payout_routes.Door(means, wired.users(settings.user_pool_client_id), secret, now(), language())


def statement_door() -> statement_page.Door:
    settings, wired, agency, _ = parts()
    shelf = Shelf.of(agency, wired.book, wired.cases, wired.clients)
    return statement_page.Door(shelf, wired.clock, lambda: wired.files(settings.document_bucket))


payout_routes.add_to(app, payout_door, signed_in, checked_form, shown)
statement_page.add_to(app, statement_door, signed_in, read_only)


@app.exception_handler(SovintoError)  # type: ignore[untyped-decorator]
def refuse(error: SovintoError) -> Response[str]:
    logger.info("refused", extra={"code": error.code})
    if error.field == "session":
        return redirect("/client")
    model = {**common(), "code": error.code, "message": error.message, "back": "/client/home"}
    return page(status_of(error), render_page("problem", language(), model))


def handle(event: dict[str, Any], context: Any) -> Any:
    return answer(app, event, context, logger)

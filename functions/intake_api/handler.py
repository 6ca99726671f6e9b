"""Clients hand over cases, follow them, and fetch their documents."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from sovinto.bootstrap import Parts, read_agency, read_collectors
from sovinto.countries import load_calendar, load_pack
from sovinto.domain.case import Case, Closure
from sovinto.domain.hold import HoldReason
from sovinto.domain.ledger import balance_of
from sovinto.domain.money import Money
from sovinto.entry import client_actions, client_payout, intake, paper_routes
from sovinto.entry.bodies import Strict, read_body
from sovinto.entry.case_story import hold_json, offer_json
from sovinto.entry.http import answer, problem, reply
from sovinto.entry.observe import logger_of
from sovinto.entry.settings import IntakeApiSettings
from sovinto.entry.statement import Shelf
from sovinto.errors import InvalidInput, NotAllowed, NotFound, SovintoError
from sovinto.ids import CaseId, ClientId
from sovinto.usecases.adjust_debt import credit_note, direct_payment
from sovinto.usecases.answer_approval import answer_approval
from sovinto.usecases.ask_upload import ask_upload
from sovinto.usecases.debtor_page import settle_dispute
from sovinto.usecases.hold_case import place_hold, release_hold
from sovinto.usecases.place_case import Request, place_case
from sovinto.usecases.record_financials import record_financials
from sovinto.usecases.replan import propose_plan
from sovinto.usecases.step_context import Sender
from sovinto.usecases.stop_case import stop_case

logger = logger_of("intake_api")
app = APIGatewayHttpResolver()
M = TypeVar("M", bound=Strict)
PAGE_SIZE = 100


@lru_cache(maxsize=1)
def parts() -> tuple[IntakeApiSettings, Parts]:
    settings = IntakeApiSettings.from_env()
    return settings, Parts(settings)


def staff() -> intake.Staff:
    settings = parts()[0]
    return intake.Staff(read_collectors(settings.collectors), read_agency(settings.agency).contact.name)


def client_id() -> ClientId:
    """From the proven token, never from the request. Raises NotAllowed."""
    claims = app.current_event.request_context.authorizer.jwt_claim or {}
    found = claims.get("custom:client_id")
    if not found:
        raise NotAllowed("this token names no client; send the ID token of the sign-in")
    return ClientId(str(found))


def body_of(kind: type[M]) -> M:
    """Raises InvalidInput that names the first field that is wrong."""
    return read_body(kind, app.current_event.decoded_body)


def own_case(case_id: str) -> Case:
    """Raises NotFound for a case that is not there, or not this client's."""
    case = parts()[1].cases.load(CaseId(case_id))
    if case.client_id != client_id():
        raise NotFound(f"there is no case {case_id}")
    return case


def acting() -> dict[str, Any]:
    """The client as the one who does it, to its own cases only, and the books it is written in."""
    return {"by": client_id(), "client_id": client_id(), **books()}


def books() -> dict[str, Any]:
    """What every action writes in, and its time."""
    return {"cases": parts()[1].cases, "clock": parts()[1].clock}


def sender() -> Sender:
    """Who confirms a plan to the debtor, and by which link and code."""
    settings, wired = parts()
    secret = wired.secrets.read(settings.code_secret_arn)
    return Sender(read_agency(settings.agency), secret, settings.page_url)


def shown(case: Case) -> Response[str]:
    """The case with its balance, as it is now."""
    balance = balance_of(case.case_id, case.currency, parts()[1].cases.entries(case.case_id))
    return reply(200, intake.case_json(case, staff(), balance))


@app.post("/v1/payout-account")
def new_payout_account() -> Response[str]:
    """Only within minutes of a sign-in with the password: a refreshed token keeps its first moment."""
    settings, wired = parts()
    claims = app.current_event.request_context.authorizer.jwt_claim or {}
    change = client_payout.propose_by_token(
        client_id(),
        body_of(client_actions.PayoutAccount),
        claims,
        now=wired.system_clock.now(),
        means=client_payout.Means(read_agency(settings.agency), wired.cases, wired.clients, wired.clock),
    )
    return reply(202, intake.payout_change_json(change))


@app.post("/v1/uploads")
def new_upload() -> Response[str]:
    settings, wired = parts()
    wish = body_of(intake.UploadRequest)
    link = ask_upload(
        client_id(),
        wish.file_name,
        wish.size,
        files=wired.files(settings.upload_bucket),
        **books(),
        ids=wired.ids,
    )
    return reply(201, intake.link_json(link))


@app.get("/v1/uploads/<upload_id>")
def upload_report(upload_id: str) -> Response[str]:
    settings, wired = parts()
    upload = wired.clients.upload(client_id(), upload_id)
    report = None
    if upload.report_key:
        report = json.loads(wired.files(settings.upload_bucket).read(upload.report_key))
    return reply(200, intake.upload_json(upload, report))


@app.post("/v1/cases")
def new_case() -> Response[str]:
    _, wired = parts()
    key = app.current_event.headers.get("idempotency-key", "")
    if not 0 < len(key) <= 100:
        raise InvalidInput(
            "Idempotency-Key must be a header of 1 to 100 characters", field="Idempotency-Key"
        )
    body = app.current_event.decoded_body
    placement = body_of(intake.CaseBody).placement()
    client = wired.clients.load(client_id())
    receipt = place_case(
        placement,
        Request(key, intake.digest_of(body)),
        client=client,
        pack=load_pack(client.country),
        calendar=load_calendar(client.country),
        collectors=staff().collectors,
        **books(),
        ids=wired.ids,
    )
    told = {"case_id": receipt.case_id, "payment_reference": receipt.payment_reference}
    return reply(200 if receipt.is_replay else 201, told)


@app.get("/v1/cases")
def list_cases() -> Response[str]:
    _, wired = parts()
    after = app.current_event.query_string_parameters.get("after", "")
    found = [case for case in wired.cases.of_client(client_id()) if case.case_id > after]
    page = sorted(found, key=lambda case: case.case_id)[:PAGE_SIZE]
    following = page[-1].case_id if len(found) > PAGE_SIZE else None
    rows = [intake.case_json(case, staff()) for case in page]
    return reply(200, {"cases": rows, "after": following})


@app.get("/v1/cases/<case_id>")
def show_case(case_id: str) -> Response[str]:
    return shown(own_case(case_id))


@app.post("/v1/cases/<case_id>/dispute")
def answer_dispute(case_id: str) -> Response[str]:
    answer = body_of(intake.DisputeAnswer)
    case = settle_dispute(
        CaseId(case_id),
        client_id(),
        answer.outcome,
        reason=answer.reason,
        **books(),
    )
    return reply(200, intake.case_json(case, staff()))


@app.post("/v1/cases/<case_id>/holds")
def ask_hold(case_id: str) -> Response[str]:
    """Asked again with the same days, it is the same hold."""
    wish = body_of(client_actions.HoldWish).model_dump()
    hold = place_hold(CaseId(case_id), HoldReason.CLIENT_REQUEST, **wish, **acting())
    return reply(201, hold_json(hold))


@app.delete("/v1/cases/<case_id>/holds/<hold_id>")
def end_hold(case_id: str, hold_id: str) -> Response[str]:
    return reply(200, hold_json(release_hold(CaseId(case_id), hold_id, **acting())))


@app.post("/v1/cases/<case_id>/withdrawal")
def withdraw(case_id: str) -> Response[str]:
    body_of(client_actions.Nothing)
    return shown(stop_case(CaseId(case_id), Closure.WITHDRAWN, **acting()))


@app.post("/v1/cases/<case_id>/credit-notes")
def lower_claim(case_id: str) -> Response[str]:
    return adjusted(case_id, credit_note, body_of(client_actions.CreditNote))


@app.post("/v1/cases/<case_id>/direct-payments")
def report_payment(case_id: str) -> Response[str]:
    return adjusted(case_id, direct_payment, body_of(client_actions.DirectPayment))


Told = client_actions.CreditNote | client_actions.DirectPayment


def adjusted(case_id: str, use_case: Callable[..., Case], told: Told) -> Response[str]:
    case = own_case(case_id)
    amount = Money(told.amount_minor, case.currency)
    given = told.model_dump(exclude={"amount_minor"})
    return shown(use_case(case.case_id, client_id=case.client_id, amount=amount, **given, **books()))


@app.post("/v1/cases/<case_id>/approvals/<approval_id>")
def answer_question(case_id: str, approval_id: str) -> Response[str]:
    """Once: a second answer is refused, whatever it says."""
    _, wired = parts()
    answer, case = body_of(client_actions.ApprovalAnswer), own_case(case_id)
    answered = answer_approval(
        case.case_id,
        approval_id,
        approve=answer.is_yes,
        by=case.client_id,
        **books(),
        client_id=case.client_id,
        clients=wired.clients,
        sender=sender(),
    )
    return shown(answered)


@app.put("/v1/cases/<case_id>/financials")
def put_financials(case_id: str) -> Response[str]:
    figures = body_of(client_actions.FinancialFigures).financials()
    return shown(record_financials(CaseId(case_id), figures, **acting()))


@app.post("/v1/cases/<case_id>/plan-proposals")
def offer_plan(case_id: str) -> Response[str]:
    """An offer of the client: it becomes the plan when the debtor takes it up on the page."""
    _, wired = parts()
    wish, case = body_of(client_actions.PlanProposal), own_case(case_id)
    offered = propose_plan(
        case.case_id,
        wish.instalments,
        wish.first_on,
        by=case.client_id,
        cases=wired.cases,
        clients=wired.clients,
        sender=sender(),
        clock=wired.clock,
    )
    return reply(201, offer_json(offered))


def papers() -> paper_routes.Papers:
    settings, wired = parts()
    shelf = Shelf.of(read_agency(settings.agency), wired.book, wired.cases, wired.clients)
    return paper_routes.Papers(shelf, lambda: wired.files(settings.document_bucket))


paper_routes.add_to(app, papers, client_id)


@app.exception_handler(SovintoError)  # type: ignore[untyped-decorator]
def refuse(error: SovintoError) -> Response[str]:
    logger.info("refused", extra={"code": error.code})
    return problem(error)


def handle(event: dict[str, Any], context: Any) -> Any:
    return answer(app, event, context, logger)

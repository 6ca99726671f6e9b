"""Clients hand over cases, follow them, and fetch their documents."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from sovinto.bootstrap import Parts, read_agency, read_collectors
from sovinto.countries import load_calendar, load_pack
from sovinto.domain.ledger import balance_of
from sovinto.entry import intake
from sovinto.entry.http import answer, problem, redirect, reply
from sovinto.entry.observe import logger_of
from sovinto.entry.settings import IntakeApiSettings
from sovinto.errors import InvalidInput, NotAllowed, NotFound, SovintoError
from sovinto.ids import CaseId, ClientId
from sovinto.usecases.ask_upload import ask_upload
from sovinto.usecases.debtor_page import settle_dispute
from sovinto.usecases.place_case import Request, place_case

logger = logger_of("intake_api")
app = APIGatewayHttpResolver()
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


@app.post("/v1/uploads")
def new_upload() -> Response[str]:
    settings, wired = parts()
    wish = intake.read_body(intake.UploadRequest, app.current_event.decoded_body)
    link = ask_upload(
        client_id(),
        wish.file_name,
        wish.size,
        files=wired.files(settings.upload_bucket),
        cases=wired.cases,
        clock=wired.clock,
        ids=wired.ids,
    )
    answer = {
        "upload_id": link.upload.upload_id,
        "url": link.url,
        "method": "PUT",
        "headers": {"Content-Type": link.content_type},
        "expires_in_seconds": link.seconds,
        "report": f"/v1/uploads/{link.upload.upload_id}",
    }
    return reply(201, answer)


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
    placement = intake.read_body(intake.CaseBody, body).placement()
    client = wired.clients.load(client_id())
    receipt = place_case(
        placement,
        Request(key, intake.digest_of(body)),
        client=client,
        pack=load_pack(client.country),
        calendar=load_calendar(client.country),
        collectors=staff().collectors,
        cases=wired.cases,
        clock=wired.clock,
        ids=wired.ids,
    )
    answer = {"case_id": receipt.case_id, "payment_reference": receipt.payment_reference}
    return reply(200 if receipt.is_replay else 201, answer)


@app.get("/v1/cases")
def list_cases() -> Response[str]:
    _, wired = parts()
    after = app.current_event.query_string_parameters.get("after", "")
    found = [case for case in wired.cases.of_client(client_id()) if case.case_id > after]
    page = sorted(found, key=lambda case: case.case_id)[:PAGE_SIZE]
    following = page[-1].case_id if len(found) > PAGE_SIZE else None
    known = staff()
    return reply(200, {"cases": [intake.case_json(case, known) for case in page], "after": following})


@app.get("/v1/cases/<case_id>")
def show_case(case_id: str) -> Response[str]:
    _, wired = parts()
    case = wired.cases.load(CaseId(case_id))
    if case.client_id != client_id():
        raise NotFound(f"there is no case {case_id}")
    balance = balance_of(case.case_id, case.currency, wired.cases.entries(case.case_id))
    return reply(200, intake.case_json(case, staff(), balance))


@app.post("/v1/cases/<case_id>/dispute")
def answer_dispute(case_id: str) -> Response[str]:
    _, wired = parts()
    answer = intake.read_body(intake.DisputeAnswer, app.current_event.decoded_body)
    case = settle_dispute(
        CaseId(case_id), client_id(), answer.outcome, cases=wired.cases, clock=wired.clock
    )
    return reply(200, intake.case_json(case, staff()))


@app.get("/v1/documents")
def list_documents() -> Response[str]:
    _, wired = parts()
    found = wired.clients.documents(client_id())
    return reply(200, {"documents": [intake.document_json(document) for document in found]})


@app.get("/v1/documents/<document_id>")
def fetch_document(document_id: str) -> Response[str]:
    """303 to a link that is good for a minute."""
    settings, wired = parts()
    for document in wired.clients.documents(client_id()):
        if document.document_id == document_id:
            files = wired.files(settings.document_bucket)
            name = f"{document.kind}-{document.made_on.isoformat()}.pdf"
            return redirect(files.download_link(document.file_key, file_name=name, seconds=60))
    raise NotFound(f"there is no document {document_id}")


@app.exception_handler(SovintoError)  # type: ignore[untyped-decorator]
def refuse(error: SovintoError) -> Response[str]:
    logger.info("refused", extra={"code": error.code})
    return problem(error)


def handle(event: dict[str, Any], context: Any) -> Any:
    return answer(app, event, context, logger)

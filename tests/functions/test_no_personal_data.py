"""A canary: marked personal data goes through every function, and none of it comes out in a log,
a metric or an event."""

from __future__ import annotations

import io
import json
import logging
from datetime import timedelta
from typing import Any

import pytest
from sovinto.entry import session

from tests.functions.acts import BODY, Debtor, placed, post_case
from tests.functions.resources import SECRET
from tests.functions.stage import FUNCTIONS, Stage, http, module, service_answers
from tests.support.aws import client
from tests.support.failing import Broken, Refusing
from tests.support.people import CLIENT, START
from tests.support.statements import camt053, line

MARK = "kanarie"
DEBTOR = {
    "name": f"Tiina {MARK}",
    "type": "consumer",
    "language": "fi",
    "address": {"street": f"{MARK}katu 3", "postal_code": "00987", "city": f"{MARK}la", "country": "FI"},
    "email": f"{MARK}@posti.example",
    "phone": "+358409876543",
}
SIGNS = (MARK, "409876543", "00987", "8765400011")
CLAIM = {"invoice_number": "I-1", "due_on": "2025-11-01", "principal": "300.00", "text": f"{MARK} visit"}


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Any:
    """Everything that any function writes: its logger, other loggers, what it prints."""
    buffer = io.StringIO()
    other = logging.StreamHandler(buffer)
    logging.getLogger().addHandler(other)
    loggers = [module(f).logger for f in FUNCTIONS]
    streams = [(handler, handler.stream) for logger in loggers for handler in logger.handlers]
    for handler, _ in streams:
        handler.setStream(buffer)
    yield lambda: buffer.getvalue() + "".join(capsys.readouterr())
    for handler, stream in streams:
        handler.setStream(stream)
    logging.getLogger().removeHandler(other)


def page_of_debtor(stage: Stage, case: Any) -> None:
    debtor = Debtor(stage, case)
    debtor.enter("WRONGCODE2")
    debtor.enter()
    debtor.get("/debt")
    debtor.submit("/pay", amount=f"{MARK}")
    debtor.submit("/plan", instalments=f"{MARK}")
    debtor.submit("/dispute", kind=MARK, text=f"{MARK} says no")
    debtor.submit("/dispute", kind="not_mine", text=f"{MARK} never ordered this")
    debtor.get(f"/letters/{MARK}")
    debtor.get("/debt")


def pages_of_client(stage: Stage) -> None:
    cookie = "sovinto_client=" + session.sign(SECRET, CLIENT.client_id, now=4_000_000_000)
    stage.call("client_portal", http("GET", "/client/home", cookies=[cookie]))
    token = session.form_token(SECRET, "pre_1", now=4_000_000_000)
    form = {"csrf": token, "username": MARK, "password": f"{MARK}1"}
    visit = http("POST", "/client", form=form, cookies=["sovinto_visitor=pre_1"])
    with service_answers("cognito-idp", Refusing("NotAuthorizedException")):
        stage.call("client_portal", visit)
    with service_answers("cognito-idp", Broken()):
        stage.call("client_portal", visit)


def bad_requests(stage: Stage) -> None:
    for change in ({"currency": MARK}, {"claims": [{MARK: 1}]}, {"client_reference": f"{MARK}\n"}):
        post_case(stage, BODY | {"debtor": DEBTOR} | change, key="bad")
    headers = {"Sandbox-Signature": MARK}
    stage.call("payment_hook", http("POST", "/v1/webhooks/sandbox", raw=MARK.encode(), headers=headers))
    text = f"reference;debtor_type;name;due_date;principal\nR1;consumer;{MARK};{MARK};{MARK}\n"
    for name, body in (("a", text), ("b", MARK)):
        link = http(
            "POST",
            "/v1/uploads",
            json_body={"file_name": f"{MARK}{name}.csv", "size": 10},
            client_id=CLIENT.client_id,
        )
        upload_id = json.loads(stage.call("intake_api", link)["body"])["upload_id"]
        key = f"inbox/{CLIENT.client_id}/{upload_id}.csv"
        client("s3").put_object(Bucket="uploads", Key=key, Body=body.encode())
        stage.queued("import_cases", {"object": {"key": key}})


def bank(stage: Stage, reference: str) -> None:
    named = line(4_000, reference=reference, payer=f"Tiina {MARK}").replace(
        "<BkTxCd/>", f"<BkTxCd/><AddtlNtryInf>{MARK} pays</AddtlNtryInf>"
    )
    for name, data in (("a", camt053(named, change=4_000)), ("b", MARK.encode())):
        client("s3").put_object(Bucket="bank", Key=f"inbox/{name}.xml", Body=data)
    stage.call("import_statement", {})
    stage.call("pay_clients", {})


def deliver(stage: Stage) -> list[dict[str, Any]]:
    """Relay, and send every message that is planned."""
    events = stage.relay()
    for event in events:
        if event["detail-type"] == "communication.planned.v1":
            stage.queued("send_message", event["detail"])
    return events


def test_no_personal_data_in_logs_metrics_or_events(stage: Stage, said: Any) -> None:
    one = placed(stage, client_reference="ONE", debtor=DEBTOR, claims=[CLAIM])
    two = placed(stage, client_reference="TWO", debtor=DEBTOR, claims=[CLAIM])
    events: list[dict[str, Any]] = []
    stage.call("tick", {})
    for days in (0, 8, 16, 40):
        stage.move_clock(START + timedelta(days=days, hours=2))
        stage.drive(one.case_id)
        stage.drive(two.case_id)
        events += deliver(stage)
    page_of_debtor(stage, two)
    pages_of_client(stage)
    bad_requests(stage)
    bank(stage, one.payment_reference)
    with service_answers("ses", Refusing("MessageRejected")):
        events += deliver(stage)
    stage.queued("wake_case", {"subject": {"id": one.case_id}})
    events += stage.relay()
    text = said()
    assert "case step" in text, "the canary hears the logs"
    assert {event["detail-type"] for event in events} >= {"dispute.opened.v1", "payment.allocated.v1"}
    for sign in SIGNS:
        assert sign not in text.lower(), around(text.lower(), sign)
        assert sign not in json.dumps(events, ensure_ascii=False).lower()


def around(text: str, sign: str) -> str:
    place = text.index(sign)
    return text[max(0, place - 300) : place + 100]

"""A case's own page: what it shows, what its forms do, and how they refuse."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sovinto.adapters.dynamo.cases import TableCases
from sovinto.domain.agreement import Approval, ApprovalKind
from sovinto.domain.case import Case
from sovinto.entry import session
from sovinto.ports import Change

from tests.functions.acts import Debtor, hidden, load, placed
from tests.functions.resources import SECRET
from tests.functions.stage import Stage, http
from tests.support.people import CLIENT, START

COOKIE = "sovinto_client=" + session.sign(SECRET, CLIENT.client_id, now=4_000_000_000)
OTHER = "sovinto_client=" + session.sign(SECRET, "cli_other", now=4_000_000_000)
PAID = {"amount": "25,00", "on": "2026-01-05", "reference": "DP-1"}
NOTE = {"invoice_number": "I-1", "amount": "40.00", "on": "5.1.2026", "reference": "CN-1"}


def get(stage: Stage, path: str, cookie: str = COOKIE) -> Any:
    return stage.call("client_portal", http("GET", path, cookies=[cookie]))


def shown(stage: Stage, case: Case) -> str:
    answer = get(stage, f"/client/cases/{case.case_id}?lang=en")
    assert answer["statusCode"] == 200
    return str(answer["body"])


def submit(stage: Stage, case: Case, form: str, **fields: str) -> Any:
    path = f"/client/cases/{case.case_id}/{form}?lang=en"
    filled = {"csrf": hidden(shown(stage, case))} | fields
    return stage.call("client_portal", http("POST", path, form=filled, cookies=[COOKIE]))


def done(stage: Stage, case: Case, form: str, **fields: str) -> str:
    """The page that the redirect leads to."""
    answer = submit(stage, case, form, **fields)
    assert answer["statusCode"] == 303, answer["body"]
    page = get(stage, answer["headers"]["Location"])["body"]
    assert 'role="status"' in page
    return str(page)


def asked(stage: Stage, case: Case, expires_on: date = date(2026, 2, 1)) -> None:
    question = Approval("apr_1", ApprovalKind.TRATTA, "tratta", START, expires_on)
    newer = replace(case, approvals=(question,), version=case.version + 1)
    TableCases(stage.table).commit(Change(case=newer))


def disputed(stage: Stage) -> Case:
    case = placed(stage)
    debtor = Debtor(stage, case)
    debtor.enter()
    debtor.submit("/dispute", kind="wrong_amount", text="I paid <half> of it.")
    return load(stage, case.case_id)


def test_the_page_tells_where_the_case_stands(stage: Stage) -> None:
    case = placed(stage)
    page = shown(stage, case)
    for words in ("Tiina Testinen", "A-1", case.number, "What is owed", "Interest", "What has happened"):
        assert words in page
    assert "The case was placed" in page
    assert f"/client/cases/{case.case_id}?lang=" in get(stage, "/client/home")["body"]


@pytest.mark.parametrize("path", ["", "/withdrawal"])
def test_the_case_of_another_client_is_not_there(stage: Stage, path: str) -> None:
    case = placed(stage)
    assert get(stage, f"/client/cases/{case.case_id}{path}", OTHER)["statusCode"] == 404
    assert get(stage, f"/client/cases/case_none{path}")["statusCode"] == 404


def test_another_client_or_another_site_changes_nothing(stage: Stage) -> None:
    case = placed(stage)
    path = f"/client/cases/{case.case_id}/withdrawal"
    token = session.form_token(SECRET, "cli_other", now=4_000_000_000)
    foreign = http("POST", path, form={"csrf": token}, cookies=[OTHER])
    assert stage.call("client_portal", foreign)["statusCode"] == 404
    assert stage.call("client_portal", http("POST", path, form={}, cookies=[COOKIE]))["statusCode"] == 403
    form = {"csrf": hidden(shown(stage, case))}
    headers = {"sec-fetch-site": "cross-site"}
    sent = http("POST", path, form=form, headers=headers, cookies=[COOKIE])
    assert stage.call("client_portal", sent)["statusCode"] == 403
    assert load(stage, case.case_id).is_open


def test_without_a_session_the_form_leads_to_the_door(stage: Stage) -> None:
    case = placed(stage)
    answer = stage.call("client_portal", http("POST", f"/client/cases/{case.case_id}/hold", form={}))
    assert (answer["statusCode"], answer["headers"]["Location"]) == (303, "/client")


@pytest.mark.parametrize(("outcome", "state"), [("rejected", "open"), ("upheld", "dispute_upheld")])
def test_a_dispute_is_read_and_answered(stage: Stage, outcome: str, state: str) -> None:
    case = disputed(stage)
    home = get(stage, "/client/home?lang=en")["body"]
    assert "Waiting for your answer" in home and "Dispute" in home
    page = shown(stage, case)
    assert "I paid &lt;half&gt; of it." in page and "Please answer by" in page
    done(stage, case, "dispute", outcome=outcome, reason="It was\nagreed.")
    newer = load(stage, case.case_id)
    assert newer.state == state
    assert newer.dispute is not None and newer.dispute.reason == "It was agreed."
    assert newer.client_messages == ()
    assert "Waiting for your answer" not in get(stage, "/client/home?lang=en")["body"]


def test_a_dispute_needs_an_answer(stage: Stage) -> None:
    case = disputed(stage)
    answer = submit(stage, case, "dispute", reason="no")
    assert answer["statusCode"] == 422
    assert "dispute-outcome-problem" in answer["body"] and ">no</textarea>" in answer["body"]


@pytest.mark.parametrize(("said", "stored"), [("approve", "approved"), ("decline", "declined")])
def test_a_question_is_answered_once(stage: Stage, said: str, stored: str) -> None:
    case = placed(stage)
    asked(stage, case)
    assert "Approval: notice of protest" in get(stage, "/client/home?lang=en")["body"]
    assert "May we announce a protest" in shown(stage, case)
    done(stage, case, "approval", approval_id="apr_1", outcome=said)
    (approval,) = load(stage, case.case_id).approvals
    assert approval.outcome == stored
    again = submit(stage, case, "approval", approval_id="apr_1", outcome=said)
    assert again["statusCode"] == 409 and "answered before" in again["body"]


def test_an_expired_question_says_so(stage: Stage) -> None:
    case = placed(stage)
    asked(stage, case, date(2026, 1, 4))
    assert "May we announce a protest" not in shown(stage, case)
    late = submit(stage, case, "approval", approval_id="apr_1", outcome="approve")
    assert late["statusCode"] == 409 and "time to answer is over" in late["body"]
    assert submit(stage, case, "approval", approval_id="apr_9", outcome="approve")["statusCode"] == 404
    assert submit(stage, case, "approval", approval_id="apr_1", outcome="maybe")["statusCode"] == 422


def test_a_hold_is_placed_and_ended(stage: Stage) -> None:
    case = placed(stage)
    page = done(stage, case, "hold", until="20.1.2026")
    assert load(stage, case.case_id).state == "held"
    hold_id = hidden(page, "hold_id")
    done(stage, case, "release", hold_id=hold_id)
    assert load(stage, case.case_id).state == "open"


def test_a_hold_of_ours_is_not_theirs_to_end(stage: Stage) -> None:
    case = placed(stage)
    held = {"action": "place_hold", "by": "col_1", "case_id": case.case_id, "reason": "illness"}
    hold_id = stage.call("desk", held)["hold"]["hold_id"]
    page = shown(stage, case)
    assert "Ask us when it can go on" in page and "/release" not in page
    assert submit(stage, case, "release", hold_id=hold_id)["statusCode"] == 403
    assert load(stage, case.case_id).state == "held"


def test_a_payment_and_a_credit_note_lower_the_debt_once(stage: Stage) -> None:
    case = placed(stage)
    for _ in range(2):
        assert "Payment to you" in done(stage, case, "payment", **PAID)
        done(stage, case, "credit", **NOTE)
    page = shown(stage, case)
    assert page.count("Credit note 40.00") + page.count("Credit note €40.00") == 1
    assert load(stage, case.case_id).principal.minor == 6_000


@pytest.mark.parametrize(
    ("form", "fields", "field", "status"),
    [
        ("payment", PAID | {"amount": "much"}, "amount", 422),
        ("payment", PAID | {"amount": "9999"}, "amount", 422),
        ("payment", PAID | {"on": "31.2.2026"}, "on", 422),
        ("payment", PAID | {"on": "2027-01-01"}, "on", 422),
        ("payment", PAID | {"reference": " "}, "reference", 422),
        ("credit", NOTE | {"invoice_number": "X"}, "invoice_number", 422),
        ("credit", NOTE | {"amount": "100.01"}, "amount", 422),
        ("hold", {"until": "2020-01-01"}, "until", 422),
        ("hold", {"from_on": "soon"}, "from_on", 422),
        ("message", {"text": " "}, "text", 422),
        ("message", {"text": "x" * 2001}, "text", 422),
    ],
)
def test_a_refusal_stands_beside_its_field(
    stage: Stage, form: str, fields: dict[str, str], field: str, status: int
) -> None:
    case = placed(stage)
    answer = submit(stage, case, form, **fields)
    assert answer["statusCode"] == status
    assert f'id="{form}-{field}-problem"' in answer["body"]
    assert load(stage, case.case_id).version == case.version


def test_one_number_is_not_used_for_two_payments(stage: Stage) -> None:
    case = placed(stage)
    done(stage, case, "payment", **PAID)
    answer = submit(stage, case, "payment", **PAID | {"amount": "1.00"})
    assert answer["statusCode"] == 409 and 'id="payment-reference-problem"' in answer["body"]


def test_a_withdrawal_is_confirmed_on_a_page_of_its_own(stage: Stage) -> None:
    case = placed(stage)
    page = get(stage, f"/client/cases/{case.case_id}/withdrawal?lang=en")
    assert page["statusCode"] == 200 and "Withdraw case A-1?" in page["body"]
    assert load(stage, case.case_id).is_open
    done(stage, case, "withdrawal")
    assert load(stage, case.case_id).state == "withdrawn"
    assert get(stage, f"/client/cases/{case.case_id}/withdrawal")["statusCode"] == 409
    again = submit(stage, case, "withdrawal")
    assert again["statusCode"] == 409 and 'role="alert"' in again["body"]


def test_the_desk_reads_what_the_client_wrote(stage: Stage) -> None:
    case = placed(stage)
    for _ in range(2):
        assert "Please be kind." in done(stage, case, "message", text=" Please be kind.\r\nThank you. ")
    told = stage.call("desk", {"action": "show_case", "by": "col_1", "case_id": case.case_id})
    (message,) = told["case"]["client_messages"]
    assert (message["text"], message["by"]) == ("Please be kind.\nThank you.", CLIENT.client_id)
    events = [event for event in stage.relay() if "message_received" in event["detail-type"]]
    assert len(events) == 1 and "kind" not in str(events[0]["detail"]["data"])


def test_a_case_takes_so_many_messages(stage: Stage) -> None:
    case = placed(stage)
    for number in range(20):
        submit(stage, case, "message", text=f"message {number}")
    answer = submit(stage, case, "message", text="one more")
    assert answer["statusCode"] == 409 and 'id="message-text-problem"' in answer["body"]


def test_an_unknown_form_is_not_there(stage: Stage) -> None:
    assert submit(stage, placed(stage), "steal")["statusCode"] == 404


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_language_has_the_page(stage: Stage, language: str) -> None:
    case = disputed(stage)
    for path in (f"/client/cases/{case.case_id}", "/client/home", "/client"):
        page = get(stage, f"{path}?lang={language}")
        assert page["statusCode"] == 200 and f'<html lang="{language}"' in page["body"]

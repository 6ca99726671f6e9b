"""The debtor's pages: nothing shows before the code, and every form is ours and small."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from sovinto.domain.case import Case
from sovinto.entry import session
from sovinto.usecases.debtor_page import MAX_TRIES

from tests.functions.acts import Debtor, hidden, load, placed
from tests.functions.resources import SECRET
from tests.functions.stage import Stage, http, stage_in_memory
from tests.support.served_sandbox import ServedSandbox, served_sandbox

SECURE = (
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "Strict-Transport-Security",
)


@pytest.fixture
def case(stage: Stage) -> Case:
    return placed(stage)


@pytest.fixture
def debtor(stage: Stage, case: Case) -> Debtor:
    return Debtor(stage, case)


def test_a_link_alone_reveals_nothing(debtor: Debtor) -> None:
    page = debtor.get()
    assert page["statusCode"] == 200
    for word in ("Tiina", "100,00", "100.00", "A-1", "Pohjolan", debtor.case.case_id):
        assert word not in page["body"]
    assert debtor.get("/debt")["statusCode"] == 403


def test_an_unknown_link_looks_the_same(stage: Stage, debtor: Debtor) -> None:
    answer = stage.call("portal", http("GET", "/d/lnk_nobody"))
    assert answer["statusCode"] == debtor.get()["statusCode"]


def test_every_page_is_locked_down(debtor: Debtor) -> None:
    debtor.enter()
    for page in (debtor.get(), debtor.get("/debt"), debtor.get("/letters/none")):
        assert all(name in page["headers"] for name in SECURE), page["headers"]
        policy = page["headers"]["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert page["headers"]["Cache-Control"] == "no-store"
        assert "<script" not in page["body"]


def test_the_right_code_opens_the_debt(debtor: Debtor) -> None:
    answer = debtor.enter()
    assert answer["statusCode"] == 303
    assert urlsplit(answer["headers"]["Location"]).path == f"{debtor.base}/debt"
    page = debtor.get("/debt?lang=en")
    assert page["statusCode"] == 200
    assert "Pohjolan Sähkö Oy" in page["body"]


def test_the_cookie_is_for_this_link_and_no_script(debtor: Debtor) -> None:
    (cookie,) = debtor.enter()["cookies"]
    flags = {part.strip() for part in cookie.split(";")[1:]}
    assert {"HttpOnly", "Secure", "SameSite=Lax", f"Path={debtor.base}"} <= flags
    assert "Tiina" not in cookie


def test_a_wrong_code_is_refused_and_then_locked(debtor: Debtor) -> None:
    for _ in range(MAX_TRIES):
        answer = debtor.enter("WRONGCODE2")
        assert (answer["statusCode"], answer.get("cookies", [])) == (403, [])
    assert debtor.enter()["statusCode"] == 429


def test_another_debtors_session_opens_nothing(stage: Stage, debtor: Debtor) -> None:
    other = Debtor(stage, placed(stage, client_reference="B"))
    other.enter()
    debtor.cookies = other.cookies
    assert debtor.get("/debt")["statusCode"] == 403


@pytest.mark.parametrize(
    "cookie",
    [
        "sovinto_debtor=case_1.9999999999.forged",
        "sovinto_debtor=",
        "sovinto_debtor=" + session.sign(SECRET, "case_none", now=4_000_000_000),
        "sovinto_debtor=" + session.sign(SECRET, "case_1", now=1_000),
    ],
    ids=["forged", "empty", "no such case", "over"],
)
def test_a_cookie_that_proves_nothing_opens_nothing(debtor: Debtor, cookie: str) -> None:
    debtor.cookies = [cookie]
    assert debtor.get("/debt")["statusCode"] == 403


@pytest.mark.parametrize("path", ["/pay", "/plan", "/dispute"])
def test_a_form_of_another_site_is_refused(stage: Stage, debtor: Debtor, path: str) -> None:
    debtor.enter()
    answer = debtor.post(path, kind="not_mine", text="x", amount="1", instalments="2", csrf="forged")
    assert answer["statusCode"] == 403
    untouched = load(stage, debtor.case.case_id)
    assert (untouched.dispute, untouched.plan) == (None, None)


@pytest.mark.parametrize("path", ["/pay", "/plan", "/dispute", "/letters/x", "/paid?payment=p"])
def test_every_page_needs_the_code(debtor: Debtor, path: str) -> None:
    is_form = path in ("/pay", "/plan", "/dispute")
    answer = debtor.post(path, csrf="x") if is_form else debtor.get(path)
    assert answer["statusCode"] == 403


def test_an_objection_is_taken_and_stops_the_case(stage: Stage, debtor: Debtor) -> None:
    debtor.enter()
    answer = debtor.submit("/dispute", kind="not_mine", text="<b>never</b>")
    assert answer["statusCode"] == 200
    assert "<b>never" not in answer["body"]
    assert not load(stage, debtor.case.case_id).may_be_contacted
    assert stage.drive(debtor.case.case_id) == "dispute_open"


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/dispute", {"kind": "because", "text": "x"}),
        ("/dispute", {"kind": "not_mine", "text": "x" * 2_001}),
        ("/plan", {"instalments": "1"}),
        ("/plan", {"instalments": "many"}),
        ("/pay", {"amount": "all of it"}),
        ("/pay", {"amount": "0"}),
        ("/pay", {"amount": "99999"}),
    ],
)
def test_a_mistake_in_a_form_shows_the_page_again(debtor: Debtor, path: str, form: dict[str, str]) -> None:
    debtor.enter()
    answer = debtor.submit(path, **form)
    assert answer["statusCode"] == 422
    assert answer["headers"]["Content-Type"].startswith("text/html")


def test_a_form_that_is_far_too_long_is_refused(debtor: Debtor) -> None:
    debtor.enter()
    answer = debtor.submit("/dispute", kind="not_mine", text="x" * 20_000)
    assert answer["statusCode"] == 422


def test_a_plan_is_agreed_and_shown(stage: Stage) -> None:
    debtor = Debtor(stage, placed(stage, claims=[CLAIM_OF_300]))
    debtor.enter()
    answer = debtor.submit("/plan", instalments="3")
    assert answer["statusCode"] == 200
    plan = load(stage, debtor.case.case_id).plan
    assert plan is not None
    assert len(plan.instalments) == 3
    assert debtor.get("/debt")["statusCode"] == 200


CLAIM_OF_300 = {"invoice_number": "I-1", "due_on": "2025-11-01", "principal": "300.00"}


def test_a_letter_is_fetched_by_its_debtor_only(stage: Stage, debtor: Debtor) -> None:
    stage.drive(debtor.case.case_id)
    for event in stage.relay():
        if event["detail-type"] == "communication.planned.v1":
            assert stage.queued("send_message", event["detail"]) == []
    letter = next(item for item in stage.messages(debtor.case.case_id) if item.template == "reminder")
    receipt = next(item for item in stage.messages(debtor.case.case_id) if item.audience == "client")
    debtor.enter()
    answer = debtor.get(f"/letters/{letter.communication_id}")
    assert answer["statusCode"] == 303
    assert letter.document_key in answer["headers"]["Location"]
    assert debtor.get(f"/letters/{receipt.communication_id}")["statusCode"] == 404


def test_stylesheets_come_from_a_closed_list(stage: Stage) -> None:
    found = stage.call("portal", http("GET", "/assets/sovinto.css"))
    assert (found["statusCode"], found["headers"]["Content-Type"]) == (200, "text/css; charset=utf-8")
    assert stage.call("portal", http("GET", "/assets/secret.txt"))["statusCode"] == 404


@pytest.mark.parametrize(
    ("accepts", "word"), [("sv-FI,sv", "sv"), ("de", "fi"), ("en-GB", "en"), ("", "fi")]
)
def test_the_page_speaks_the_browsers_language(debtor: Debtor, accepts: str, word: str) -> None:
    event = http("GET", debtor.base, headers={"Accept-Language": accepts})
    assert f'lang="{word}"' in debtor.stage.call("portal", event)["body"]


def test_a_closed_case_says_so(stage: Stage, debtor: Debtor) -> None:
    debtor.enter()
    debtor.submit("/dispute", kind="not_mine", text="x")
    path = f"/v1/cases/{debtor.case.case_id}/dispute"
    stage.call(
        "intake_api", http("POST", path, json_body={"outcome": "upheld"}, client_id=debtor.case.client_id)
    )
    page = debtor.get("/debt")
    assert page["statusCode"] == 200
    assert "<form" not in page["body"]


@pytest.fixture
def sandbox() -> Iterator[ServedSandbox]:
    with served_sandbox() as served:
        yield served


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_card_payment_from_the_page_to_the_books(
    monkeypatch: pytest.MonkeyPatch, sandbox: ServedSandbox
) -> None:
    with stage_in_memory(monkeypatch, gateway_url=sandbox.url) as stage:
        debtor = Debtor(stage, placed(stage))
        debtor.enter()
        answer = debtor.submit("/pay", amount="40,00")
        assert answer["statusCode"] == 303, answer["body"]
        checkout = answer["headers"]["Location"].rsplit("/", 1)[1]
        assert sandbox.submit(checkout, b"card=4242424242424242&action=pay") == 303
        (webhook,) = sandbox.settled()
        payment_id = parse_qs(urlsplit(success_url(sandbox, checkout)).query)["payment"][0]
        assert "processing" not in debtor.get(f"/paid?payment={payment_id}&state=cancelled")["body"]
        assert hear(stage, webhook.body, webhook.signature)["statusCode"] == 403, "signed at another time"
        assert debtor.get("/paid?payment=pay_other")["statusCode"] == 404


def success_url(sandbox: ServedSandbox, checkout: str) -> str:
    found = sandbox.sandbox.handle(
        "GET", f"/sandbox/v1/checkout/sessions/{checkout}", "", {"authorization": "Bearer sk_sandbox"}, b""
    )
    return str(json.loads(found.body)["success_url"])


def hear(stage: Stage, body: bytes, signature: str) -> dict[str, object]:
    event = http("POST", "/v1/webhooks/sandbox", raw=body, headers={"Sandbox-Signature": signature})
    answer: dict[str, object] = stage.call("payment_hook", event)
    return answer


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_no_other_site_posts_to_the_debtors_pages(stage: Stage, headers: dict[str, str]) -> None:
    debtor = Debtor(stage, placed(stage))
    debtor.enter()
    form = {"csrf": hidden(debtor.get("/debt")["body"]), "kind": "not_mine", "text": "no"}
    event = http("POST", f"{debtor.base}/dispute", form=form, headers=headers, cookies=debtor.cookies)
    assert stage.call("portal", event)["statusCode"] == 403
    event["headers"] = {"content-type": event["headers"]["content-type"]}
    assert stage.call("portal", event)["statusCode"] == 200

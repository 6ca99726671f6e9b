"""The client's pages: signed in or nowhere; a small file goes straight through."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from sovinto.entry import session

from tests.functions.acts import hidden, placed
from tests.functions.resources import SECRET
from tests.functions.stage import Stage, http, service_answers
from tests.support.failing import Refusing
from tests.support.people import CLIENT, START

COOKIE = "sovinto_client=" + session.sign(SECRET, CLIENT.client_id, now=4_000_000_000)
TEXT = (
    "reference;debtor_type;name;street;postal_code;city;due_date;principal\n"
    "R1;consumer;Aino Oja;Katu 1;00100;Helsinki;1.11.2025;100,00\n"
)


def get(stage: Stage, path: str, cookie: str = COOKIE) -> Any:
    return stage.call("client_portal", http("GET", path, cookies=[cookie] if cookie else []))


def upload(stage: Stage, token: str, name: str = "cases.csv", text: str = TEXT) -> Any:
    lines = [
        '--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n' + token,
        f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        f"Content-Type: text/csv\r\n\r\n{text}",
        "--x--\r\n",
    ]
    raw = "\r\n".join(lines).encode()
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    return stage.call(
        "client_portal", http("POST", "/client/uploads", raw=raw, headers=headers, cookies=[COOKIE])
    )


class Pool:
    """Cognito as far as signing in goes."""

    def __init__(self, challenge: dict[str, Any] | None = None) -> None:
        self.challenge = challenge

    def initiate_auth(self, **request: Any) -> dict[str, Any]:
        given = request["AuthParameters"]
        assert (given["USERNAME"], given["PASSWORD"]) == ("maija", "right")
        if self.challenge:
            return self.challenge
        claims = base64.urlsafe_b64encode(json.dumps({"custom:client_id": CLIENT.client_id}).encode())
        return {"AuthenticationResult": {"IdToken": f"h.{claims.decode().rstrip('=')}.s"}}


def ask(stage: Stage) -> tuple[str, str]:
    """The sign-in page: its form's token, and the cookie of the browser it was given to."""
    page = get(stage, "/client", cookie="")
    (cookie,) = page["cookies"]
    return hidden(page["body"]), cookie.split(";")[0]


def sign_in(stage: Stage, password: str, pool: object) -> Any:
    token, visitor = ask(stage)
    with service_answers("cognito-idp", pool):
        return post_sign_in(stage, token, [visitor], password)


def post_sign_in(
    stage: Stage, token: str, cookies: list[str], password: str = "right", **headers: str
) -> Any:
    form = {"csrf": token, "username": "maija", "password": password}
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return stage.call("client_portal", http("POST", "/client", form=form, cookies=cookies, headers=sent))


def test_signing_in_gives_a_session_that_opens_the_pages(stage: Stage) -> None:
    answer = sign_in(stage, "right", Pool())
    assert (answer["statusCode"], answer["headers"]["Location"]) == (303, "/client/home")
    (cookie,) = answer["cookies"]
    assert {"HttpOnly", "Secure", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
    assert get(stage, "/client/home", cookie.split(";")[0])["statusCode"] == 200


def test_a_wrong_password_says_nothing_more(stage: Stage) -> None:
    answers = [sign_in(stage, "wrong", Refusing(code)) for code in ("NotAuthorizedException",) * 2]
    answers.append(sign_in(stage, "wrong", Refusing("UserNotFoundException")))
    assert {answer["statusCode"] for answer in answers} == {403}
    bodies = {answer["body"].replace(hidden(answer["body"]), "token") for answer in answers}
    assert len(bodies) == 1
    given = [cookie for answer in answers for cookie in answer.get("cookies", [])]
    assert not [cookie for cookie in given if cookie.startswith("sovinto_client=")]


@pytest.mark.parametrize("has_cookie", [True, False])
def test_a_forged_sign_in_form_is_refused(stage: Stage, has_cookie: bool) -> None:
    visitor = [ask(stage)[1]] if has_cookie else []
    assert post_sign_in(stage, "forged", visitor)["statusCode"] == 403


def test_a_sign_in_form_works_in_the_browser_it_was_given_to_only(stage: Stage) -> None:
    """Else somebody could sign a victim in as himself, and read what the victim hands over."""
    (mine, _), (_, visitor) = ask(stage), ask(stage)
    with service_answers("cognito-idp", Pool()):
        assert post_sign_in(stage, mine, [visitor])["statusCode"] == 403
        assert post_sign_in(stage, mine, [])["statusCode"] == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"sec_fetch_site": "same-site"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "https://pay.sovinto.example"}, 303),
        ({"origin": "null"}, 303),
        ({"origin": "null", "sec_fetch_site": "same-origin"}, 303),
    ],
)
def test_a_form_that_another_site_posts_is_refused(
    stage: Stage, headers: dict[str, str], status: int
) -> None:
    token, visitor = ask(stage)
    with service_answers("cognito-idp", Pool()):
        answer = post_sign_in(stage, token, [visitor], **headers)
    assert answer["statusCode"] == status


@pytest.mark.parametrize(
    ("challenge", "words"),
    [("NEW_PASSWORD_REQUIRED", "new password must be set"), ("SOFTWARE_TOKEN_MFA", "second factor")],
)
def test_a_right_password_that_is_not_enough_says_why(stage: Stage, challenge: str, words: str) -> None:
    answer = sign_in(stage, "right", Pool({"ChallengeName": challenge}))
    assert answer["statusCode"] == 403
    assert words in answer["body"]


@pytest.mark.parametrize("path", ["/client/home", "/client/uploads/upl_1", "/client/documents/doc_1"])
@pytest.mark.parametrize(
    "cookie",
    ["", "sovinto_client=x.y.z", "sovinto_client=" + session.sign(SECRET, "case_1", now=4_000_000_000)],
    ids=["none", "forged", "a debtor's"],
)
def test_without_a_session_every_page_leads_to_the_sign_in(stage: Stage, path: str, cookie: str) -> None:
    answer = get(stage, path, cookie)
    assert (answer["statusCode"], answer["headers"]["Location"]) == (303, "/client")


def test_home_lists_the_clients_cases(stage: Stage) -> None:
    case = placed(stage)
    page = get(stage, "/client/home")
    assert page["statusCode"] == 200
    assert case.client_reference in page["body"]
    assert "default-src 'none'" in page["headers"]["Content-Security-Policy"]


def test_a_file_is_handed_over_read_and_reported(stage: Stage) -> None:
    token = hidden(get(stage, "/client/home")["body"])
    answer = upload(stage, token)
    assert answer["statusCode"] == 303, answer["body"]
    report = answer["headers"]["Location"]
    assert get(stage, report)["statusCode"] == 200
    upload_id = report.rsplit("/", 1)[1]
    key = f"inbox/{CLIENT.client_id}/{upload_id}.csv"
    assert stage.queued("import_cases", {"object": {"key": key}}) == []
    assert get(stage, report)["statusCode"] == 200
    assert "R1" in get(stage, "/client/home")["body"]


def test_a_file_of_the_wrong_kind_shows_the_page_again(stage: Stage) -> None:
    token = hidden(get(stage, "/client/home")["body"])
    assert upload(stage, token, name="cases.exe")["statusCode"] == 422


def test_an_upload_of_another_site_is_refused(stage: Stage) -> None:
    assert upload(stage, "forged")["statusCode"] == 403


def test_a_document_leads_to_a_link_for_a_minute(stage: Stage) -> None:
    placed(stage)
    stage.move_clock(START.replace(month=2))
    stage.call("pay_clients", {})
    page = get(stage, "/client/home")["body"]
    path = page.split('href="/client/documents/')[1].split('"')[0]
    answer = get(stage, f"/client/documents/{path}")
    assert answer["statusCode"] == 303
    assert "X-Amz-Expires=60" in answer["headers"]["Location"]
    assert get(stage, "/client/documents/none")["statusCode"] == 404

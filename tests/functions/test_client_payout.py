"""The page of the payout account: the password again, a change that waits, and a link that stops it."""

from __future__ import annotations

import quopri
import re
from typing import Any

import pytest
from sovinto.domain.payout_account import ChangeState

from tests.functions.acts import hidden
from tests.functions.stage import Stage, client, http, module, service_answers
from tests.functions.test_client_portal import COOKIE, Pool, get
from tests.support.people import CLIENT

PATH = "/client/payout-account"
NEW = "FI21 1234 5600 0007 85"


def post(stage: Stage, path: str, cookie: str = COOKIE, **form: str) -> Any:
    return stage.call("client_portal", http("POST", path, form=form, cookies=[cookie]))


def ask(stage: Stage, iban: str = NEW, password: str = "right", user: str = "maija") -> Any:
    token = hidden(get(stage, PATH)["body"])
    with service_answers("cognito-idp", Strict()):
        return post(stage, PATH, csrf=token, iban=iban, bic="", username=user, password=password)


class Strict(Pool):
    """Says no as Cognito does."""

    def initiate_auth(self, **request: Any) -> dict[str, Any]:
        if request["AuthParameters"]["PASSWORD"] != "right":
            answer = {"Error": {"Code": "NotAuthorizedException", "Message": "no"}}
            raise client("cognito-idp").exceptions.NotAuthorizedException(answer, "InitiateAuth")
        return super().initiate_auth(**request)


def changes(stage: Stage) -> Any:
    return module("client_portal").parts()[1].clients.payout_changes(CLIENT.client_id)


def test_a_change_waits_masked_and_can_be_stopped(stage: Stage) -> None:
    assert ask(stage)["statusCode"] == 303
    body = get(stage, PATH)["body"]
    assert "FI..0785" in body
    assert "FI2112345600000785" not in body and CLIENT.iban not in body
    answer = post(stage, f"{PATH}/stop", csrf=hidden(body), change_id=hidden(body, "change_id"))
    assert answer["statusCode"] == 303
    assert [c.state for c in changes(stage)] == [ChangeState.STOPPED]


@pytest.mark.parametrize(
    ("iban", "password", "said"),
    [(NEW, "wrong", "password is not right"), ("FI00 1234 5600 0007 85", "right", "check digits")],
)
def test_a_wrong_password_or_number_changes_nothing(
    stage: Stage, iban: str, password: str, said: str
) -> None:
    answer = ask(stage, iban, password)
    assert answer["statusCode"] == 422
    assert said in answer["body"] and f'value="{password}"' not in answer["body"]
    assert changes(stage) == ()


def test_without_a_session_or_with_a_foreign_form_nothing_is_asked(stage: Stage) -> None:
    assert get(stage, PATH, cookie="")["headers"]["Location"] == "/client"
    assert post(stage, PATH, csrf="1.x", iban=NEW, username="maija", password="right")["statusCode"] == 403
    assert changes(stage) == ()


def stop_path(stage: Stage) -> str:
    """As the notice to the old contact has it."""
    ask(stage)
    events = [e for e in stage.relay() if e["detail"]["type"] == "payout_account.asked"]
    assert stage.queued("send_message", *(event["detail"] for event in events)) == []
    from moto.core import DEFAULT_ACCOUNT_ID
    from moto.ses import ses_backends

    (mail,) = ses_backends[DEFAULT_ACCOUNT_ID]["eu-north-1"].sent_messages
    text = quopri.decodestring(str(getattr(mail, "raw_data", "") or mail.body)).decode()
    found = re.search(r"https://pay\.sovinto\.example(/client/stop/[^\s]+)", text)
    assert found is not None, text
    return found[1]


def test_the_link_of_the_notice_stops_it_once_by_a_press(stage: Stage) -> None:
    path = stop_path(stage)
    page = get(stage, path, cookie="")
    assert page["statusCode"] == 200
    assert [c.state for c in changes(stage)] == [ChangeState.COOLING], "opening it stops nothing"
    for _ in range(2):
        answer = post(stage, path, cookie="", csrf=hidden(page["body"]))
        assert "is stopped" in answer["body"] and "<form" not in answer["body"]
    assert [c.state for c in changes(stage)] == [ChangeState.STOPPED]


@pytest.mark.parametrize("link", ["x", "stop-cli_1-pac_1.9999999999.forged"])
def test_a_forged_link_stops_nothing(stage: Stage, link: str) -> None:
    ask(stage)
    assert get(stage, f"/client/stop/{link}", cookie="")["statusCode"] == 404
    assert [c.state for c in changes(stage)] == [ChangeState.COOLING]

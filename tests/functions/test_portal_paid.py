"""Back from the provider's page: checking until our own books have the money, whatever the browser says."""

from __future__ import annotations

import re

import pytest
from sovinto.adapters.dynamo.cases import TableCases
from sovinto.adapters.system import real_now

from tests.functions.acts import Debtor, placed
from tests.functions.stage import Stage, http
from tests.functions.test_payment_hook import SECRET, at_the_page, hear
from tests.support.fake_gateway import FakeGateway

AGAIN = re.compile(r'<a href="([^"]+)">Look again now</a>')


@pytest.fixture
def debtor(stage: Stage) -> Debtor:
    found = Debtor(stage, placed(stage))
    found.enter()
    return found


@pytest.fixture
def gateway() -> FakeGateway:
    return FakeGateway(secret=SECRET, now=int(real_now().timestamp()))


def look(debtor: Debtor, payment_id: str, state: str = "processing") -> str:
    answer = debtor.get(f"/paid?lang=en&payment={payment_id}&state={state}")
    assert answer["statusCode"] == 200
    return str(answer["body"])


def test_the_page_offers_to_look_again_until_the_providers_word_came(
    stage: Stage, debtor: Debtor, gateway: FakeGateway
) -> None:
    checkout = at_the_page(stage, debtor.case, gateway, 4_000)
    payment_id = gateway.find_checkout(checkout).reference
    html = ""
    for state in ("processing", "received", "paid", ""):
        html = look(debtor, payment_id, state)
        assert "We are checking your payment" in html and "Thank you" not in html
        assert "http-equiv" not in html, "a page that reloads by itself takes a reader's place away"
    (again,) = AGAIN.findall(html)
    path = again.replace("&amp;", "&").removeprefix(debtor.base)
    assert "We are checking" in str(debtor.get(path)["body"])
    assert hear(stage, gateway.pay(checkout))["statusCode"] == 200
    html = str(debtor.get(path)["body"])
    assert "We have received your payment" in html and not AGAIN.search(html)
    assert "Thank you" in look(debtor, payment_id, "cancelled"), "our books are right, not the browser"


def test_who_broke_off_is_not_told_that_nothing_was_charged(
    stage: Stage, debtor: Debtor, gateway: FakeGateway
) -> None:
    payment_id = gateway.find_checkout(at_the_page(stage, debtor.case, gateway, 4_000)).reference
    html = look(debtor, payment_id, "cancelled")
    assert "do not pay again" in html and AGAIN.search(html)


def test_ids_and_forms_that_are_none_of_ours_are_refused(stage: Stage, debtor: Debtor) -> None:
    long = "a" * 3_000
    assert debtor.get(f"/paid?payment={long}")["statusCode"] == 404
    assert stage.call("portal", http("GET", f"/d/{long}/debt"))["statusCode"] == 403
    assert TableCases(stage.table).by_link(long) is None
    for body in (b"\xff\xfe", b""):
        assert stage.call("portal", http("POST", debtor.base, raw=body))["statusCode"] == 403

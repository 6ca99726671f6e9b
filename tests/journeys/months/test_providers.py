"""Stripe and Paytrail on the running stage: from the debtor's page to the bank line, and on a bad day."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from infra.local import virtual_time
from infra.local.bank import BankAccount
from infra.local.demo.browser import Browser, action_of, csrf_of
from infra.local.running import Running
from tests.support.journey import Creditor
from tests.support.journey_bank import deliver
from tests.support.journey_books import balances, bodies, executions, payments
from tests.support.journey_desk import ask
from tests.support.journey_provider import (
    ASKS_PROVIDER,
    PaytrailSide,
    StripeSide,
    environment,
    side_of,
)
from tests.support.journey_time import today
from tests.support.local_http import Answer

pytestmark = pytest.mark.journey

Side = StripeSide | PaytrailSide


@pytest.fixture(scope="module", params=["stripe", "paytrail"])
def provider(request: pytest.FixtureRequest, local_cloud: Running) -> Iterator[Side]:
    with side_of(local_cloud, request.param) as found:
        yield found


@pytest.fixture
def side(provider: Side, stage: Running) -> Side:
    """After `stage`: everything that is due is done before the provider changes hands."""
    provider.begin()
    return provider


def to_the_page(creditor: Creditor, case_id: str) -> tuple[Browser, str]:
    """From the letter to the provider's page, with all that is owed."""
    browser, path, page = creditor.people.open_page(case_id)
    amount = page.split('name="amount" value="', 1)[1].split('"', 1)[0]
    return browser, browser.post(f"{path}/pay", {"csrf": csrf_of(page), "amount": amount})


def paid(creditor: Creditor, case_id: str) -> str:
    """The page that the debtor comes back to; nothing is announced yet."""
    browser, hosted = to_the_page(creditor, case_id)
    return browser.post(action_of(hosted), {})


def kinds(stage: Running, case_id: str) -> list[str]:
    return [str(entry["kind"]) for entry in bodies(stage, f"CASE#{case_id}", "ENTRY#")]


def test_what_the_signed_word_says_is_booked_once(stage: Running, side: Side, creditor: Creditor) -> None:
    case_id = creditor.place("PSP-1")
    owed = creditor.case(case_id)["balance_minor"]["total"]
    before = balances(stage).get(f"psp:{side.name}", 0)

    back = paid(creditor, case_id)
    assert "Tarkistamme maksuasi" in back, "what the browser brings back is not believed"
    assert payments(stage, case_id) == []

    said = [side.tell() for _ in range(3)]
    virtual_time.until_quiet(stage)

    assert said == [(200, {"outcome": "recorded"}), *[(200, {"outcome": "repeated"})] * 2]
    assert payments(stage, case_id) == [owed]
    assert balances(stage)[f"psp:{side.name}"] == before + owed
    assert creditor.case(case_id)["state"] == "paid"


def test_the_keys_are_in_the_secret_and_nowhere_else(stage: Running, side: Side) -> None:
    secret = stage.client("secretsmanager").get_secret_value(SecretId=stage.outputs["GatewaySecretArn"])
    for function in ASKS_PROVIDER:
        found = environment(stage, function)
        assert found["GATEWAY_PROVIDER"] == side.name
        assert not [v for v in found.values() if v in secret["SecretString"] and len(v) > 8]


def test_nobody_else_can_say_it(stage: Running, side: Side, creditor: Creditor) -> None:
    case_id = creditor.place("PSP-2")
    paid(creditor, case_id)

    assert {status for status, _ in side.forged()} == {403}

    assert payments(stage, case_id) == []
    assert side.tell()[1] == {"outcome": "recorded"}


def test_another_sum_than_was_asked_for_is_held(stage: Running, side: Side, creditor: Creditor) -> None:
    case_id = creditor.place("PSP-3")
    to_the_page(creditor, case_id)

    assert side.other_sum(99, "EUR") == (200, {"outcome": "held"})
    assert side.other_sum(99, "SEK") == (200, {"outcome": "held"})

    assert payments(stage, case_id) == []
    assert creditor.case(case_id)["state"] == "open"


@pytest.mark.parametrize("answer", [Answer(429, b"{}"), Answer(503, b"<html>"), Answer(200, b"{}")])
def test_a_provider_in_trouble_leaves_a_clear_page(
    stage: Running, side: Side, creditor: Creditor, answer: Answer
) -> None:
    case_id = creditor.place(f"PSP-4-{answer.status}")
    browser, path, page = creditor.people.open_page(case_id)
    amount = page.split('name="amount" value="', 1)[1].split('"', 1)[0]
    wish = {"csrf": csrf_of(page), "amount": amount}

    side.day.answers.append(answer)
    status, shown = browser.submit(f"{path}/pay", wish)

    assert status == 503
    assert "Maksupalvelu ei vastaa" in shown and "Mitään ei veloitettu" in shown
    assert kinds(stage, case_id).count("payment_allocated") == 0
    assert "button" in browser.post(f"{path}/pay", wish), "the next try opens the page"


def test_a_provider_that_says_nothing_leaves_a_clear_page_in_time(
    stage: Running, side: Side, creditor: Creditor
) -> None:
    case_id = creditor.place("PSP-5")
    browser, path, page = creditor.people.open_page(case_id)

    side.day.answers.append(None)
    status, shown = browser.submit(f"{path}/pay", {"csrf": csrf_of(page), "amount": "10"})

    assert (status, payments(stage, case_id)) == (503, [])
    assert "Maksupalvelu ei vastaa" in shown


def test_what_was_paid_twice_goes_back_by_the_provider(
    stage: Running, side: Side, creditor: Creditor
) -> None:
    case_id = creditor.place("PSP-6")
    owed = creditor.case(case_id)["balance_minor"]["total"]
    pages = [to_the_page(creditor, case_id) for _ in range(2)]
    for browser, hosted in pages:
        browser.post(action_of(hosted), {})
        assert side.tell()[1] == {"outcome": "recorded"}
    assert balances(stage)[f"refunds:{case_id}"] == -owed

    stage.invoke("pay_clients", {})
    stage.invoke("pay_clients", {})
    assert side.refunds() == [owed], "asked for once"
    assert [side.tell_refund()[1]["outcome"] for _ in range(2)] == ["reversed", "repeated"]

    assert balances(stage)[f"refunds:{case_id}"] == 0
    assert creditor.case(case_id)["state"] == "paid"


def test_a_payout_comes_to_zero_with_its_bank_line(
    stage: Running, side: Side, creditor: Creditor, bank: BankAccount
) -> None:
    before = balances(stage)
    cases = [creditor.place(f"PSP-7{letter}") for letter in "AB"]
    for case_id in cases:
        paid(creditor, case_id)
        side.tell()
    stage.invoke("pay_clients", {})
    assert creditor.api.api("GET", "/v1/documents")["documents"] == [], "card money waits for its payout"

    said, name, net = side.pay_out()
    assert said == (200, {"outcome": "settled"})
    at_bank(side, bank, stage, name, net)
    counts = deliver(stage, bank)

    assert counts["transfers"] == 1
    after = balances(stage)
    fees = after["expense:psp_fees"] - before.get("expense:psp_fees", 0)
    assert fees > 0
    assert after[f"psp:{side.name}"] == before.get(f"psp:{side.name}", 0)
    assert after["bank:collection"] == bank.balance_minor(today(stage))
    stage.invoke("pay_clients", {})
    assert len(creditor.api.api("GET", "/v1/documents")["documents"]) == 1


def test_a_payout_that_does_not_add_up_waits_with_the_difference(
    stage: Running, side: Side, creditor: Creditor, bank: BankAccount
) -> None:
    before = balances(stage)
    paid(creditor, creditor.place("PSP-8"))
    side.tell()

    said, name, net = side.pay_out(missing=15)
    assert said == (200, {"outcome": "held"})
    [why] = bodies_of_guards(stage, name)
    assert "0.15 is not explained" in why
    at_bank(side, bank, stage, name, net)
    assert deliver(stage, bank)["suspense"] == 1

    assert side.mend() == (200, {"outcome": "settled"})
    if side.name == "stripe":
        [row] = [r for r in ask(stage, "suspense")["suspense"]["rows"] if r["amount_minor"] == net]
        ask(stage, "payout_suspense", payment_id=row["payment_id"], payout_id=name)
    after = balances(stage)
    assert after[f"psp:{side.name}"] == before.get(f"psp:{side.name}", 0)
    assert after.get("suspense", 0) == before.get("suspense", 0)


def bodies_of_guards(stage: Running, payout_id: str) -> list[str]:
    answer = stage.client("dynamodb").query(
        TableName=stage.table_name,
        KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
        ExpressionAttributeValues={":pk": {"S": "PAYOUT_HELD"}, ":sk": {"S": f"{payout_id}/"}},
    )
    return [item["payload"]["S"] for item in answer["Items"]]


def at_bank(side: Side, bank: BankAccount, stage: Running, name: str, net: int) -> None:
    """As on a statement: Paytrail's has the settlement's reference, Stripe's no name of the payout."""
    if side.name == "paytrail":
        bank.credit(today(stage), net, name, "Paytrail Oyj")
    else:
        bank.credit(today(stage), net, payer="STRIPE PAYMENTS EUROPE, LIMITED", text="STRIPE T8X9")


def test_a_chargeback_opens_the_case_again_and_its_win_closes_it(
    stage: Running, side: Side, creditor: Creditor
) -> None:
    """Stripe's: Paytrail's API tells of none."""
    if not isinstance(side, StripeSide):
        pytest.skip("Paytrail does not announce chargebacks")
    case_id = creditor.place("PSP-9")
    owed = creditor.case(case_id)["balance_minor"]["total"]
    paid(creditor, case_id)
    side.tell()
    virtual_time.until_quiet(stage)
    *_, session = side.double.sessions

    dispute = side.double.dispute(session)
    assert [side.tell()[1]["outcome"] for _ in range(2)] == ["reversed", "repeated"]
    virtual_time.until_quiet(stage)
    opened = creditor.case(case_id)
    assert (opened["state"], opened["balance_minor"]["total"]) == ("open", owed)
    assert "RUNNING" in executions(stage, case_id).values(), "its timeline goes on"

    side.double.end_dispute(dispute, is_won=True)
    assert side.deliver(side.double.told[-2])[1] == {"outcome": "recorded"}
    assert side.tell()[1] == {"outcome": "ignored"}, "closed moves no money"
    virtual_time.until_quiet(stage)
    closed = creditor.case(case_id)
    assert (closed["state"], closed["balance_minor"]["total"]) == ("paid", 0)
    assert len(payments(stage, case_id)) == 2, "the won money is a payment of its own"


def test_paytrails_report_brings_no_names(stage: Running, side: Side, creditor: Creditor) -> None:
    if not isinstance(side, PaytrailSide):
        pytest.skip("Stripe sends its lines by itself")
    paid(creditor, creditor.place("PSP-10"))
    side.tell()
    side.pay_out()

    asked = side.double.wishes[-1]
    assert asked["callbackUrl"] == f"{stage.url}/v1/webhooks/paytrail"
    wanted = set(asked["reportFields"])
    assert not wanted & {"firstname", "familyname", "address", "payerName", "description", "postcode"}

"""A client asks for another account on its page: the old contact hears of it, and no thief gains a day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sovinto.countries import load_calendar
from sovinto.domain.payout_account import good_on

from infra.local import virtual_time
from infra.local.bank import BankAccount, read_transfers
from infra.local.demo.browser import Browser, PageRefused, csrf_of
from infra.local.running import Running
from tests.support.journey import Creditor, mail_to, new_creditor
from tests.support.journey_bank import deliver, payment_files, transfer
from tests.support.journey_books import bodies
from tests.support.journey_time import office_hours, today
from tests.support.local_cloud import eventually

pytestmark = pytest.mark.journey

PATH = "/client/payout-account"
OLD, NEW = "FI1410093000123458", "FI4250001510000023"
COOLING_OFF = 3


def signed_in(creditor: Creditor) -> Browser:
    page = Browser(creditor.running.url, {"Accept-Language": "en"})
    token = csrf_of(page.get("/client"))
    page.post("/client", {"csrf": token, "username": creditor.email, "password": creditor.password})
    return page


def ask(page: Browser, creditor: Creditor, password: str) -> str:
    token = csrf_of(page.get(f"{PATH}?lang=en"))
    fields = {"csrf": token, "iban": NEW, "bic": "", "username": creditor.email, "password": password}
    return page.post(f"{PATH}?lang=en", fields)


def remitted_to(creditor: Creditor, reference: str) -> str:
    """Place a case, have it paid and remitted; the account that the bank is told to pay."""
    stage = creditor.running
    before = set(payment_files(stage))
    transfer(creditor, creditor.place(reference, "80.00"))
    deliver(stage, creditor.bank)
    stage.invoke("pay_clients", {})
    files = [data for key, data in payment_files(stage).items() if key not in before]
    ids = {item["remittance_id"] for item in bodies(stage, f"CLIENT#{creditor.client_id}", "REMITTANCE#")}
    made = [one for data in files for one in read_transfers(data) if one.end_to_end_id in ids]
    (only,) = made
    return only.creditor_iban


def test_the_new_account_is_paid_only_after_the_old_contact_heard_of_it(
    stage: Running, creditor: Creditor
) -> None:
    page = signed_in(creditor)
    with pytest.raises(PageRefused, match="422"):
        ask(page, creditor, "not the password")
    assert bodies(stage, f"CLIENT#{creditor.client_id}", "PAYOUT_CHANGE#") == []

    shown = ask(page, creditor, creditor.password)
    assert "FI..0023" in shown and NEW not in shown
    (notice,) = eventually(lambda: mail_to(stage, creditor.email))
    assert (
        "FI..0023" in notice.text and f"{stage.url}/client/stop/" in notice.text and NEW not in notice.text
    )
    (change,) = bodies(stage, f"CLIENT#{creditor.client_id}", "PAYOUT_CHANGE#")
    good = good_on(load_calendar("FI"), today(stage), COOLING_OFF)
    assert change["effective_on"] == good.isoformat()

    assert remitted_to(creditor, "ACC-1") == OLD
    office_hours(stage, good - timedelta(days=1))
    if today(stage) < good:
        assert remitted_to(creditor, "ACC-2") == OLD
    office_hours(stage, good)
    assert remitted_to(creditor, "ACC-3") == NEW
    assert "FI..0023" in page.get(f"{PATH}?lang=en")


def test_days_count_from_the_notice_where_it_is_late(stage: Running, creditor: Creditor) -> None:
    client, name = stage.client("lambda"), stage.function("send_message")
    [mapping] = client.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
    client.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    try:
        ask(signed_in(creditor), creditor, creditor.password)
        later = office_hours(stage, today(stage) + timedelta(days=4))
    finally:
        client.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)
    eventually(lambda: mail_to(stage, creditor.email))
    virtual_time.until_quiet(stage)

    def told() -> bool:
        return bool(bodies(stage, f"CLIENT#{creditor.client_id}", "PAYOUT_CHANGE#")[0]["is_told"])

    assert eventually(told)
    (change,) = bodies(stage, f"CLIENT#{creditor.client_id}", "PAYOUT_CHANGE#")
    assert change["effective_on"] == good_on(load_calendar("FI"), later, COOLING_OFF).isoformat()


def test_one_press_in_the_notice_stops_it(stage: Running, creditor: Creditor, bank: BankAccount) -> None:
    ask(signed_in(creditor), creditor, creditor.password)
    (notice,) = eventually(lambda: mail_to(stage, creditor.email))
    link = notice.text.split(f"{stage.url}/client/stop/")[1].split()[0].rstrip(".")
    stranger = Browser(stage.url, {"Accept-Language": "en"})
    path = f"/client/stop/{link}"

    stopped = stranger.post(path, {"csrf": csrf_of(stranger.get(path))})

    assert "is stopped" in stopped
    office_hours(stage, today(stage) + timedelta(days=10))
    assert remitted_to(creditor, "ACC-4") == OLD
    other = new_creditor(stage, bank)
    assert "FI..0023" not in signed_in(other).get(f"{PATH}?lang=en")

"""A client reads its statement of account, line by line, at a computer and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from infra.local.bank import BankAccount
from infra.local.running import Running
from tests.browser.test_client_pages import signed_in
from tests.support.browser_visit import COMPUTER, PHONE, Visit
from tests.support.journey import Creditor, new_creditor
from tests.support.journey_bank import deliver, transfer
from tests.support.journey_papers import buyer
from tests.support.journey_time import office_hours, today

pytestmark = pytest.mark.browser

Open = Callable[..., Visit]


@pytest.fixture(scope="session")
def reader() -> dict[str, Creditor]:
    """One client for all looks at the page."""
    return {}


@pytest.fixture
def client(stage: Running, bank: BankAccount, reader: dict[str, Creditor]) -> Creditor:
    """A part is held since the month before; another part and too much are paid, and all is remitted."""
    if "made" not in reader:
        made = reader["made"] = buyer(stage, bank)
        case_id = made.place("TILI-1", "1200.00", name="Maija-Liisa Esimerkki-Pitkänimi")
        transfer(made, case_id, 100_00)
        deliver(stage, bank)
        office_hours(stage, (today(stage).replace(day=1) + timedelta(days=32)).replace(day=1))
        stage.invoke("pay_clients", {})
        transfer(made, case_id, 300_00)
        deliver(stage, bank)
        transfer(made, case_id, 1_000_00)
        deliver(stage, bank)
        stage.invoke("pay_clients", {})
    return reader["made"]


@pytest.mark.parametrize(
    ("name", "locale", "size", "has_scripts"),
    [
        ("statement-en", "en-GB", COMPUTER, False),
        ("statement-phone", "fi-FI", PHONE, False),
        ("statement-en-axe", "en-GB", COMPUTER, True),
        ("statement-phone-axe", "sv-FI", PHONE, True),
    ],
)
def test_every_line_opens_down_to_the_line_of_the_bank(
    client: Creditor, visit: Open, name: str, locale: str, size: tuple[int, int], has_scripts: bool
) -> None:
    one = visit(name, locale=locale, size=size, has_scripts=has_scripts)
    one.goto(f"{client.running.url}/client")
    signed_in(one, client)
    with one.page.expect_navigation():
        one.page.locator("main a[href*='/client/statement']").click()
    month = f"{today(client.running):%Y-%m}"
    assert f"/client/statement/{month}" in one.page.url
    one.look("month")
    for summary in one.page.locator("summary").all():
        summary.click()
    one.look("opened")
    assert one.page.locator("details[open]").count() == 4
    assert one.page.locator("details[open] table tfoot").count() == 4

    papers = one.page.locator("section[aria-labelledby=papers] a")
    assert papers.count() >= 4
    with one.page.expect_download() as downloaded:
        papers.first.click()
    assert downloaded.value.path().read_bytes()[:5] in (b"%PDF-", b"<?xml")
    with one.page.expect_download() as table:
        one.page.locator("a[href$='.csv']").click()
    assert len(table.value.path().read_text("utf-8").splitlines()) == 5

    one.page.select_option("#month", index=1)
    one.submit("/client/statement")
    assert f"/client/statement/{month}" not in one.page.url
    one.look("month-before")
    assert one.page.locator("details").count() == 1


def test_a_client_without_movements_reads_so(stage: Running, bank: BankAccount, visit: Open) -> None:
    fresh = new_creditor(stage, bank)
    one = visit("statement-empty", locale="en-GB", has_scripts=True)
    one.goto(f"{stage.url}/client")
    signed_in(one, fresh)
    one.goto(f"{stage.url}/client/statement")
    one.look("empty")
    assert "Nothing moved in this month." in one.text()

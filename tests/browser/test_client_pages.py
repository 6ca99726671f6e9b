"""A client at a computer and on a phone: sign in, hand over a file, read the report, fetch documents."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from infra.local.running import Running
from tests.support.browser_visit import COMPUTER, PHONE, Visit
from tests.support.journey import HEADER, Creditor
from tests.support.journey_bank import deliver, transfer

pytestmark = pytest.mark.browser

Open = Callable[..., Visit]
FILE = (
    HEADER
    + """\
FORM-1;Yksityinen;Aino Esimerkki;Koekuja 1;00100;Helsinki;aino@asiakas.example;L1;1.11.2025;120,50
FORM-2;Yksityinen;Eino Esimerkki;Koekuja 2;00100;Helsinki;eino@asiakas.example;L2;31.9.2025;45,00
FORM-1;Yksityinen;Aino Esimerkki;Koekuja 1;00100;Helsinki;aino@asiakas.example;L1;1.11.2025;120,50
"""
)
LOOKS = 60


def signed_in(one: Visit, creditor: Creditor) -> None:
    one.page.fill("#username", creditor.email)
    one.page.fill("#password", creditor.password)
    one.submit("/client")
    assert one.page.url.startswith(f"{creditor.running.url}/client/home")


@pytest.mark.parametrize(
    ("name", "locale", "size", "has_scripts"),
    [
        ("client-en", "en-GB", COMPUTER, False),
        ("client-phone", "fi-FI", PHONE, False),
        ("client-en-axe", "en-GB", COMPUTER, True),
        ("client-phone-axe", "fi-FI", PHONE, True),
    ],
)
def test_a_client_hands_over_a_file_and_reads_what_became_of_it(
    stage: Running,
    creditor: Creditor,
    visit: Open,
    tmp_path: Path,
    name: str,
    locale: str,
    size: tuple[int, int],
    has_scripts: bool,
) -> None:
    transfer(creditor, creditor.place("WEB-PAID", "75.00"))
    deliver(stage, creditor.bank)
    stage.invoke("pay_clients", {})
    path = tmp_path / "cases.csv"
    path.write_text(FILE, "utf-8")
    one = visit(name, locale=locale, size=size, has_scripts=has_scripts)

    one.goto(f"{stage.url}/client")
    one.look("sign-in")
    one.page.fill("#username", creditor.email)
    one.page.fill("#password", "not the password")
    one.submit("/client")
    assert one.page.get_by_role("alert").is_visible()
    one.look("refused")
    signed_in(one, creditor)
    one.look("home")
    one.page.set_input_files("#file", path)
    one.submit("/client/uploads")
    assert "/client/uploads/" in one.page.url
    _wait_for_report(one)
    one.look("report")
    assert one.page.locator("[aria-labelledby=refused] tbody tr").count() == 1
    one.follow(-1)
    one.look("home-with-cases")

    assert "FORM-1" in one.text()
    _write_on_the_page_of_a_case(one)
    links = one.page.locator("section[aria-labelledby=documents] a")
    assert links.count() == 1
    with one.page.expect_download() as downloaded:
        links.first.click()
    assert downloaded.value.path().read_bytes().startswith(b"%PDF-")


def _write_on_the_page_of_a_case(one: Visit) -> None:
    one.page.locator("th a", has_text="FORM-1").first.click()
    one.look("case")
    one.page.locator("details", has=one.page.locator("#message-text")).locator("> summary").click()
    one.page.fill("#message-text", "The invoice was sent twice.")
    one.submit("/message")
    assert one.page.get_by_role("status").is_visible()
    assert "The invoice was sent twice." in one.text()
    one.look("case-written")
    one.page.go_back()
    one.page.go_back()


def _wait_for_report(one: Visit) -> None:
    for _ in range(LOOKS):
        if one.page.locator("section[aria-labelledby=counts]").count():
            return
        one.page.reload()
    pytest.fail("no report came")


def test_without_signing_in_there_is_only_the_door(stage: Running, visit: Open) -> None:
    one = visit("client-door", locale="en-GB")

    for path in ("/client/home", "/client/uploads/upl_x", "/client/documents/rem_x"):
        one.goto(stage.url + path)
        assert one.page.url == f"{stage.url}/client"

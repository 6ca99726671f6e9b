"""The outbox of the local cloud: what was sent, one message, its letter."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from infra.local.running import Running
from tests.support.browser_visit import COMPUTER, PHONE, Visit
from tests.support.journey import Creditor

pytestmark = pytest.mark.browser

Open = Callable[..., Visit]


@pytest.mark.parametrize(("name", "size"), [("outbox", COMPUTER), ("outbox-phone", PHONE)])
@pytest.mark.parametrize("has_scripts", [False, True], ids=["plain", "axe"])
def test_the_outbox_shows_what_was_sent(
    stage: Running, creditor: Creditor, visit: Open, name: str, size: tuple[int, int], has_scripts: bool
) -> None:
    creditor.place("WEB-OUT", email=f"{creditor.client_id}@asiakas.example")
    one = visit(f"{name}{'-axe' * has_scripts}", locale="en-GB", size=size, has_scripts=has_scripts)

    one.goto(f"{stage.url}/outbox?recipient={creditor.client_id}@asiakas.example")
    one.look("list")
    links = one.page.locator("tbody td:nth-child(2) a")
    assert links.count() >= 1
    with one.page.expect_navigation():
        links.first.click()
    one.look("message")

    assert f"{stage.url}/d/" in one.page.locator("body").inner_text()

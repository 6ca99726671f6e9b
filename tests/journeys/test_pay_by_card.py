"""From the letter's code to a paid case: page, provider, webhook, books, timeline, thanks."""

from __future__ import annotations

import re

import pytest
from lxml import html

from infra.local import virtual_time
from infra.local.demo.browser import action_of, csrf_of
from infra.local.demo.people import GOOD_CARD
from infra.local.demo.story import SandboxHooks
from infra.local.running import Running
from tests.support.journey import Creditor
from tests.support.journey_books import executions, payments, sent
from tests.support.local_cloud import eventually

pytestmark = pytest.mark.journey


def test_a_card_payment_closes_the_case_at_once(stage: Running, creditor: Creditor) -> None:
    case_id = creditor.place("CARD-1", "150.00")
    owed = creditor.case(case_id)["balance_minor"]["total"]
    before = virtual_time.now(stage).date()

    pay_by_card(creditor, case_id)
    SandboxHooks(stage).call("POST", "/sandbox/test/settle")
    virtual_time.until_quiet(stage)

    assert creditor.case(case_id)["state"] == "paid"
    assert payments(stage, case_id) == [owed]
    ended = eventually(lambda: [s for s in executions(stage, case_id).values() if s != "RUNNING"])
    assert ended == ["SUCCEEDED"]
    assert virtual_time.now(stage).date() == before
    assert sent(stage, case_id) == ["payment_received", "reminder"]


def test_the_page_explains_the_debt_line_by_line(creditor: Creditor) -> None:
    case_id = creditor.place("CARD-2", "150.00")

    _, _, page = creditor.people.open_page(case_id)

    lines = [cents(text) for text in _amounts(page, "tbody")]
    balance = creditor.case(case_id)["balance_minor"]
    assert sum(lines) == balance["total"] == cents(_amounts(page, "tfoot")[0])
    assert 15000 in lines
    assert "Laki" in page or "laki" in page


def test_a_link_without_the_code_shows_nothing(creditor: Creditor) -> None:
    case_id = creditor.place("CARD-3", "150.00")
    _, path, _ = creditor.people.open_page(case_id)

    stranger = type(creditor.api)(creditor.running.url)
    first = stranger.get(path)

    assert "Aino" not in first
    assert "150,00" not in first
    with pytest.raises(Exception, match="403"):
        stranger.get(f"{path}/debt")


def test_a_declined_card_posts_nothing_and_the_debtor_may_try_again(
    stage: Running, creditor: Creditor
) -> None:
    case_id = creditor.place("CARD-4", "150.00")
    hosted = pay_by_card(creditor, case_id, cards=("4000 0000 0000 0002", GOOD_CARD))

    SandboxHooks(stage).call("POST", "/sandbox/test/settle")
    virtual_time.until_quiet(stage)

    assert hosted.count("402") == 1
    assert creditor.case(case_id)["state"] == "paid"
    assert len(payments(stage, case_id)) == 1


def pay_by_card(creditor: Creditor, case_id: str, cards: tuple[str, ...] = (GOOD_CARD,)) -> str:
    """All that is owed, by the page; the refusals that the provider's page answered."""
    browser, path, page = creditor.people.open_page(case_id)
    amount = page.split('name="amount" value="', 1)[1].split('"', 1)[0]
    hosted = browser.post(f"{path}/pay", {"csrf": csrf_of(page), "amount": amount})
    refusals = ""
    for card in cards:
        try:
            browser.post(action_of(hosted), {"card": card})
        except RuntimeError as refused:
            refusals += str(refused)
    return refusals


def _amounts(page: str, part: str) -> list[str]:
    table = html.fromstring(page).findall(".//table")[0]
    return ["".join(map(str, cell.itertext())) for cell in table.findall(f"{part}/tr/td[@class='amount']")]


def cents(text: str) -> int:
    """ "1 234,50 €" in minor units."""
    return int(re.sub(r"[^0-9-]", "", text.replace("−", "-")))

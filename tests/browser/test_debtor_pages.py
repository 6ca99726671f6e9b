"""A debtor on a phone without scripts: code, debt, card, plan, objection; again with axe looking on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from infra.local import virtual_time
from infra.local.demo.people import GOOD_CARD
from infra.local.demo.story import SandboxHooks
from infra.local.running import Running
from tests.support.browser_visit import Visit
from tests.support.journey import Creditor

pytestmark = pytest.mark.browser

Open = Callable[..., Visit]
MANNERS = pytest.mark.parametrize(
    ("locale", "has_scripts"),
    [("fi-FI", False), ("en-GB", False), ("fi-FI", True), ("sv-FI", True)],
    ids=["fi", "en", "fi-axe", "sv-axe"],
)


def entered(one: Visit, creditor: Creditor, case_id: str, *, wrong_first: bool = False) -> str:
    """Through the code page to the debt; the page's path."""
    letter = creditor.people.letter(case_id)
    path = "/d/" + str(letter["page_url"]).rsplit("/", 1)[1]
    assert one.goto(creditor.running.url + path) == 200
    if wrong_first:
        one.look("code")
        one.page.fill("#code", "AAAAAAAAAA")
        one.submit("/d/")
        assert one.page.get_by_role("alert").is_visible()
        one.look("wrong-code")
    one.page.fill("#code", str(letter["access_code"]))
    one.submit("/d/")
    assert one.page.url.startswith(f"{creditor.running.url}{path}/debt")
    return path


@MANNERS
def test_a_debtor_pays_by_card(
    stage: Running, creditor: Creditor, visit: Open, locale: str, has_scripts: bool
) -> None:
    case_id = creditor.place("WEB-CARD", "1234.56")
    one = visit(f"card-{locale[:2]}{'-axe' * has_scripts}", locale=locale, has_scripts=has_scripts)

    path = entered(one, creditor, case_id, wrong_first=True)
    one.look("debt")
    assert one.page.locator("html").get_attribute("lang") == locale[:2]
    for summary in one.page.locator("summary").all():
        summary.click()
    one.look("debt-opened")
    one.submit("/pay")
    assert "/sandbox/pay/" in one.page.url
    one.look("provider")
    one.page.fill("[name=card]", "4000 0000 0000 0002")
    one.submit("/sandbox/pay/")
    one.look("declined")
    one.page.fill("[name=card]", GOOD_CARD)
    one.submit("/sandbox/pay/")
    assert f"{path}/paid" in one.page.url
    one.look("thanks")
    SandboxHooks(stage).call("POST", "/sandbox/test/settle")
    virtual_time.until_quiet(stage)
    one.page.reload()
    one.look("received")
    one.follow(0)
    one.look("closed")

    assert creditor.case(case_id)["state"] == "paid"


@MANNERS
def test_a_debtor_agrees_a_plan(creditor: Creditor, visit: Open, locale: str, has_scripts: bool) -> None:
    case_id = creditor.place("WEB-PLAN", "480.00")
    one = visit(f"plan-{locale[:2]}{'-axe' * has_scripts}", locale=locale, has_scripts=has_scripts)

    entered(one, creditor, case_id)
    one.page.locator("[name=instalments][value='3']").check()
    one.submit("/plan")

    assert one.page.locator("main table tbody tr").count() == 3
    one.look("agreed")
    one.follow(-1)
    one.look("debt-with-plan")


@MANNERS
def test_a_debtor_objects(creditor: Creditor, visit: Open, locale: str, has_scripts: bool) -> None:
    case_id = creditor.place("WEB-DIS", "99.90")
    one = visit(f"dispute-{locale[:2]}{'-axe' * has_scripts}", locale=locale, has_scripts=has_scripts)

    entered(one, creditor, case_id)
    one.page.locator("details:has(#text) > summary").click()
    one.page.locator("[name=kind]").first.check()
    one.page.fill("#text", "Olen jo maksanut tämän laskun 3.11.")
    one.submit("/dispute")
    one.look("told")
    one.follow(-1)
    one.look("disputed")

    assert one.page.get_by_role("status").is_visible()
    assert one.page.locator("form[action*='/dispute']").count() == 0
    assert creditor.case(case_id)["state"] == "disputed"


def test_a_sum_that_is_too_large_is_explained_and_kept(creditor: Creditor, visit: Open) -> None:
    case_id = creditor.place("WEB-SUM", "50.00")
    one = visit("sum-fi", has_scripts=True)
    entered(one, creditor, case_id)

    one.page.locator("details:has(#amount) > summary").click()
    one.page.fill("#amount", "99999,00")
    one.submit("/pay", 1)

    assert one.page.get_by_role("alert").is_visible()
    assert one.page.input_value("#amount") == "99999,00"
    one.look("refused")


def test_the_keyboard_alone_opens_the_debt(creditor: Creditor, visit: Open) -> None:
    case_id = creditor.place("WEB-KEYS", "50.00")
    letter = creditor.people.letter(case_id)
    one = visit("keys-fi")
    one.goto(creditor.running.url + "/d/" + str(letter["page_url"]).rsplit("/", 1)[1])

    one.page.keyboard.press("Tab")
    assert one.page.evaluate("() => document.activeElement.className") == "skip"
    one.page.focus("#code")
    one.page.keyboard.type(str(letter["access_code"]))
    one.page.keyboard.press("Enter")
    one.page.wait_for_url("**/debt**")

    assert one.page.locator("p.total").is_visible()


def test_an_unknown_page_says_so_in_words(creditor: Creditor, visit: Open) -> None:
    one = visit("absent-fi", has_scripts=True)

    status = one.goto(f"{creditor.running.url}/d/no-such-link/debt")

    assert status in (403, 404)
    assert len(one.text()) > 20
    one.look("problem")

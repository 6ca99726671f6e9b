"""What people tell of a case ends it, lowers it or opens it again at once; no day has to pass."""

from __future__ import annotations

from datetime import timedelta

import pytest

from infra.local import virtual_time
from infra.local.demo.browser import action_of, csrf_of
from infra.local.demo.people import GOOD_CARD
from infra.local.demo.story import SandboxHooks
from infra.local.running import Running
from tests.support.journey import Creditor, mail_to
from tests.support.journey_books import bodies, sent
from tests.support.journey_desk import BY, events
from tests.support.journey_pages import ClientPages
from tests.support.journey_time import today, wake_of
from tests.support.journey_words import command_line

pytestmark = pytest.mark.journey


def test_the_collector_ends_a_case_with_the_reason_and_by_whom(
    stage: Running,
    creditor: Creditor,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    sovinto = command_line(stage, monkeypatch, capsys)
    pages = ClientPages(creditor)
    ends = {"debtor_minor": "Debtor is a minor", "insolvent": "Insolvent", "debtor_died": "Debtor has died"}
    for number, (closure, words) in enumerate(ends.items()):
        case_id = creditor.place(f"HAND-{number}", name=f"Päättyvä Esimerkki {number}")
        shown = sovinto("case", "stop", case_id, "--closure", closure, "--by", BY)
        assert f"state {closure}" in shown
        assert any(
            line.startswith(f"closed {closure}, 2026-") and line.endswith(f"by {BY}") for line in shown
        )
        assert sovinto("timeline", "preview", case_id)[-1].endswith(f"ends: {closure}")
        assert f"The case was closed: {words}" in pages.case(case_id)
        assert sent(stage, case_id) == ["reminder"]
    again = sovinto("case", "stop", case_id, "--closure", closure, "--by", BY, code=1)
    assert again == [f"sovinto: the case is closed already ({closure}); nothing is left to stop"]


def test_what_the_client_reports_on_its_pages_counts_at_once(stage: Running, creditor: Creditor) -> None:
    pages, day = ClientPages(creditor), today(stage)
    case_id = creditor.place("HAND-5", "500.00", name="Suora Maksaja")
    before = creditor.case(case_id)["balance_minor"]

    refused, page = pages.send(case_id, "payment", amount="9999", on=day.isoformat(), reference="D-1")
    assert refused == 422
    assert "at most what was owed on that day" in page
    for _ in range(2):
        told = {"amount": "100", "on": day.isoformat(), "reference": f"D-{creditor.client_id}"}
        assert pages.send(case_id, "payment", **told)[0] == 303
    assert creditor.case(case_id)["balance_minor"]["total"] == before["total"] - 10_000
    note = {"on": (day - timedelta(days=20)).isoformat(), "reference": f"C-{creditor.client_id}"}
    assert pages.send(case_id, "credit", invoice_number="L-HAND-5", amount="200,00", **note)[0] == 303
    after = creditor.case(case_id)["balance_minor"]
    assert after["principal"] + after["interest"] < before["total"] - before["fee"] - 30_000, "interest too"
    assert "Payment to you €100.00" in pages.case(case_id)

    assert "Collection ends at once and for good" in pages.asked(case_id)
    assert pages.send(case_id, "withdrawal")[0] == 303
    assert creditor.case(case_id)["state"] == "withdrawn"
    assert sent(stage, case_id) == ["reminder"]


def test_an_objection_is_rejected_on_the_page_and_the_debtor_reads_why(
    stage: Running,
    creditor: Creditor,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    sovinto, pages = command_line(stage, monkeypatch, capsys), ClientPages(creditor)
    case_id = creditor.place("HAND-6", name="Kiistävä Esimerkki")
    browser, path, page = creditor.people.open_page(case_id)
    words = {"kind": "paid_already", "text": "Maksoin jo kesällä."}
    browser.post(f"{path}/dispute", {"csrf": csrf_of(page), **words})
    virtual_time.until_quiet(stage)
    shown = sovinto("case", "show", case_id)
    assert shown[shown.index("Maksoin jo kesällä.") - 1].startswith(
        "dispute paid_already, to be answered by"
    )
    assert "HAND-6" in pages.home().partition("Cases")[0], "what waits for an answer comes first"
    assert "Maksoin jo kesällä." in pages.case(case_id)

    assert "Choose who is right." in pages.send(case_id, "dispute", reason="Eri lasku.")[1]
    assert pages.send(case_id, "dispute", outcome="rejected", reason="Eri lasku.")[0] == 303

    assert "dispute_rejected" in sent(stage, case_id)
    assert any("Eri lasku." in mail.text for mail in mail_to(stage, "hand-6@asiakas.example"))
    steps = sovinto("timeline", "preview", case_id)[2:-1]
    assert "14 days to react to what was told before" in steps[0]
    assert (wake_of(stage, case_id).date() - today(stage)).days >= 14


def test_money_that_went_back_is_told_by_post_to_whom_no_mail_reaches(
    stage: Running, creditor: Creditor
) -> None:
    nowhere = {"email": None, "phone": None, "electronic_consent": False}
    case_id = creditor.place("HAND-7", "120.00", name="Postin Varassa", **nowhere)
    browser, path, page = creditor.people.open_page(case_id)
    amount = page.split('name="amount" value="', 1)[1].split('"', 1)[0]
    hosted = browser.post(f"{path}/pay", {"csrf": csrf_of(page), "amount": amount})
    browser.post(action_of(hosted), {"card": GOOD_CARD})
    provider = SandboxHooks(stage)
    provider.call("POST", "/sandbox/test/settle")
    virtual_time.until_quiet(stage)
    assert creditor.case(case_id)["state"] == "paid"

    session_id = action_of(hosted).rsplit("/", 1)[1]
    provider.call("POST", "/sandbox/test/dispute", {"session_id": session_id})
    provider.call("POST", "/sandbox/test/settle")
    virtual_time.until_quiet(stage)

    assert creditor.case(case_id)["state"] == "open"
    assert "payment.reversed" in events(stage, case_id)
    [letter] = [
        item for item in bodies(stage, f"CASE#{case_id}", "COMM#") if item["template"] == "payment_reversed"
    ]
    assert (letter["channel"], letter["state"]) == ("post", "sent")
    owed = creditor.case(case_id)["balance_minor"]["total"]
    assert letter["letter"]["total"]["minor"] == owed
    assert "Letter about a payment that went back" in ClientPages(creditor).case(case_id)
    assert (wake_of(stage, case_id).date() - today(stage)).days >= 14

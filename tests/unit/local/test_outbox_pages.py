"""The outbox: all that was sent, newest first, filtered, escaped, attachments to take home."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from lxml import html

from infra.local.outbox.pages import linked
from infra.local.outbox.sent import Attachment, Sent
from infra.local.outbox.service import OutboxPages
from infra.local.outbox.sources import SourceMissing
from infra.local.response import Response

START = datetime(2025, 3, 16, 9, 0, tzinfo=UTC)
PDF = Attachment("letter.pdf", "application/pdf", lambda: b"%PDF-1.7")
PAGE = Attachment("page.html", "text/html", lambda: b"<script>")


def sent(number: int = 1, **changed: object) -> Sent:
    facts: dict[str, object] = {
        "sent_id": f"email-{number}",
        "channel": "email",
        "recipient": f"Äijä {number} <aija{number}@example.fi>",
        "sender": "collect@example.fi",
        "subject": "Reminder <b>",
        "text": "Pay at https://x.example/d/1?a=1&b=2. <script>",
        "at": START + timedelta(minutes=number),
    }
    return Sent(**(facts | changed))  # type: ignore[arg-type]


def get(things: list[Sent], path: str = "/outbox", query: str = "") -> Response:
    return OutboxPages(lambda: things).handle("GET", path, query, {}, b"")


def listed(response: Response) -> list[str]:
    page = html.fromstring(response.body.decode())
    return [str(link.get("href")).removeprefix("/outbox/") for link in page.findall(".//tbody//td[2]/a[1]")]


def test_the_list_links_to_messages_and_attachments_and_escapes_all() -> None:
    response = get([sent(attachments=(PDF,))])
    text = response.body.decode()
    assert listed(response) == ["email-1"]
    assert 'href="/outbox/email-1/letter.pdf"' in text
    assert "Reminder &lt;b&gt;" in text
    assert "Äijä 1 &lt;aija1@example.fi&gt;" in text
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_an_empty_outbox_says_so() -> None:
    assert "Nothing to show yet" in get([]).body.decode()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("channel=sms", ["sms-2"]),
        ("channel=email", ["email-1"]),
        ("channel=pigeon", ["email-1", "sms-2"]),
        ("recipient=AIJA1%40", ["email-1"]),
        ("recipient=%2B358", ["sms-2"]),
        ("recipient=nobody", []),
        ("channel=sms&recipient=aija", []),
    ],
)
def test_filters_by_channel_and_recipient(query: str, expected: list[str]) -> None:
    things = [sent(1), sent(2, sent_id="sms-2", channel="sms", recipient="+358401234567", subject="")]
    assert listed(get(things, query=query)) == expected


def test_pages_hold_fifty_and_keep_the_filter() -> None:
    things = [sent(number) for number in range(120)]
    shown = [listed(get(things, query=f"recipient=aija&page={page}")) for page in (1, 2, 3)]
    assert [len(page) for page in shown] == [50, 50, 20]
    assert [one for page in shown for one in page] == [one.sent_id for one in things]
    text = get(things, query="recipient=aija&page=2").body.decode()
    assert 'href="/outbox?recipient=aija&amp;page=3" rel="next"' in text
    assert 'href="/outbox?recipient=aija&amp;page=1" rel="prev"' in text


def test_a_query_of_too_many_parts_is_no_query() -> None:
    assert listed(get([sent()], query="&".join(["channel=sms"] * 99))) == ["email-1"]


@pytest.mark.parametrize("page", ["0", "-1", "x", "999999", "9999999999", "1.5", "١"])
def test_a_page_number_out_of_range_shows_a_page(page: str) -> None:
    assert len(listed(get([sent()], query=f"page={page}"))) == 1


def test_one_message_is_shown_whole() -> None:
    text = get([sent(html="<p>x</p>", attachments=(PDF,))], "/outbox/email-1").body.decode()
    assert '<a href="https://x.example/d/1?a=1&amp;b=2">' in text
    assert "&lt;script&gt;" in text
    assert "<script>" not in text
    assert 'href="/outbox/email-1/message.html"' in text


def test_attachments_are_downloads_and_only_pdf_keeps_its_type() -> None:
    things = [sent(attachments=(PDF, PAGE))]
    pdf, page = get(things, "/outbox/email-1/letter.pdf"), get(things, "/outbox/email-1/page.html")
    assert (pdf.status, pdf.body, pdf.headers["Content-Type"]) == (200, b"%PDF-1.7", "application/pdf")
    assert pdf.headers["Content-Disposition"] == 'attachment; filename="letter.pdf"'
    assert page.headers["Content-Type"] == "application/octet-stream"


def test_a_formatted_email_is_shown_without_any_power() -> None:
    response = get([sent(html="<script>alert(1)</script>")], "/outbox/email-1/message.html")
    assert response.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


@pytest.mark.parametrize(
    "path",
    [
        "/outbox/email-2",
        "/outbox/email-1/x.pdf",
        "/outbox/email-1/message.html",
        "/outbox/../x",
        "/outbox/a/b/c",
    ],
)
def test_what_is_not_there_is_absent(path: str) -> None:
    assert get([sent()], path).status == 404


def test_the_outbox_can_only_be_read() -> None:
    assert OutboxPages(list).handle("POST", "/outbox", "", {}, b"").status == 405


def test_a_local_cloud_that_is_away_is_said_plainly() -> None:
    def away() -> list[Sent]:
        raise SourceMissing("refused")

    response = OutboxPages(away).handle("GET", "/outbox", "", {}, b"")
    assert response.status == 503
    assert "is it running?" in response.body.decode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no link & more", "no link &amp; more"),
        ("(https://x.fi/a).", '(<a href="https://x.fi/a">https://x.fi/a</a>).'),
        ('https://x.fi/"onclick=', '<a href="https://x.fi/">https://x.fi/</a>&#34;onclick='),
        ("javascript:alert(1)", "javascript:alert(1)"),
    ],
)
def test_only_web_addresses_become_links(text: str, expected: str) -> None:
    assert linked(text) == expected

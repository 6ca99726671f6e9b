"""What the local cloud lists, as it lists it (ministack 1.5.33), read into one kind of thing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import EmailMessage

from infra.local.outbox.email_messages import Emails
from infra.local.outbox.texts_and_letters import letters, text_messages

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LISTED = {
    "MessageId": "0a1b-2c@email.amazonses.com",
    "Source": "collect@example.fi",
    "To": ["aija@example.fi"],
    "CC": [],
    "BCC": [],
    "Subject": "Listed",
    "BodyText": "listed text",
    "BodyHtml": None,
    "Timestamp": 1_750_000_000.5,
    "Type": "SendRawEmail",
}
LISTING = {"messages": {"000000000000": [LISTED]}}


def message(*names: str) -> EmailMessage:
    made = EmailMessage()
    made["From"] = "Sovinto <collect@example.fi>"
    made["To"] = "Äijä <aija@example.fi>"
    made["Subject"] = "Whole"
    made["Date"] = "Sun, 16 Mar 2025 11:00:00 +0200"
    made.set_content("whole text\n")
    made.add_alternative("<p>whole</p>", subtype="html")
    for number, name in enumerate(names):
        made.add_attachment(b"%%PDF %d" % number, maintype="application", subtype="pdf", filename=name)
    return made


def test_an_email_without_its_whole_message_shows_what_is_listed() -> None:
    (email,) = Emails(lambda _: None).all(LISTING)
    assert (email.sent_id, email.recipient, email.text) == (
        "email-0a1b-2c",
        "aija@example.fi",
        "listed text",
    )
    assert (email.html, email.attachments) == ("", ())


def test_the_whole_message_gives_date_and_attachments_once_it_is_there() -> None:
    relayed: list[EmailMessage] = []
    emails = Emails(
        lambda message_id: relayed[0] if relayed and message_id == LISTED["MessageId"] else None
    )
    assert emails.all(LISTING)[0].attachments == ()
    relayed.append(message("letter.pdf", "../lasku ä.pdf", "letter.pdf"))
    (email,) = emails.all(LISTING)
    assert email.at == datetime(2025, 3, 16, 9, 0, tzinfo=UTC)
    assert (email.recipient, email.text) == ("Äijä <aija@example.fi>", "whole text\n")
    assert [one.name for one in email.attachments] == ["letter.pdf", "_lasku__.pdf", "3-letter.pdf"]
    assert [one.read() for one in email.attachments] == [b"%PDF 0", b"%PDF 1", b"%PDF 2"]
    assert emails.all(LISTING)[0] is email


def test_a_message_without_a_date_keeps_the_listed_time() -> None:
    undated = message()
    del undated["Date"]
    undated["Date"] = "some day"
    (email,) = Emails(lambda _: undated).all(LISTING)
    assert email.at == datetime.fromtimestamp(1_750_000_000.5, UTC)


def record(number: int, attributes: Mapping[str, object]) -> dict[str, object]:
    return {
        "PhoneNumber": "+358401234567",
        "MessageId": f"m{number}",
        "Message": "Hei",
        "MessageAttributes": attributes,
    }


def test_text_messages_are_dated_by_their_sender_or_when_first_seen() -> None:
    dated = {"sent_at": {"DataType": "String", "StringValue": "2025-03-17T10:00:00+00:00"}}
    listing = {"sms_messages": {"+358401234567": [record(1, dated), record(2, {})]}, "region": "eu-north-1"}
    found = text_messages(listing, lambda _: NOW)
    assert [one.at for one in found] == [datetime(2025, 3, 17, 10, tzinfo=UTC), NOW]
    first = found[0]
    assert (first.sent_id, first.recipient, first.text) == ("sms-m1", "+358401234567", "Hei")


def test_letters_are_dated_by_their_key_and_other_keys_are_passed_over() -> None:
    keys = [
        "post/2025-03-16/com_1.pdf",
        "post/2025-13-99/com_2.pdf",
        "post/x.pdf",
        "post/2025-03-16/a/b.pdf",
    ]
    objects = [{"Key": key, "LastModified": NOW} for key in keys]
    (letter,) = letters(objects, lambda key: key.encode())
    assert (letter.sent_id, letter.channel) == ("post-2025-03-16-com_1", "post")
    assert letter.at == datetime(2025, 3, 16, tzinfo=UTC)
    assert [(one.name, one.read()) for one in letter.attachments] == [("letter.pdf", keys[0].encode())]

"""The mailbox: keeps whole messages that a relay on this machine hands over by SMTP."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from infra.local.outbox import Mailbox

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[Mailbox]:
    opened = Mailbox(tmp_path / "mail")
    yield opened
    opened.close()


def relay(mailbox: Mailbox, text: str) -> None:
    host, port = mailbox.address.split(":")
    with smtplib.SMTP(host, int(port), timeout=10) as connection:
        connection.sendmail("a@example.fi", ["b@example.fi", "c@example.fi"], text)


def test_a_relayed_message_is_found_whole_by_its_id(mailbox: Mailbox) -> None:
    made = EmailMessage(policy=policy.SMTP.clone(cte_type="7bit"))
    made["Subject"] = "Muistutus ä"
    made["Message-ID"] = "<id-1@email.amazonses.com>"
    made.set_content("..\n.\n.hidden\nmaksa 1 €\n")
    made.add_attachment(
        bytes(range(256)) * 100, maintype="application", subtype="pdf", filename="letter.pdf"
    )
    relay(mailbox, made.as_string())
    found = mailbox.find("id-1@email.amazonses.com")
    assert found is not None
    assert found["Subject"] == "Muistutus ä"
    body = found.get_body(("plain",))
    assert body is not None
    assert body.get_content().splitlines() == ["..", ".", ".hidden", "maksa 1 €"]
    assert [part.get_payload(decode=True) for part in found.iter_attachments()] == [bytes(range(256)) * 100]


def test_several_messages_in_one_conversation_are_kept_apart(mailbox: Mailbox) -> None:
    host, port = mailbox.address.split(":")
    with smtplib.SMTP(host, int(port), timeout=10) as connection:
        for number in (1, 2):
            connection.sendmail("a@x.fi", ["b@x.fi"], f"Message-ID: <{number}@x>\r\n\r\n.dot {number}\r\n")
    kept = [mailbox.find(f"{number}@x") for number in (1, 2)]
    assert [one.get_content().strip() for one in kept if one is not None] == [".dot 1", ".dot 2"]


def test_an_unknown_message_is_none(mailbox: Mailbox) -> None:
    assert mailbox.find("../../etc/passwd") is None


def test_what_is_not_spoken_is_refused_politely(mailbox: Mailbox) -> None:
    host, port = mailbox.address.split(":")
    with smtplib.SMTP(host, int(port), timeout=10) as connection:
        assert connection.docmd("STARTTLS")[0] == 502
        assert connection.noop()[0] == 250

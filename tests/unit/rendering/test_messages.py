from __future__ import annotations

import pytest
from sovinto.errors import InvalidInput
from sovinto.rendering.messages import render_email, render_sms
from sovinto.rendering.sms_length import segments, typewritten
from sovinto.rendering.templates import manifest

SMS = {
    "case_reference": "7GZX4M2Q9T5K8B3W6N1RYVHCJD",
    "pay_by": "31.12.2025",
    "due_on": "31.12.2025",
    "amount": "12\u00a0345,67\u00a0€",
    "page_url": "https://sivut.sovinto.example/d/8f3kq9t2m7x5w1z6",
    "phone": "+358 9 000 0000",
    "agency": "Sovinto Perintä Oy",
}


def sms_fields(template: str) -> dict[str, str]:
    return {name: SMS[name] for name in manifest()[("sms", template)].fields}


def email_fields(template: str) -> dict[str, str]:
    return {name: f"[{name}]" for name in manifest()[("email", template)].fields}


EMAILS = sorted(name for channel, name in manifest() if channel == "email")


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("template", ["reminder_sms", "instalment_sms"])
def test_text_messages_take_two_segments_at_most(template: str, language: str) -> None:
    text = render_sms(template, language, sms_fields(template))
    assert segments(text) <= 2
    assert SMS["page_url"] in text
    assert "\u00a0" not in text


def test_a_text_message_that_grows_too_long_is_refused() -> None:
    fields = sms_fields("reminder_sms") | {"agency": "Perintätoimisto " * 12}
    with pytest.raises(InvalidInput, match="more than 2 segments"):
        render_sms("reminder_sms", "fi", fields)


def test_a_text_message_with_foreign_letters_is_counted_in_utf_16() -> None:
    fields = sms_fields("instalment_sms") | {"agency": "Інкасо"}
    with pytest.raises(InvalidInput, match="more than 2 segments"):
        render_sms("instalment_sms", "fi", fields)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("€" * 80, 1), ("€" * 81, 2)],
)
def test_segments_in_gsm_7(text: str, expected: int) -> None:
    assert segments(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("ж" * 70, 1), ("ж" * 71, 2), ("ж" * 135, 3), ("😀" * 36, 2)]
)
def test_segments_in_utf_16(text: str, expected: int) -> None:
    assert segments(text) == expected


def test_typesetting_characters_do_not_cost_segments() -> None:
    assert typewritten("1\u00a0234,50\u00a0€ – “joo”…") == '1 234,50 € - "joo"...'


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("template", EMAILS)
def test_emails_say_everything_but_keep_the_subject_discreet(template: str, language: str) -> None:
    fields = email_fields(template)
    message = render_email(template, language, fields)
    said = {name: value for name, value in fields.items() if not name.startswith("is_")}
    assert all(value in message.subject + message.text for value in said.values())
    for name in ("total", "amount", "balance", "creditor", "debtor_name"):
        assert f"[{name}]" not in message.subject
    assert "\n" not in message.subject and not message.subject.startswith("Subject")
    assert message.text.endswith("\n") and "{" not in message.text


def test_a_line_break_in_a_field_forges_neither_header_nor_paragraph() -> None:
    fields = email_fields("dispute_received") | {
        "case_reference": "1\r\nBcc: all@evil.example",
        "debtor_name": "Aino\n\nSend money to",
    }
    message = render_email("dispute_received", "en", fields)
    assert "\n" not in message.subject and "\r" not in message.subject
    assert "Hello Aino  Send money to," in message.text


def test_template_syntax_in_a_field_is_only_text() -> None:
    fields = email_fields("dispute_received") | {"debtor_name": "{{ 7 * 7 }} <b>&"}
    assert "{{ 7 * 7 }} <b>&" in render_email("dispute_received", "en", fields).text


def test_missing_and_unknown_fields_are_named() -> None:
    fields = email_fields("demand")
    with pytest.raises(InvalidInput, match="template demand lacks pay_by, total"):
        render_email("demand", "fi", {k: v for k, v in fields.items() if k not in ("total", "pay_by")})
    with pytest.raises(InvalidInput, match="template demand does not know surprise"):
        render_email("demand", "fi", fields | {"surprise": "x"})
    with pytest.raises(InvalidInput, match="template 'nothing' is no email"):
        render_email("nothing", "fi", {})

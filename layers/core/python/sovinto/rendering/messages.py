"""Text messages and e-mails: plain text from templates whose every field must be given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sovinto.errors import InvalidInput
from sovinto.rendering.sms_length import MAX_SEGMENTS, segments, typewritten
from sovinto.rendering.templates import check_fields, entry_for, templates_root

_SUBJECT = "Subject: "


@dataclass(frozen=True, slots=True)
class EmailText:
    """An e-mail as it is sent: `subject` is one line, `text` ends with a line break."""

    subject: str
    text: str


def render_sms(template: str, language: str, fields: Mapping[str, str]) -> str:
    """A text message of at most two segments.

    Raises InvalidInput for an unknown template, language or field, a missing field, or a text that
    would take more than two segments (GSM 03.38 and 23.040).
    """
    text = typewritten(" ".join(_render("sms", template, language, fields).split()))
    if segments(text) > MAX_SEGMENTS:
        raise InvalidInput(
            f"text message {template} is {len(text)} characters, more than {MAX_SEGMENTS} segments; "
            f"shorten a field",
            field="template",
        )
    return text


def render_email(template: str, language: str, fields: Mapping[str, str]) -> EmailText:
    """Subject and text of an e-mail. Raises InvalidInput for an unknown template, language or field,
    or a missing field."""
    return _titled(_render("email", template, language, fields))


def render_call_task(template: str, language: str, fields: Mapping[str, str]) -> EmailText:
    """What the collector who phones needs to say and to keep unsaid; raises as `render_email` does."""
    return _titled(_render("call", template, language, fields))


def _titled(rendered: str) -> EmailText:
    subject, _, text = rendered.partition("\n\n")
    # A field with a line break must not be able to add a header.
    return EmailText(" ".join(subject.removeprefix(_SUBJECT).split()), text.strip() + "\n")


def _render(channel: str, template: str, language: str, fields: Mapping[str, str]) -> str:
    entry = entry_for(channel, template, language)
    check_fields(entry, fields)
    safe = {name: _one_line(value) for name, value in fields.items()}
    return _environment().get_template(f"{language}/{template}.txt.jinja").render(safe)


def _one_line(value: str) -> str:
    """Control characters have no place in a message, and a line break could forge a paragraph."""
    return "".join(
        character if character.isprintable() or character == "\u00a0" else " " for character in value
    )


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(templates_root() / "messages"),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - plain text: escaping would show &amp; to people
        keep_trailing_newline=True,
    )

"""The outbox's HTML: Jinja with autoescape; addresses in a text become links."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

_ADDRESS = re.compile(r"""https?://[^\s<>"']*[^\s<>"'.,;:!?)\]]""")
_NAMES = {"email": "E-mail", "sms": "SMS", "post": "Letter"}


def linked(text: str) -> Markup:
    """The text escaped, its web addresses clickable: testers follow what a debtor would follow."""
    result = Markup()
    end = 0
    for match in _ADDRESS.finditer(text):
        result += escape(text[end : match.start()])
        result += Markup('<a href="{0}">{0}</a>').format(match[0])
        end = match.end()
    return result + escape(text[end:])


def day(at: datetime) -> str:
    """The ISO date, with hyphens at which no line breaks."""
    return at.date().isoformat()


_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent.parent / "pages"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_PAGES.filters["linked"] = linked
_PAGES.filters["day"] = day
_PAGES.globals["channel_names"] = _NAMES


def render(name: str, **facts: object) -> str:
    return _PAGES.get_template(name).render(**facts)

"""Read back what was rendered: PDF text as a person's reader gives it, HTML as a parser sees it."""

from __future__ import annotations

from html.parser import HTMLParser
from io import BytesIO

from pypdf import PdfReader

VOID = {"meta", "link", "input", "img", "br"}


def pdf(data: bytes) -> PdfReader:
    return PdfReader(BytesIO(data))


def pdf_text(data: bytes) -> str:
    """All text on one line, hard spaces as spaces."""
    pages = [page.extract_text() for page in pdf(data).pages]
    return " ".join(" ".join(pages).replace("\u00a0", " ").split())


class Elements(HTMLParser):
    """Every start tag with its attributes and the form it stands in; `unclosed` must end empty."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str], int]] = []
        self.unclosed: list[str] = []
        self.text: list[str] = []
        self._form = -1
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "form":
            self._form += 1
        inside = self._form if "form" in self.unclosed or tag == "form" else -1
        self.found.append((tag, {name: value or "" for name, value in attrs}, inside))
        if tag not in VOID:
            self.unclosed.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.unclosed and self.unclosed[-1] == tag, f"</{tag}> closes <{self.unclosed[-1:]}>"
        self.unclosed.pop()

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes, _ in self.found if name == tag]

"""The outbox's pages: a list with filters, one message, its attachments."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from urllib.parse import urlencode

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.local.outbox import pages
from infra.local.outbox.mailbox import Mailbox
from infra.local.outbox.sent import CHANNELS, Attachment, Sent
from infra.local.outbox.sources import SourceMissing, Sources
from infra.local.response import Response, html_response, parameters

PAGE_SIZE = 50
_ONE = re.compile(r"/outbox/([A-Za-z0-9_-]{1,200})(?:/([A-Za-z0-9._-]{1,200}))?")
_HTML_BODY = "message.html"


class OutboxPages:
    """For `handle` to be put behind any HTTP server, under /outbox. `everything` is newest first."""

    def __init__(self, everything: Callable[[], list[Sent]]) -> None:
        self._everything = everything

    def handle(
        self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes
    ) -> Response:
        """Answer one call to /outbox or below. Never raises for what a caller sends."""
        del headers, body  # nothing here can be changed
        if method not in {"GET", "HEAD"}:
            return _problem(HTTPStatus.METHOD_NOT_ALLOWED, "The outbox can only be read.")
        try:
            if path.rstrip("/") == "/outbox":
                return self._list(parameters(query))
            match = _ONE.fullmatch(path)
            return self._one(match[1], match[2]) if match else _absent()
        except (SourceMissing, BotoCoreError, ClientError, OSError):
            return _problem(
                HTTPStatus.SERVICE_UNAVAILABLE, "The local cloud does not answer: is it running?"
            )

    def _list(self, wish: Mapping[str, str]) -> Response:
        channel = wish.get("channel", "") if wish.get("channel") in CHANNELS else ""
        recipient = wish.get("recipient", "").strip()[:200]
        everything = self._everything()
        chosen = [sent for sent in everything if _is_chosen(sent, channel, recipient)]
        last = max(1, -(-len(chosen) // PAGE_SIZE))
        number = min(_number(wish.get("page", "1")), last)
        shown = chosen[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
        kept = {name: value for name, value in (("channel", channel), ("recipient", recipient)) if value}
        text = pages.render(
            "outbox.html",
            sent=shown,
            count=len(chosen),
            total=len(everything),
            channel=channel,
            channels=CHANNELS,
            recipient=recipient,
            number=number,
            last=last,
            newer=_page_url(kept, number - 1) if number > 1 else None,
            older=_page_url(kept, number + 1) if number < last else None,
        )
        return html_response(200, text)

    def _one(self, sent_id: str, part: str | None) -> Response:
        sent = next((one for one in self._everything() if one.sent_id == sent_id), None)
        if sent is None:
            return _absent()
        if part is None:
            return html_response(200, pages.render("outbox_message.html", sent=sent))
        if part == _HTML_BODY and sent.html:
            return _html_body(sent.html)
        attachment = sent.attachment(part)
        return _absent() if attachment is None else _download(attachment)


class Outbox(OutboxPages):
    """The pages over what the local cloud at `endpoint_url` has sent.

    `mailbox` (see there) gives e-mails their attachments and dates; without it they show text only.
    """

    def __init__(
        self,
        endpoint_url: str,
        document_bucket: str,
        boto_session: boto3.Session,
        mailbox: Mailbox | None = None,
    ) -> None:
        find = mailbox.find if mailbox is not None else lambda _: None
        super().__init__(Sources(endpoint_url, document_bucket, boto_session, find).everything)


def _is_chosen(sent: Sent, channel: str, recipient: str) -> bool:
    return channel in {"", sent.channel} and recipient.casefold() in sent.recipient.casefold()


def _number(text: str) -> int:
    return max(1, int(text)) if re.fullmatch(r"[0-9]{1,6}", text) else 1


def _page_url(kept: Mapping[str, str], number: int) -> str:
    return "/outbox?" + urlencode({**kept, "page": number})


def _html_body(html: str) -> Response:
    """The message's own HTML, foreign to us: no scripts, no forms, nothing loaded, an origin of its own."""
    policy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy}
    return Response(200, headers | {"X-Content-Type-Options": "nosniff"}, html.encode())


def _download(attachment: Attachment) -> Response:
    """Only PDF keeps its type; anything else is plain bytes, so that no browser runs it."""
    is_pdf = attachment.media_type == "application/pdf"
    headers = {
        "Content-Type": "application/pdf" if is_pdf else "application/octet-stream",
        "Content-Disposition": f'attachment; filename="{attachment.name}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return Response(200, headers, attachment.read())


def _absent() -> Response:
    return _problem(HTTPStatus.NOT_FOUND, "There is no such message here.")


def _problem(status: HTTPStatus, sentence: str) -> Response:
    return html_response(status, pages.render("outbox_problem.html", sentence=sentence))

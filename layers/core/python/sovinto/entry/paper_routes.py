"""A client's documents and its statement of account, over the API."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from sovinto.entry.http import redirect, reply
from sovinto.entry.intake import document_json
from sovinto.entry.statement import Shelf, statement_answer
from sovinto.errors import NotFound
from sovinto.ids import ClientId
from sovinto.ports import Clients, Files

LINK_SECONDS = 60


def document_link(
    client_id: ClientId, document_id: str, clients: Clients, files: Callable[[], Files]
) -> Response[str]:
    """303 to a link that is good for a minute. Raises NotFound for what is not this client's."""
    for item in clients.documents(client_id):
        if item.document_id == document_id:
            link = files().download_link(item.file_key, file_name=item.file_name, seconds=LINK_SECONDS)
            return redirect(link)
    raise NotFound(f"there is no document {document_id}")


@dataclass(frozen=True, slots=True)
class Papers:
    """Where they are read from."""

    shelf: Shelf
    files: Callable[[], Files]


def add_to(
    app: APIGatewayHttpResolver, papers: Callable[[], Papers], client_id: Callable[[], ClientId]
) -> None:
    """`client_id` tells who asks, or refuses."""

    @app.get("/v1/statement")
    def show_statement() -> Response[str]:
        """Every movement of what we hold for the client in at most a year; page by page, or as CSV."""
        event = app.current_event
        query, accepted = event.query_string_parameters or {}, event.headers.get("accept", "")
        return statement_answer(client_id(), query, accepted, papers().shelf)

    @app.get("/v1/documents")
    def list_documents() -> Response[str]:
        found = papers().shelf.clients.documents(client_id())
        return reply(200, {"documents": [document_json(document) for document in found]})

    @app.get("/v1/documents/<document_id>")
    def fetch_document(document_id: str) -> Response[str]:
        opened = papers()
        return document_link(client_id(), document_id, opened.shelf.clients, opened.files)

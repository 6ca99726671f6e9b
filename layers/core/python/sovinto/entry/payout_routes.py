"""The client's pages about the account its money goes to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from sovinto.domain.payout_account import PayoutChange
from sovinto.entry import client_payout
from sovinto.entry.http import redirect
from sovinto.errors import InvalidInput, NotAllowed
from sovinto.ids import ClientId

PATH = "/client/payout-account"


@dataclass(frozen=True, slots=True)
class Door:
    """What one request needs; `now` is real time in unix seconds."""

    means: client_payout.Means
    users: client_payout.SignIn
    secret: bytes
    now: int
    language: str

    def change_of(self, link: str) -> PayoutChange:
        return client_payout.change_of(self.secret, link, self.means.clients, now=self.now)


def add_to(
    app: APIGatewayHttpResolver,
    door: Callable[[], Door],
    signed_in: Callable[[], ClientId],
    form: Callable[[str], dict[str, str]],
    show: Callable[..., Response[str]],
) -> None:
    """`form` reads the posted form and proves it; `show` renders a page by name with its form's token."""

    def account_page(
        client_id: ClientId, problem: str = "", given: Mapping[str, str] | None = None
    ) -> Response[str]:
        told = client_payout.payout_model(client_id, door().means.clients)
        model = {**told, "problem": problem, "given": dict(given or {})}
        return show("client_payout", model, client_id, 422 if problem else 200)

    @app.get(PATH)
    def show_account() -> Response[str]:
        return account_page(signed_in())

    @app.post(PATH)
    def change_account() -> Response[str]:
        """The password is proven again, whatever the session says."""
        opened, client_id = door(), signed_in()
        fields = form(client_id)
        try:
            client_payout.propose(client_id, fields, opened.users, opened.means)
        except (NotAllowed, InvalidInput) as refusal:
            given = {name: value for name, value in fields.items() if name != "password"}
            return account_page(client_id, client_payout.problem_of(refusal), given)
        return redirect(f"{PATH}?lang={opened.language}")

    @app.post(f"{PATH}/stop")
    def stop_change() -> Response[str]:
        opened, client_id = door(), signed_in()
        fields = form(client_id)
        client_payout.stop(client_id, fields.get("change_id", ""), client_id, opened.means)
        return redirect(f"{PATH}?lang={opened.language}")

    _add_link(app, door, form, show)


def _add_link(
    app: APIGatewayHttpResolver,
    door: Callable[[], Door],
    form: Callable[[str], dict[str, str]],
    show: Callable[..., Response[str]],
) -> None:
    """The link of the notice needs no session: whoever has it may say no."""

    def stop_page(link: str, change: PayoutChange) -> Response[str]:
        return show("client_stop", {**client_payout.stop_model(change), "token": link}, link)

    @app.get("/client/stop/<link>")
    def ask_stop(link: str) -> Response[str]:
        """Nothing stops by opening it: a mail scanner opens links too."""
        return stop_page(link, door().change_of(link))

    @app.post("/client/stop/<link>")
    def stop_by_link(link: str) -> Response[str]:
        form(link)
        opened = door()
        return stop_page(link, client_payout.stop_by_link(opened.change_of(link), opened.means))

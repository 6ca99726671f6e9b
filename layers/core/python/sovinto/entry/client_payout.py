"""Where a client's money goes: shown, changed with the password given anew, stopped from the notice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from sovinto.domain.agency import Agency
from sovinto.domain.client import Client
from sovinto.domain.payout_account import ChangeState, PayoutChange, Proof
from sovinto.entry import session
from sovinto.entry.client_actions import PayoutAccount
from sovinto.errors import InvalidInput, NotAllowed, NotFound, SovintoError
from sovinto.ids import ClientId
from sovinto.ports import Cases, Clients, Clock
from sovinto.usecases.change_payout_account import change_payout_account, stop_payout_change

LINK_SECONDS = 60 * 24 * 3600
"""Longer than any cooling-off: a link is over when its change is good or stopped."""
OLD_CONTACT = "old_contact"


class SignIn(Protocol):
    def sign_in(self, username: str, password: str) -> str:
        """The client id. Raises NotAllowed."""


@dataclass(frozen=True, slots=True)
class Means:
    """Whose books."""

    agency: Agency
    cases: Cases
    clients: Clients
    clock: Clock


def payout_model(client_id: ClientId, clients: Clients) -> dict[str, Any]:
    """Of page `client_payout`, but for what the request knows. No account is ever shown whole."""
    client = clients.load(client_id)
    waits = [c for c in clients.payout_changes(client_id) if c.state is ChangeState.COOLING]
    pending = waits[-1] if waits else None
    return {
        "account": _masked(client),
        "pending": None
        if pending is None
        else {
            "account": pending.masked,
            "change_id": pending.change_id,
            "effective_on": pending.effective_on,
        },
    }


def _masked(client: Client) -> str:
    return f"{client.iban[:2]}..{client.iban[-4:]}"


def propose(client_id: ClientId, fields: Mapping[str, str], users: SignIn, m: Means) -> PayoutChange:
    """The password is asked for again, of a user of this client: a session left open changes nothing.

    Raises NotAllowed, InvalidInput.
    """
    signed_in = users.sign_in(fields.get("username", "")[:200], fields.get("password", "")[:200])
    if signed_in != client_id:
        raise NotAllowed("username must be of this client", field="username")
    return change_payout_account(
        m.clients.load(client_id),
        fields.get("iban", "")[:42],
        fields.get("bic", "")[:11],
        by=client_id,
        proof=Proof(timedelta(0), is_password_checked=True),
        agency=m.agency,
        cases=m.cases,
        clients=m.clients,
        clock=m.clock,
    )


def propose_by_token(
    client_id: ClientId, wish: PayoutAccount, claims: Mapping[str, Any], *, now: datetime, means: Means
) -> PayoutChange:
    """By the API: the token tells when the password was given; a refreshed one keeps its first moment."""
    signed_in_at = int(claims.get("auth_time") or 0)
    age = now - datetime.fromtimestamp(signed_in_at, UTC)
    return change_payout_account(
        means.clients.load(client_id),
        wish.iban,
        wish.bic,
        by=client_id,
        proof=Proof(age, is_password_checked=signed_in_at > 0),
        agency=means.agency,
        cases=means.cases,
        clients=means.clients,
        clock=means.clock,
    )


def stop(client_id: ClientId, change_id: str, by: str, m: Means) -> PayoutChange:
    """Raises NotFound, InvalidInput where it is good already."""
    return stop_payout_change(client_id, change_id, by=by, cases=m.cases, clients=m.clients, clock=m.clock)


def stop_token(secret: bytes, change: PayoutChange, *, now: int) -> str:
    """What the link of the notice ends with: who has it may stop this one change, and nothing else."""
    subject = f"stop-{change.client_id}-{change.change_id}"
    return session.sign(secret, subject, now=now, seconds=LINK_SECONDS)


def change_of(secret: bytes, token: str, clients: Clients, *, now: int) -> PayoutChange:
    """The change that the link is for. Raises NotFound for a link that is forged or over."""
    subject = session.read(secret, token, now=now) or ""
    kind, _, rest = subject.partition("-")
    client_id, _, change_id = rest.partition("-")
    if kind == "stop":
        for change in clients.payout_changes(ClientId(client_id)):
            if change.change_id == change_id:
                return change
    raise NotFound("this link is not good any more; call us")


def problem_of(refusal: SovintoError) -> str:
    """The name of the words for it."""
    if isinstance(refusal, NotAllowed):
        return "not_allowed"
    return refusal.field if refusal.field in ("iban", "bic") else "other"


def stop_model(change: PayoutChange) -> dict[str, Any]:
    """Of page `client_stop`, but for what the request knows."""
    states = {ChangeState.COOLING: "asked", ChangeState.STOPPED: "stopped"}
    return {
        "account": change.masked,
        "effective_on": change.effective_on,
        "state": states.get(change.state, "too_late"),
    }


def stop_by_link(change: PayoutChange, m: Means) -> PayoutChange:
    """Used once: a change that is stopped, or good, stays as it is."""
    try:
        return stop(change.client_id, change.change_id, OLD_CONTACT, m)
    except InvalidInput:
        return next(
            c for c in m.clients.payout_changes(change.client_id) if c.change_id == change.change_id
        )

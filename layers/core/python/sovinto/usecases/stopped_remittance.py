"""A client's account to which nothing is sent: the bank refused it, or money came back again and again."""

from __future__ import annotations

from sovinto.domain.client import Client
from sovinto.domain.order import PaymentOrder
from sovinto.errors import StaleVersion
from sovinto.ids import ClientId, derived
from sovinto.ports import Cases, Change, Clock, Guard
from sovinto.usecases.guard_series import length_of
from sovinto.usecases.retry import with_fresh_read
from sovinto.usecases.tries import LET_GO, is_stopped, let_go, tries_of_client

REFUSED_ACCOUNT = "REFUSED_ACCOUNT"
REFUSED_AGAIN = "refused"


def is_remittance_stopped(client: Client, cases: Cases) -> bool:
    """The client's account was refused, or what was sent there came back so often that people look."""
    name = tries_of_client(client.client_id, client.iban)
    return _is_refused(_name(client.client_id, client.iban), cases) or is_stopped(name, cases)


def refused_account(order: PaymentOrder, cases: Cases) -> tuple[Guard, ...]:
    """What to store when the bank says that it sends nothing to the account of this remittance."""
    name = _name(order.client_id, order.iban)
    if not order.is_account_refused or _is_refused(name, cases):
        return ()
    if cases.guard(REFUSED_ACCOUNT, name) is None:
        return (Guard(REFUSED_ACCOUNT, name, clash=StaleVersion),)
    return (_next(name, REFUSED_AGAIN, cases),)


def try_remittance_again(client: Client, *, by: str, reason: str, cases: Cases, clock: Clock) -> None:
    """A person has asked the bank: the next run orders it again, to the same account.

    Raises InvalidInput where nothing is stopped.
    """
    name = _name(client.client_id, client.iban)
    series = tries_of_client(client.client_id, client.iban)
    is_lifted = _is_refused(name, cases)

    def lift() -> None:
        if _is_refused(name, cases):
            word = f"{LET_GO}|{by}|{clock.now().isoformat()}|{reason}"
            cases.commit(Change(guards=(_next(name, word, cases),)))

    if is_lifted:
        with_fresh_read(lift)
    if is_stopped(series, cases) or not is_lifted:
        let_go(series, by=by, reason=reason, cases=cases, clock=clock)


def _name(client_id: ClientId, iban: str) -> str:
    """The account's number itself is not in the key."""
    return derived("acc", client_id, "".join(iban.split()).upper())


def _is_refused(name: str, cases: Cases) -> bool:
    """The first refusal is a row of its own; after it people let it go and the bank refuses in turn."""
    if cases.guard(REFUSED_ACCOUNT, name) is None:
        return False
    return length_of(REFUSED_ACCOUNT, name, cases) % 2 == 0


def _next(name: str, word: str, cases: Cases) -> Guard:
    place = length_of(REFUSED_ACCOUNT, name, cases)
    return Guard(REFUSED_ACCOUNT, f"{name}#{place}", word, clash=StaleVersion)

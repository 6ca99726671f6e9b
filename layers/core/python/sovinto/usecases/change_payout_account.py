"""Where a client's money goes is changed slowly: signed in anew, told to the old contact, good days later.

Until the new account is good, payouts go on to the old one: a thief who changes it gains nothing before the
client has heard of it, and an honest client waits for no money.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sovinto.countries import load_calendar
from sovinto.domain.agency import Agency
from sovinto.domain.client import Client
from sovinto.domain.event import Event
from sovinto.domain.payout_account import ChangeState, PayoutChange, Proof, good_on, with_account
from sovinto.errors import InvalidInput, NotFound
from sovinto.formats.account_number import checked_bic, checked_iban
from sovinto.ids import ClientId, EventId, derived
from sovinto.ports import Cases, Change, Clients, Clock, Mailer, Press
from sovinto.usecases.retry import with_fresh_read


def change_payout_account(
    client: Client,
    iban: str,
    bic: str,
    *,
    by: str,
    proof: Proof,
    agency: Agency,
    cases: Cases,
    clients: Clients,
    clock: Clock,
) -> PayoutChange:
    """Ask for it; nothing changes today. A newer wish stops one that still waits.

    Raises NotAllowed without a fresh sign-in, InvalidInput for a number that is none or the account of
    today, LawMissing.
    """
    now = clock.now()
    proof.check()
    number, code = checked_iban(iban), checked_bic(bic)
    if number == client.iban:
        raise InvalidInput("iban is the account of today already; nothing to change", field="iban")
    before = _cooling(clients, client.client_id)
    if before and before[0].iban == number:
        return before[0]
    calendar = load_calendar(client.country)
    change = PayoutChange(
        change_id=derived("pac", client.client_id, number, now.isoformat()),
        client_id=client.client_id,
        iban=number,
        bic=code,
        asked_by=by,
        asked_at=now,
        effective_on=good_on(calendar, calendar.local_date(now), agency.cooling_off_days),
        notify=client.email,
    )
    stopped = [one.moved(ChangeState.STOPPED, by) for one in before]
    events = (_event(change, "payout_account.asked", now), *(_stopped(one, now) for one in stopped))
    cases.commit(Change(payout_changes=(change, *stopped), events=events))
    return change


def stop_payout_change(
    client_id: ClientId, change_id: str, *, by: str, cases: Cases, clients: Clients, clock: Clock
) -> PayoutChange:
    """The client, or we on the phone, stop it; no sign-in is asked for saying no.

    Raises NotFound, InvalidInput for one that is good already.
    """

    def once() -> PayoutChange:
        found = _one(clients, client_id, change_id)
        if found.state is ChangeState.STOPPED:
            return found
        if found.state is ChangeState.EFFECTIVE:
            raise InvalidInput("change_id is of a change that is good already; change it anew")
        stopped = found.moved(ChangeState.STOPPED, by)
        cases.commit(Change(payout_changes=(stopped,), events=(_stopped(stopped, clock.now()),)))
        return stopped

    return with_fresh_read(once)


def apply_payout_change(client: Client, *, cases: Cases, clients: Clients, clock: Clock) -> Client:
    """The client as money is paid to it today: with the new account once its days are over and the old
    contact has been told. Raises LawMissing, StaleVersion where the client is being changed."""
    due = _due(client, clients, clock)
    if due is None:
        return client
    change = due.moved(ChangeState.EFFECTIVE)
    newer = with_account(client, change)
    cases.commit(
        Change(
            client=newer,
            client_before=client,
            payout_changes=(change,),
            events=(_event(change, "payout_account.changed", clock.now()),),
        )
    )
    return newer


def account_today(client: Client, *, clients: Clients, clock: Clock) -> str:
    """The number that money is paid to today, also before the day's run. Raises LawMissing."""
    due = _due(client, clients, clock)
    return due.iban if due else client.iban


def tell_old_contact(
    client_id: ClientId,
    *,
    agency: Agency,
    press: Press,
    mailer: Mailer,
    cases: Cases,
    clients: Clients,
    clock: Clock,
    stop_url: Callable[[PayoutChange], str],
) -> int:
    """The notice to the contact of the day it was asked, at once; an account that nobody was told of is
    never used, and the days count from the notice where it is late. How many. `stop_url` is the page that
    stops the change by one press. Each has one reference, so that a repeat is the provider's to recognise.

    Raises UpstreamUnavailable, UpstreamRefused, OutcomeUnknown, LawMissing.
    """
    client, told = clients.load(client_id), 0
    calendar = load_calendar(client.country)
    good = good_on(calendar, calendar.local_date(clock.now()), agency.cooling_off_days)
    for asked in _cooling(clients, client_id):
        if asked.is_told:
            continue
        change = replace(
            asked, is_told=True, effective_on=max(asked.effective_on, good), revision=asked.revision + 1
        )
        fields = {
            "account": change.masked,
            "agency": agency.contact.name,
            "client_name": client.name,
            "effective_on": change.effective_on.isoformat(),
            "phone": agency.contact.phone,
            "stop_url": stop_url(change),
        }
        words = press.words("email", "payout_account", client.language, fields)
        mailer.send(
            to=change.notify,
            subject=words.subject,
            text=words.text,
            attachments=(),
            reference=change.change_id,
        )
        cases.commit(Change(payout_changes=(change,)))
        told += 1
    return told


def pending_changes(clients: Clients) -> tuple[PayoutChange, ...]:
    """Of all clients, the first to be good first."""
    found = [change for client in clients.all() for change in _cooling(clients, client.client_id)]
    return tuple(sorted(found, key=lambda change: (change.effective_on, change.change_id)))


def _cooling(clients: Clients, client_id: ClientId) -> list[PayoutChange]:
    return [c for c in clients.payout_changes(client_id) if c.state is ChangeState.COOLING]


def _due(client: Client, clients: Clients, clock: Clock) -> PayoutChange | None:
    told = [c for c in _cooling(clients, client.client_id) if c.is_told]
    if not told:
        return None
    today = load_calendar(client.country).local_date(clock.now())
    return next((c for c in reversed(told) if c.effective_on <= today), None)


def _one(clients: Clients, client_id: ClientId, change_id: str) -> PayoutChange:
    for change in clients.payout_changes(client_id):
        if change.change_id == change_id:
            return change
    raise NotFound(f"there is no change {change_id} of the payout account")


def _stopped(change: PayoutChange, now: datetime) -> Event:
    return _event(change, "payout_account.stopped", now)


def _event(change: PayoutChange, kind: str, now: datetime) -> Event:
    """Never with an account number."""
    return Event(
        event_id=EventId(derived("evt", change.change_id, kind)),
        type=kind,
        version=1,
        occurred_at=now,
        subject_kind="client",
        subject_id=change.client_id,
        client_id=change.client_id,
        data=(("change_id", change.change_id), ("effective_on", change.effective_on.isoformat())),
    )

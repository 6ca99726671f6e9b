"""News beside the steps with the sums of the day it leaves: a payment that went back, a plan that broke."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sovinto.domain.communication import Channel, Communication
from sovinto.domain.fairness import letter_channel
from sovinto.domain.ledger import balance_of
from sovinto.domain.letter import Letter, Returned
from sovinto.domain.money import Money
from sovinto.domain.posting import Occasion
from sovinto.domain.unheard import TOLD_WHEN_SENT
from sovinto.ports import Cases, Change, Clients, Clock
from sovinto.usecases.case_file import facts_of, rules_for
from sovinto.usecases.compose_letter import Occurrence, compose_letter
from sovinto.usecases.step_context import Sender, communicate


def as_told_now(
    item: Communication, *, cases: Cases, clients: Clients, sender: Sender, clock: Clock
) -> Communication:
    """The message with what is owed now, by post with its letter; any other message as it is.

    Where the case stands still it asks for nothing. Raises LawMissing where no time to answer is known.
    """
    if item.template not in TOLD_WHEN_SENT:
        return item
    letter = _letter(item, cases, clients, sender, clock)
    facts = (*item.facts, ("balance", f"{letter.total.decimal()} {letter.total.currency}"))
    # With an e-mail no sheet goes: it says all there is.
    return replace(item, facts=facts, letter=letter if item.channel is Channel.POST else None)


def _letter(item: Communication, cases: Cases, clients: Clients, sender: Sender, clock: Clock) -> Letter:
    file = cases.file(item.case_id)
    case, rules = file.case, rules_for(file.case)
    what = Occurrence(item.template, rules.calendar.local_date(clock.now()), item.channel)
    letter = compose_letter(case, file.entries, clients.load(case.client_id), sender, rules, what)
    known = dict(item.facts)
    decimal, _, currency = known["amount"].partition(" ")
    returned = Returned(Money.parse(decimal, currency), date.fromisoformat(known["reversed_on"]))
    return replace(letter, returned=returned, is_asked=case.may_be_contacted)


def told_anew(
    item: Communication, *, cases: Cases, clients: Clients, sender: Sender, clock: Clock
) -> Change | None:
    """The news of a broken plan once more, because money came before it left; None where the case stands
    still, nothing is owed any more, or nothing leads to the debtor. Raises LawMissing."""
    facts, rules = facts_of(item.case_id, cases, clock.now())
    case, channel = facts.case, letter_channel(facts.case)
    owed = balance_of(case.case_id, case.currency, facts.entries).total
    if channel is None or item.letter is None or not case.may_be_contacted or owed.minor <= 0:
        return None
    newer, occasion = replace(case, version=case.version + 1), Occasion.of_case(case, facts.now)
    what = Occurrence(item.template, facts.today(rules), channel)
    letter = compose_letter(newer, facts.entries, clients.load(case.client_id), sender, rules, what)
    letter = replace(letter, missed=item.letter.missed)
    again, planned = communicate(newer, occasion, channel=channel, template=item.template, letter=letter)
    return Change(
        case=newer, communications=(replace(again, facts=item.facts),), events=(planned,), wake_at=facts.now
    )

"""How a debtor is reached: which letters may go, the channel that carries them, the first free moment."""

from __future__ import annotations

from datetime import date, datetime

from sovinto.domain.case import Case
from sovinto.domain.communication import Channel
from sovinto.domain.contacts import first_free_day
from sovinto.domain.facts import Facts, Rules
from sovinto.domain.law import contact, forms, waits
from sovinto.domain.law.kinds import LetterKind
from sovinto.domain.policy import PolicyStep
from sovinto.errors import LawMissing, RuleRefused


def reachable_from(start: datetime, channel: Channel, facts: Facts, rules: Rules) -> datetime:
    """The first moment the law leaves open, on a day that the person's contacts leave free."""
    debtor_type = facts.case.debtor.debtor_type
    at = contact.next_contact_time(rules.pack, rules.at_debtor, channel, start, debtor_type)
    day = rules.calendar.local_date(at)
    if channel is Channel.POST:
        return at
    free_on = first_free_day(facts.contacts_with(facts.person_key), rules.policy, day)
    if free_on == day:
        return at
    return contact.next_contact_time(
        rules.pack, rules.at_debtor, channel, rules.morning(free_on), debtor_type
    )


def channel_for(planned: PolicyStep, case: Case, rules: Rules, on: date) -> Channel | None:
    """The first channel of the step that reaches this debtor lawfully; None where none does.

    Which forms a letter may have is the law's to say; one the provider refused reaches nobody. No
    channel either for a letter that must follow a milder one which could not go. Raises LawMissing.
    """
    debtor, lawful = case.debtor, frozenset(Channel)
    if planned.letter is not None:
        lawful, _ = forms.lawful_channels(
            rules.pack,
            kind=planned.letter,
            debtor_type=debtor.debtor_type,
            has_electronic_consent=debtor.has_electronic_consent,
            on=on,
        )
    usable = [channel for channel in planned.channels if channel in lawful and reaches(case, channel)]
    if not usable or (planned.letter is not None and not _may_follow(planned.letter, case, rules)):
        return None
    return usable[0]


def lawful_on(kind: LetterKind, case: Case, rules: Rules) -> waits.EarliestDay:
    """The first day the law lets this letter go, given those that were sent. Raises LawMissing."""
    return waits.earliest_on(
        rules.pack,
        kind=kind,
        debtor_type=case.debtor.debtor_type,
        due_on=case.due_on,
        sent=sent_letters(case, rules),
    )


def sent_letters(case: Case, rules: Rules) -> tuple[waits.SentLetter, ...]:
    """Letters that really went out, oldest first."""
    kinds = {item.step: item.letter for item in rules.policy.steps if item.letter is not None}
    return tuple(
        waits.SentLetter(kinds[record.step], record.on)
        for record in case.steps
        if record.step in kinds and record.outcome == "performed"
    )


def _may_follow(kind: LetterKind, case: Case, rules: Rules) -> bool:
    """False where a letter that the law wants before this one was not sent. Raises LawMissing."""
    try:
        lawful_on(kind, case, rules)
    except LawMissing:
        raise
    except RuleRefused:
        return False
    return True


def reaches(case: Case, channel: Channel) -> bool:
    """There is an address for the channel, and its provider has not refused it."""
    address = {
        Channel.EMAIL: case.debtor.email,
        Channel.SMS: case.debtor.phone,
        Channel.CALL: case.debtor.phone,
        Channel.POST: case.debtor.address,
    }
    return bool(address[channel]) and channel not in case.refused_channels

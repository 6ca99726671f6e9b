"""Letters beside the policy's steps that never left: which of them still have to be heard, and how."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from sovinto.domain.case import Case
from sovinto.domain.communication import Channel, Communication, SendingState
from sovinto.domain.letter import Letter
from sovinto.domain.parties import receiver_id

STOPPED = "stopped before sending"
ASTRAY = "the address leads to somebody else"
DEBT_CHANGED = "the debt changed after it was written"
# News whose words and sums are made when it leaves; it goes also while the case stands still.
TOLD_WHEN_SENT = frozenset({"payment_reversed"})


def unheard(communications: Iterable[Communication]) -> tuple[Communication, ...]:
    """The newest letter of each kind to the debtor that no step of the policy will bring again.

    Such is the confirmation of a plan: withheld because the case stood still or the address led
    elsewhere, or refused by the provider. What was outdated stays withheld, but for its sums.
    """
    newest: dict[str, Communication] = {}
    for item in sorted(communications, key=lambda item: item.planned_at):
        if is_beside_steps(item):
            newest[item.template] = item
    return tuple(item for item in newest.values() if _never_left(item))


def is_beside_steps(item: Communication) -> bool:
    """A letter, or news, to the debtor without a permit: the timeline does not plan it again by itself."""
    is_letter = item.letter is not None or item.template in TOLD_WHEN_SENT
    return is_letter and item.audience == "debtor" and item.permit is None and not receiver_id(item)


def _never_left(item: Communication) -> bool:
    if item.state is SendingState.FAILED:
        return True
    return item.state is SendingState.WITHHELD and item.reason in (STOPPED, ASTRAY, DEBT_CHANGED)


def renewed(letter: Letter, case: Case, channel: Channel, today: date) -> Letter | None:
    """The letter as it is right today, to the address of today; None where its plan is another one.

    A plan that stood still meanwhile falls due later; every other day to answer moves as far as the
    letter is late, so that nobody gets less time. Its sums stay: whether they are still right is asked when
    it leaves (`sendable.outdated`).
    """
    late = today - letter.written_on
    pay_by = letter.payment.pay_by + late
    if letter.instalments:
        plan = case.plan
        amounts = [item.amount for item in letter.instalments]
        if plan is None or not plan.is_active or [item.amount for item in plan.instalments] != amounts:
            return None
        letter = replace(letter, instalments=plan.instalments)
        pay_by = plan.instalments[0].due_on
    payment = letter.payment
    if pay_by != payment.pay_by:
        # The bank barcode carries the day; the number and the QR code do not.
        payment = replace(payment, pay_by=pay_by, barcode="")
    return replace(
        letter,
        written_on=today,
        object_by=letter.object_by + late,
        payment=payment,
        debtor_address=case.debtor.address if channel is Channel.POST else letter.debtor_address,
    )

"""Everything that can happen to a case."""

from __future__ import annotations

from enum import StrEnum


class CaseEvent(StrEnum):
    """From outside, by somebody's hand, or by the clock; the values name them in the reference."""

    LOOK = "look"
    TIME_COMES = "time_comes"
    PAID = "paid"
    REVERSED = "reversed"
    PAID_IN_PART = "paid_in_part"
    PAID_CLIENT = "paid_client"
    CREDITED = "credited"
    OBJECTED = "objected"
    REJECTED = "rejected"
    UPHELD = "upheld"
    HELD = "held"
    RELEASED = "released"
    PLAN_AGREED = "plan_agreed"
    PLAN_ASKED = "plan_asked"
    APPROVED = "approved"
    DECLINED = "declined"
    CALL_REACHED = "call_reached"
    CALL_PROMISE = "call_promise"
    CALL_PLAN = "call_plan"
    CALL_DISPUTE = "call_dispute"
    CALL_WRONG_NUMBER = "call_wrong_number"
    CALL_WRONG_PERSON = "call_wrong_person"
    CALL_BACK = "call_back"
    CALL_NO_ANSWER = "call_no_answer"
    FIGURES = "figures"
    BOUNCED = "bounced"
    NEW_CONTACTS = "new_contacts"
    WITHDRAWN = "withdrawn"
    INSOLVENT = "insolvent"
    DIED = "died"
    MINOR = "minor"

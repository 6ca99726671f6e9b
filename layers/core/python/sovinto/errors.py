"""The closed tree of failures. Every class carries a stable code; `entry.http` maps it to a status."""

from __future__ import annotations

from datetime import date


class SovintoError(Exception):
    """Something that Sovinto refuses or cannot do; the message is one clear sentence."""

    code = "internal"

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class InvalidInput(SovintoError):
    """The caller can mend it: the message names the field, the rule and the way to mend it."""

    code = "invalid_input"


class NotFound(SovintoError):
    """Absent, or not yours: the two are never told apart."""

    code = "not_found"


class NotAllowed(SovintoError):
    """Known, but forbidden."""

    code = "not_allowed"


class TooManyAttempts(NotAllowed):
    """A secret was guessed too often; try again later."""

    code = "too_many_attempts"


class RuleRefused(SovintoError):
    """Law or policy says no."""

    code = "rule_refused"


class LawMissing(RuleRefused):
    """No rule row covers that day: nothing is guessed, nothing is sent, ops are told.

    `on` is the day without a rule, where the answer hung on one.
    """

    code = "law_missing"

    def __init__(self, message: str, *, field: str | None = None, on: date | None = None) -> None:
        super().__init__(message, field=field)
        self.on = on


class Conflict(SovintoError):
    """The state moved, or the thing exists already."""

    code = "conflict"


class StaleVersion(Conflict):
    """Somebody stored a newer version of the case; read again."""

    code = "stale_version"


class AlreadyStored(Conflict):
    """A guard row stands in the way: this effect has happened before."""

    code = "already_stored"


class DuplicateCase(Conflict):
    """This client has a case with this reference already."""

    code = "duplicate_case"


class IdempotencyKeyReused(Conflict):
    """The same Idempotency-Key came with another body."""

    code = "idempotency_key_reused"


class FormatRefused(InvalidInput):
    """A file that cannot be read, or contradicts itself; held whole, nothing of it is used."""

    code = "format_refused"


class UpstreamUnavailable(SovintoError):
    """A provider may work later."""

    code = "upstream_unavailable"


class UpstreamRefused(SovintoError):
    """A provider said no and will say no again."""

    code = "upstream_refused"


class OutcomeUnknown(SovintoError):
    """Sent, but no answer: look up by our reference, never resend blindly."""

    code = "outcome_unknown"

"""Typed identifiers. Every id is opaque, prefixed by its kind and free of personal data."""

from __future__ import annotations

from hashlib import sha256
from typing import NewType

CaseId = NewType("CaseId", str)
ClientId = NewType("ClientId", str)
EntryId = NewType("EntryId", str)
EventId = NewType("EventId", str)
CommunicationId = NewType("CommunicationId", str)
PaymentId = NewType("PaymentId", str)


def derived(prefix: str, *parts: str) -> str:
    """A repeatable id: the same parts always give the same id (for retries and natural keys)."""
    digest = sha256("\x1f".join(parts).encode()).hexdigest()
    return f"{prefix}_{digest[:26]}"

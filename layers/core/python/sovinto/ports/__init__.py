"""What use cases need from the outside; adapters implement, fakes are proven by contracts."""

from sovinto.ports.change import Change, Guard
from sovinto.ports.outside import (
    Attachment,
    Clock,
    EventPublisher,
    Fetched,
    Files,
    Ids,
    Mailer,
    Opened,
    PaymentGateway,
    Press,
    SmsSender,
    Timeline,
    Version,
    Wording,
)
from sovinto.ports.store import Book, CallTasks, CaseFile, Cases, Clients, Orders, Sendings, Wakes

__all__ = [
    "Attachment",
    "Book",
    "CallTasks",
    "CaseFile",
    "Cases",
    "Change",
    "Clients",
    "Clock",
    "EventPublisher",
    "Fetched",
    "Files",
    "Guard",
    "Ids",
    "Mailer",
    "Opened",
    "Orders",
    "PaymentGateway",
    "Press",
    "Sendings",
    "SmsSender",
    "Timeline",
    "Version",
    "Wakes",
    "Wording",
]

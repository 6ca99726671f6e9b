"""The size of each function; its environment comes from `sovinto.entry.settings`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sovinto.entry.settings import ALL, Settings

SETTINGS: Final[dict[str, type[Settings]]] = {settings.function: settings for settings in ALL}


@dataclass(frozen=True, slots=True)
class Size:
    """Memory in MB, timeout in seconds. `alone`: never two runs at once. `prints`: makes PDF files."""

    memory: int
    timeout: int
    alone: bool = False
    prints: bool = False


SIZES: Final[dict[str, Size]] = {
    "intake_api": Size(512, 15),
    "import_cases": Size(1024, 300),
    "case_step": Size(512, 30),
    "wake_case": Size(512, 30),
    "tick": Size(512, 240, alone=True),
    "send_message": Size(1024, 60, prints=True),
    "portal": Size(512, 20),
    "client_portal": Size(512, 20),
    "payment_hook": Size(512, 28),
    "ask_reports": Size(256, 120, alone=True),
    "import_statement": Size(1769, 900, alone=True),
    "pay_clients": Size(1024, 600, alone=True, prints=True),
    "prove_books": Size(2048, 900, alone=True),
    "relay_events": Size(256, 60),
    "desk": Size(512, 120),
}

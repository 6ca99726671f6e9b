"""A case placed when the five months are over: whoever looks around finds a debtor's page at work."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from infra.local import virtual_time
from infra.local.demo.browser import Browser
from infra.local.running import Running

OVERDUE: Final = timedelta(days=60)


def place_one_more(running: Running, api: Browser) -> str:
    """Its id; the reminder, with link and code, is sent when this returns. Raises PageRefused."""
    today = virtual_time.now(running).date()
    placed = api.api("POST", "/v1/cases", _placement(today), key="one-more")
    virtual_time.wake_all(running)
    return str(placed["case_id"])


def _placement(today: date) -> dict[str, Any]:
    return {
        "client_reference": f"LOOK-{today:%Y%m%d}",
        "currency": "EUR",
        "debtor": {
            "name": "Tiina Testinen",
            "type": "consumer",
            "language": "en",
            "email": "tiina@posti.example",
            "phone": "+358400000001",
            "address": {"street": "Koekuja 3", "postal_code": "00200", "city": "Helsinki", "country": "FI"},
        },
        "claims": [
            {"invoice_number": "LOOK-1", "due_on": (today - OVERDUE).isoformat(), "principal": "240.00"}
        ],
    }

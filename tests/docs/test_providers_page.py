"""What an operator has to set up at a provider is what the code follows."""

from __future__ import annotations

import re

from sovinto.entry.provider_keys import NEEDED
from sovinto.formats.stripe_object import EVENTS

from infra.paths import ROOT

PAGE = (ROOT / "docs" / "money.md").read_text("utf-8")
SECTION = PAGE.split("### Setting a provider up", 1)[1].split("\n## ", 1)[0]


def test_each_event_that_is_followed_is_subscribed_to() -> None:
    named = re.findall(r"`((?:checkout|refund|charge|payout)\.[a-z_.]+)`", SECTION)
    assert sorted(named) == sorted(EVENTS)


def test_each_key_of_the_secret_is_named() -> None:
    secrets = [row for row in SECTION.splitlines() if row.startswith("| secret |")]
    for provider in ("stripe", "paytrail"):
        assert all(f'"{name}"' in secrets[0] for name in NEEDED[provider])
